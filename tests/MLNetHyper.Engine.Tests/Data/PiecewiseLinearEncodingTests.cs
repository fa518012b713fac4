namespace MLNetHyper.Engine.Tests;

/// <summary>Bins between quantiles, whatever a column holds.</summary>
[TestClass]
public sealed class PiecewiseLinearEncodingTests
{
    [TestMethod]
    public void Every_bin_fills_from_its_lower_edge_to_its_upper()
    {
        var encoding = new PiecewiseLinearEncoding([[0, 1, 3], [], [-1, 1]]);
        CollectionAssert.AreEqual(new float[] { 2, 7, 0.5f, 1, 0.5f, 0.75f }, Applied(encoding, 2, 7, 0.5f));
        CollectionAssert.AreEqual(new float[] { -9, 7, -9, 0, 0, 0 }, Applied(encoding, -9, 7, -9));
        CollectionAssert.AreEqual(new float[] { 9, 7, 9, 1, 1, 1 }, Applied(encoding, 9, 7, 9));
        CollectionAssert.AreEqual(new[] { 0, 3, 4 }, encoding.OutputsOf(0).ToArray());
        CollectionAssert.AreEqual(new[] { 1 }, encoding.OutputsOf(1).ToArray());
        CollectionAssert.AreEqual(new[] { 2, 5 }, encoding.OutputsOf(2).ToArray());
        foreach (float[] edges in (float[][])[[1, 1], [2, 1], [0, float.NaN], [0, float.PositiveInfinity]])
            Assert.ThrowsExactly<ArgumentException>(() => new PiecewiseLinearEncoding([edges]));
    }

    /// <summary>Vectors and what is left over give what a loop by hand gives, for every number of bins.</summary>
    [TestMethod]
    public void Every_number_of_bins_is_what_a_loop_gives()
    {
        var random = new Random(1);
        for (int bins = 1; bins <= 70; bins++)
        {
            float[] edges = [.. Enumerable.Range(0, bins + 1).Select(i => i + (0.5f * random.NextSingle()))];
            var encoding = new PiecewiseLinearEncoding([edges]);
            float x = (float)(random.NextDouble() * (bins + 2)) - 1;
            float[] actual = Applied(encoding, x);
            for (int t = 0; t < bins; t++)
                Assert.AreEqual(Math.Clamp((x - edges[t]) / (edges[t + 1] - edges[t]), 0, 1), actual[1 + t], 1e-5f, $"{bins} bins, bin {t}");
        }
    }

    /// <summary>The one bin that is neither full nor empty, and how full it is, say all that the bins say.</summary>
    [TestMethod]
    public void Located_bins_are_those_that_are_applied()
    {
        var random = new Random(2);
        for (int bins = 1; bins <= 70; bins++)
        {
            float[] edges = [.. Enumerable.Range(0, bins + 1).Select(i => i + (0.5f * random.NextSingle()))];
            var encoding = new PiecewiseLinearEncoding([[0, 1, 2], [], edges]);
            CollectionAssert.AreEqual(new[] { new PiecewiseLinearEncoding.BinnedFeature(0, 3, 2), new(2, 5, bins) }, encoding.Binned);
            foreach (float x in (float[])[.. edges, .. edges.Select(edge => edge + random.NextSingle()), -1e9f, 1e9f])
            {
                float[] applied = Applied(encoding, 1.5f, 7, x), shares = new float[2];
                int[] places = new int[2];
                encoding.Locate([1.5f, 7, x], places, shares);
                float[] laid = [1.5f, 7, x, .. new float[2 + bins]];
                foreach ((PiecewiseLinearEncoding.BinnedFeature feature, int place, float share) in encoding.Binned.Zip(places, shares))
                {
                    Assert.IsInRange(feature.First, feature.First + feature.Count - 1, place);
                    laid.AsSpan(feature.First, place - feature.First).Fill(1);
                    laid[place] = share;
                }
                for (int i = 0; i < laid.Length; i++)
                    Assert.AreEqual(applied[i], laid[i], 1e-5f, $"{bins} bins, {x}, input {i}");
            }
        }
    }

