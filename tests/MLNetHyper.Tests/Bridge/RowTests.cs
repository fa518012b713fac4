using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetHyper.Bridge;

namespace MLNetHyper.Tests.Bridge;

/// <summary>Rows arrive as ML.NET's own trainers see them.</summary>
[TestClass]
public sealed class RowTests
{
    private static readonly MLContext _ml = new(1);

    [TestMethod]
    public void Rows_with_something_missing_are_skipped_and_counted()
    {
        NumberRow[] rows =
        [
            new() { Features = [1, 2], Label = 3 },
            new() { Features = [float.NaN, 2], Label = 3 },
            new() { Features = [1, float.PositiveInfinity], Label = 3 },
            new() { Label = float.NaN },
            new() { Weight = float.NaN },
            new() { Weight = float.PositiveInfinity },
            new() { Weight = 0 },
            new() { Features = [4, 5], Label = 6, Weight = 2 },
        ];
        List<float[]> seen = Read(_ml.Data.LoadFromEnumerable(rows), "Weight", out long skipped, out string? message);
        CollectionAssert.AreEqual(new float[] { 1, 2, 3, 1, 4, 5, 6, 2 }, seen.SelectMany(r => r).ToArray());
        Assert.AreEqual(6, skipped);
        Assert.AreEqual("Skipped 6 instances with missing features/label/weight during training", message);
    }

    [TestMethod]
    public void Without_a_weight_column_every_weight_is_one_and_nothing_is_skipped()
    {
        List<float[]> seen = Read(_ml.Data.LoadFromEnumerable([new NumberRow { Weight = -1 }]), null, out long skipped, out string? message);
        Assert.AreEqual(1, seen.Single()[3]);
        Assert.AreEqual(0, skipped);
        Assert.IsNull(message);
    }

    [TestMethod]
    [DataRow(-1f)]
    [DataRow(float.NegativeInfinity)]
    public void A_negative_weight_is_an_error_that_names_the_column(float weight)
    {
        NumberRow[] rows = [new(), new() { Label = float.NaN }, new() { Weight = weight }];
        InvalidOperationException e = Assert.ThrowsExactly<InvalidOperationException>(() => Read(_ml.Data.LoadFromEnumerable(rows), "Weight", out _, out _));
        StringAssert.Contains(e.Message, "'Weight' has a negative weight");
        StringAssert.Contains(e.Message, "row 2");
    }

    [TestMethod]
    public void Sparse_features_are_widened()
    {
        SparseRow[] rows = [new() { Features = new VBuffer<float>(2, 1, [7f], [1]) }, new() { Features = new VBuffer<float>(2, 0, [], []) }];
        List<float[]> seen = Read(_ml.Data.LoadFromEnumerable(rows), null, out _, out _);
        CollectionAssert.AreEqual(new float[] { 0, 7, 0, 0 }, seen.SelectMany(r => r[..2]).ToArray());
    }

    [TestMethod]
    public void The_number_of_rows_is_told_where_it_is_known()
    {
        var counts = new List<long?>();
        var trainer = new NumberTrainer(_ml, input => counts.Add(input.Training.RowCount));
        IDataView known = _ml.Data.LoadFromEnumerable(Enumerable.Repeat(new NumberRow(), 3).ToArray());
        trainer.Fit(known);
        trainer.Fit(_ml.Data.FilterRowsByColumn(known, "Label", 0));
        CollectionAssert.AreEqual(new long?[] { 3, null }, counts);
    }

    [TestMethod]
    public void Keys_are_classes_from_zero_and_a_missing_key_is_skipped()
    {
        var labels = new List<float>();
        int classes = 0;
        IDataView data = _ml.Transforms.Conversion.MapValueToKey("Label", keyData: _ml.Data.LoadFromEnumerable(new[] { new { Label = "a" }, new { Label = "b" } }))
            .Fit(Texts("b")).Transform(Texts("b", "unknown", "a"));
        new KindTrainer(_ml, input =>
        {
            classes = input.ClassCount;
            using RowReader reader = input.Training.Open();
            while (reader.MoveNext())
                labels.Add(reader.Label);
        }).Fit(data);
        Assert.AreEqual(2, classes);
        CollectionAssert.AreEqual(new float[] { 1, 0 }, labels);
    }

    [TestMethod]
    public void Truths_are_zero_and_one()
    {
        var labels = new List<float>();
        new TruthTrainer(_ml, input =>
        {
            Assert.AreEqual(2, input.ClassCount);
            using RowReader reader = input.Training.Open();
            while (reader.MoveNext())
                labels.Add(reader.Label);
        }).Fit(_ml.Data.LoadFromEnumerable(new TruthRow[] { new() { Label = true }, new() }));
        CollectionAssert.AreEqual(new float[] { 1, 0 }, labels);
    }

    private static IDataView Texts(params string[] labels) => _ml.Data.LoadFromEnumerable(labels.Select(l => new TextRow { Label = l }));

    private static List<float[]> Read(IDataView data, string? weight, out long skipped, out string? message)
    {
        var seen = new List<float[]>();
        (long Count, string? Words) left = default;
        new NumberTrainer(_ml, input =>
        {
            Assert.AreEqual(weight is not null, input.Training.HasWeights);
            using RowReader reader = input.Training.Open();
            float[] features = new float[input.Training.FeatureCount];
            while (reader.MoveNext())
            {
                reader.CopyFeatures(features);
                seen.Add([.. features, reader.Label, reader.Weight]);
            }
            left = (reader.Skipped, reader.SkippedMessage());
        }, weight).Fit(data);
        (skipped, message) = left;
        return seen;
    }

    private sealed class SparseRow
    {
        [VectorType(2)]
        public VBuffer<float> Features { get; set; }

        public float Label { get; set; }
    }

    private sealed class TruthRow
    {
        [VectorType(2)]
        public float[] Features { get; set; } = [0, 0];

        public bool Label { get; set; }
    }
}
