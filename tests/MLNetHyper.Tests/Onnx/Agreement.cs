namespace MLNetHyper.Tests.Onnx;

/// <summary>Compares what a graph gives with what it should.</summary>
internal static class Agreement
{
    /// <summary>Of the larger of 1 and the number: ML.NET sums a dot product as float, in another order.</summary>
    private const float Tolerance = 1e-5f;

    public static void Check(OnnxTensor expected, OnnxTensor actual, string what)
    {
        Assert.AreEqual(expected.ToString(), actual.ToString(), what);
        for (int i = 0; i < expected.Values.Length; i++)
        {
            if (expected.Values is float[] numbers)
                Assert.AreEqual(numbers[i], actual.As<float>()[i], Tolerance * Math.Max(1, Math.Abs(numbers[i])), $"{what}, value {i}");
            else
                Assert.AreEqual(expected.Values.GetValue(i), actual.Values.GetValue(i), $"{what}, value {i}");
        }
    }
}