    [TestMethod]
    public void Bins_share_the_values_equally_and_a_heavy_value_is_an_edge()
    {
        float[] even = Edges([.. Enumerable.Range(0, 1000).Select(i => i / 1000f)], 8);
        CollectionAssert.AreEqual(Enumerable.Range(0, 9).Select(i => i / 8.0).ToArray(), even.Select(e => Math.Round(e, 2)).Select(e => Math.Round(e * 8) / 8).ToArray());
        // Nine tenths are 0; what is left is divided as if they were not there.
        float[] mostlyZero = Edges([.. Enumerable.Repeat(0f, 900), .. Enumerable.Range(1, 100).Select(i => (float)i)], 5);
        Assert.AreEqual(0, mostlyZero[0]);
        Assert.HasCount(6, mostlyZero);
        Assert.IsGreaterThan(10, mostlyZero[1]);
        // A heavy value in the middle.
        Assert.Contains(3f, Edges([.. Enumerable.Range(0, 30).Select(i => i / 10f), .. Enumerable.Repeat(3f, 100), .. Enumerable.Range(31, 30).Select(i => i / 10f)], 4));
    }

    [TestMethod]
    public void Constant_columns_and_two_values_have_no_bins_and_few_values_one_between_each_two()
    {
        Examples<float> rows = new([.. Enumerable.Range(0, 60).SelectMany(i => new float[] { 5, i % 2, i % 4, i })], 4, new float[60]);
        var encoding = (PiecewiseLinearEncoding)InputTransforms.FitWidening(rows, new(RobustScaling: false, Bins: 16)).Single();
        Assert.HasCount(1, encoding.OutputsOf(0).ToArray());
        Assert.HasCount(1, encoding.OutputsOf(1).ToArray());
        Assert.HasCount(1 + 3, encoding.OutputsOf(2).ToArray());
        Assert.HasCount(1 + 16, encoding.OutputsOf(3).ToArray());
    }

    [TestMethod]
    [DataRow(1, 32)]
    [DataRow(4, 32)]
    [DataRow(10, 12)]
    [DataRow(32, 4)]
    [DataRow(64, 4)]
    [DataRow(65, 0)]
    [DataRow(0, 0)]
    public void Many_features_have_fewer_bins(int features, int bins) => Assert.AreEqual(bins, PiecewiseLinearEncoding.Defaults.BinsFor(features));

    [TestMethod]
    public void Millions_of_rows_are_known_by_a_sample_that_does_not_depend_on_blocks()
    {
        float[] values = [.. Enumerable.Range(0, 100_000).Select(i => (float)((i * 7919L % 100_003) / 100_003.0))];
        Examples<float> rows = new(values, 1, new float[values.Length]);
        float[] whole = Fitted(rows), blocks = Fitted(new BlockedExamples(rows, 1000));
        CollectionAssert.AreEqual(whole, blocks);
        for (float x = 0.05f; x < 1; x += 0.1f)
            Assert.AreEqual(x * 32, Applied(new PiecewiseLinearEncoding([Edges(values, 32)]), x).Skip(1).Sum(), 0.5, "quantiles of a uniform column");

        static float[] Fitted(ExampleSource<float> source) => Applied(InputTransforms.FitWidening(source, new(RobustScaling: true, Bins: 32))[1], 0.3f);
    }

    [TestMethod]
    public void Outliers_are_drawn_to_within_three_and_hardly_move_the_others()
    {
        float[] values = [.. Enumerable.Range(0, 101).Select(i => i / 50f), 1e6f];
        InputTransform scaling = InputTransforms.FitWidening(new Examples<float>(values, 1, new float[values.Length]), new(RobustScaling: true, Bins: 0)).Single();
        Assert.AreEqual(3, Applied(scaling, 1e6f)[0], 1e-3);
        Assert.AreEqual(-3, Applied(scaling, -1e30f)[0], 1e-3, "whose square is no number");
        Assert.AreEqual(0, Applied(scaling, 1.01f)[0], 0.02);
        Assert.AreEqual(0.5 / Math.Sqrt(1 + (0.5 / 3 * (0.5 / 3))), Applied(scaling, 1.51f)[0], 0.02);
    }

    private static float[] Edges(float[] values, int bins)
    {
        var encoding = (PiecewiseLinearEncoding)InputTransforms.FitWidening(new Examples<float>(values, 1, new float[values.Length]), new(RobustScaling: false, Bins: bins)).Single();
        // The edges are where the sum of the bins is a whole number.
        using var bytes = new MemoryStream();
        InputTransforms.Write(new BinaryWriter(bytes), [encoding]);
        bytes.Position = 0;
        var reader = new BinaryReader(bytes);
        reader.ReadInt32();
        reader.ReadString();
        return reader.ReadArray(4, () => reader.ReadArray(4, reader.ReadSingle))[0];
    }

    private static float[] Applied(InputTransform transform, params float[] row)
    {
        float[] transformed = new float[transform.OutputWidth];
        transform.Apply(row, transformed);
        return transformed;
    }
}
