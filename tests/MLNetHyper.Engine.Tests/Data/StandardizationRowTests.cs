namespace MLNetHyper.Engine.Tests;

/// <summary>Whole rows at once: statistics as a table's, and the vectorized application against the plain one.</summary>
[TestClass]
public sealed class StandardizationRowTests
{
    [TestMethod]
    public void Statistics_are_a_table_s_to_the_last_bit()
    {
        Random random = new(1);
        const int rows = 101, width = 6;
        float[] values = new float[rows * width];
        for (int i = 0; i < values.Length; i++)
            values[i] = (float)(Math.Pow(10, ((i % width) - 3) * 12) * (random.NextDouble() - 0.3));
        Standardization actual = Standardization.Of(values, width);
        Table table = new([.. Enumerable.Range(0, width).Select(c => new TableColumn($"{c}", [.. Enumerable.Range(0, rows).Select(r => (double)values[(r * width) + c])]))]);
        Standardization expected = FeatureEncoder.Fit(table).Standardization;
        CollectionAssert.AreEqual(expected.Offsets.ToArray(), actual.Offsets.ToArray());
        CollectionAssert.AreEqual(expected.Scales.ToArray(), actual.Scales.ToArray());
    }

    [TestMethod]
    public void A_column_that_does_not_vary_is_shifted_only()
    {
        Standardization two = Standardization.Of([1, 7, 3, 7], 2);
        CollectionAssert.AreEqual(new double[] { 2, 7 }, two.Offsets.ToArray());
        CollectionAssert.AreEqual(new[] { Math.Sqrt(2), 1 }, two.Scales.ToArray());
        Standardization row = Standardization.Of([5, float.MaxValue], 2);
        CollectionAssert.AreEqual(new double[] { 5, float.MaxValue }, row.Offsets.ToArray());
        CollectionAssert.AreEqual(new double[] { 1, 1 }, row.Scales.ToArray());
    }

    [TestMethod]
    public void Rows_are_standardized_as_single_values_are_at_every_length()
    {
        Random random = new(2);
        for (int length = 0; length <= 256; length++)
        {
            double[] offsets = new double[length], scales = new double[length];
            float[] values = new float[length];
            for (int i = 0; i < length; i++)
            {
                offsets[i] = Math.Pow(10, random.Next(-40, 40)) * (random.NextDouble() - 0.5);
                scales[i] = Math.Pow(10, random.Next(-40, 40)) * (0.1 + random.NextDouble());
                values[i] = random.Next(8) switch
                {
                    0 => float.MaxValue,
                    1 => -float.MaxValue,
                    2 => float.Epsilon,
                    3 => (float)offsets[i],
                    _ => (float)(offsets[i] + (4 * scales[i] * (random.NextDouble() - 0.5))),
                };
                values[i] = float.IsFinite(values[i]) ? values[i] : 1;
            }
            Standardization standardization = new(offsets, scales);
            float[] expected = [.. values.Select((x, i) => (float)standardization.Apply(x, i))], actual = new float[length];
            standardization.Apply(values, actual);
            AreSameBits(expected, actual);
            standardization.Apply(values, values);
            AreSameBits(expected, values);
        }
    }

    [TestMethod]
    public void What_is_no_number_is_the_mean_and_infinity_is_cut_wherever_it_stands()
    {
        const float Largest = (float)Standardization.MaximumMagnitude;
        for (int length = 1; length <= 40; length++)
        {
            double[] offsets = [.. Enumerable.Range(0, length).Select(i => 3.0 + i)], scales = [.. Enumerable.Repeat(2.0, length)];
            Standardization standardization = new(offsets, scales);
            for (int at = 0; at < length; at++)
            {
                foreach ((float value, float expected) in ((float, float)[])[(float.NaN, 0), (float.PositiveInfinity, Largest), (float.NegativeInfinity, -Largest), (3e38f, Largest)])
                {
                    float[] row = [.. offsets.Select(x => (float)x)];
                    row[at] = value;
                    standardization.Apply(row, row);
                    Assert.AreEqual(expected, row[at]);
                    row[at] = 0;
                    Assert.AreEqual(-1, row.AsSpan().IndexOfAnyExcept(0));
                }
            }
        }
    }

    [TestMethod]
    public void Rows_that_do_not_fit_are_refused()
    {
        Assert.Throws<ArgumentException>(() => Standardization.Of([], 1));
        Assert.Throws<ArgumentException>(() => Standardization.Of([1, 2, 3], 2));
        Assert.Throws<ArgumentException>(() => Standardization.Of([1], 0));
        Assert.Contains("column 1 of row 2", Assert.ThrowsExactly<ArgumentException>(() => Standardization.Of([1, 2, 3, 4, 5, float.NaN], 2)).Message);
        Standardization two = new([0, 0], [1, 1]);
        Assert.ThrowsExactly<ArgumentException>(() => two.Apply([1], new float[2]));
        Assert.ThrowsExactly<ArgumentException>(() => two.Apply([1, 2], new float[3]));
    }

    private static void AreSameBits(float[] expected, float[] actual) =>
        CollectionAssert.AreEqual(Array.ConvertAll(expected, BitConverter.SingleToInt32Bits), Array.ConvertAll(actual, BitConverter.SingleToInt32Bits), $"length {expected.Length}");
}
