using Microsoft.ML;

namespace MLNetHyper.Tests.Onnx;

/// <summary>Compares what an exported graph gives with what ML.NET itself makes of the rows.</summary>
internal static class Agreement
{
    /// <summary>
    /// Of the number, or 1, or a tenth of the column's median where that is larger: ML.NET sums a dot product as float, in another
    /// order, and a sum near 0 rounds as its terms do.
    /// </summary>
    private const float Tolerance = 5e-5f;

    /// <summary>Exports the model and holds both ways of scoring it against <see cref="ITransformer.Transform"/>.</summary>
    /// <param name="context">ML.NET.</param>
    /// <param name="model">The model.</param>
    /// <param name="data">The rows, such as those that it was fitted to.</param>
    /// <param name="outputs">The columns to compare.</param>
    public static void Check(MLContext context, ITransformer model, IDataView data, params string[] outputs)
    {
        using var exported = new ExportedModel(context, model, data);
        IDataView scored = model.Transform(data);
        foreach (string output in outputs)
        {
            var expected = Column.Read(scored, output);
            Check(expected, exported.Score(data, output), output);
            Check(expected, exported.Apply(data, output), output + " by ApplyOnnxModel");
        }
    }

    public static void Check(Column expected, Column actual, string what)
    {
        Assert.AreEqual((expected.Values.Length, expected.Width), (actual.Values.Length, actual.Width), what);
        Assert.AreNotEqual(0, expected.Values.Length, what);
        if (expected.Values is not float[] numbers)
        {
            CollectionAssert.AreEqual(expected.Values, actual.Values, what);
            return;
        }
        float[] others = (float[])actual.Values;
        float typical = numbers.Select(Math.Abs).Order().ElementAt(numbers.Length / 2);
        for (int i = 0; i < numbers.Length; i++)
            Assert.AreEqual(numbers[i], others[i], Tolerance * Math.Max(Math.Max(1, Math.Abs(numbers[i])), typical / 10), $"{what}, value {i}");
    }
}
