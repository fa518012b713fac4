using static MLNetHyper.Engine.Tests.DataTestFiles;

namespace MLNetHyper.Engine.Tests;

/// <summary>Columns of more texts than can have a feature each.</summary>
[TestClass]
public sealed class BucketEncodingTests
{
    private static readonly OnePassOptions _brief = OnePassOptions.Fast with { Steps = 40, HiddenLayers = [8] };

    [TestMethod]
    public void A_hundred_thousand_texts_train_and_a_row_holds_one_number_for_them()
    {
        const int texts = 100_000, rows = 2 * texts;
        string[] city = [.. Enumerable.Range(0, rows).Select(i => $"city {i % texts}")];
        Table table = new(new TableColumn("city", city), new TableColumn("y", [.. Enumerable.Range(0, rows).Select(i => (double)(i % texts % 7))]));
        PreparedData<float> data = DataPreparation.Prepare<float>(table, new DataOptions { LabelColumn = "y", Task = LearningTask.Regression });
        Assert.AreEqual(1, data.Train.FeatureCount);
        // Some of the texts are in no training row, so that what they share is that of missing ones: none here.
        Assert.AreEqual(DataOptions.DefaultCategoryBuckets, data.Train.InputCount);
        Assert.HasCount(data.Train.Count, data.Train.Features);
        OnePassResult result = OnePass.Train(data, _brief with { Steps = 5 });
        Assert.IsTrue(double.IsFinite(result.Test!.Error));
        StringAssert.Contains(result.Warnings.Single(warning => warning.Contains("share", StringComparison.Ordinal)), "they share 256 features, none of the most frequent ones with another");
    }

    [TestMethod]
    public void Frequent_texts_have_buckets_of_their_own()
    {
        TableColumn column = new("c", ["b", "a", "d", "b", "c", "a", "b", "c", "e"]);
        BucketEncoding encoding = BucketEncoding.Fit(column, 3)!;
        CollectionAssert.AreEqual(new[] { "b", "a", "c", "d", "e" }, encoding.Categories.ToArray());
        CollectionAssert.AreEqual(new[] { 1, 2, 3, 1, 2 }, Enumerable.Range(0, 5).Select(encoding.BucketOf).ToArray());
        Assert.AreEqual(0, encoding.Other);
        Assert.AreEqual(4, BucketEncoding.Fit(new TableColumn("c", ["a", null, "b", "c", "d"]), 3)!.Other);
        // No more buckets than texts.
        Assert.AreEqual(5, BucketEncoding.Fit(column, 256)!.Buckets);
        Assert.IsNull(BucketEncoding.Fit(new TableColumn("c", ["a", "a"]), 3));
    }

    [TestMethod]
    [DataRow(true)]
    [DataRow(false)]
    public void As_many_buckets_as_texts_give_what_a_feature_each_gives(bool missing)
    {
        Table table = Colors(5, missing);
        OnePassResult Train(int most) => OnePass.Train(table, new DataOptions { LabelColumn = "y", MaximumCategories = most }, _brief with { Bins = 0 });
        OnePassResult apart = Train(5), shared = Train(4);
        // The order of the inputs is another, and with it the drawn weights.
        Assert.AreEqual(apart.Test!.Error, shared.Test!.Error, 0.3);
        Assert.AreEqual(apart.Model.Architecture.Inputs, shared.Model.Architecture.Inputs + (missing ? 0 : 1));
    }

    [TestMethod]
    public void A_model_is_saved_and_knows_texts_that_it_never_met()
    {
        OnePassModel model = OnePass.Train(Colors(150), new DataOptions { LabelColumn = "y", CategoryBuckets = 16 }, _brief).Model;
        using TemporaryFile file = new("");
        model.Save(file.Path);
        OnePassModel loaded = OnePassModel.Load(file.Path);
        Table rows = new(new TableColumn("x", [1.0, 1, 1]), new TableColumn("color", ["color 3", "mauve", null]));
        Predictions predictions = loaded.Predict(rows);
        CollectionAssert.AreEqual(model.Predict(rows).Values.ToArray(), predictions.Values.ToArray());
        Assert.AreEqual(predictions.Values[1], predictions.Values[2]);
        StringAssert.Contains(string.Join('\n', predictions.Warnings), "column 'color' has 1 text in 1 row that no training row had, first 'mauve' in row 2");
        CollectionAssert.Contains(loaded.ReadingOptions.TextColumns.ToArray(), "color");
    }

    [TestMethod]
    public void Explanations_know_them()
    {
        Table table = Colors(150);
        OnePassModel model = OnePass.Train(table, new DataOptions { LabelColumn = "y" }, _brief with { Steps = 300 }).Model;
        Assert.AreEqual("color", model.Importance(table)[0].Column);
        PartialDependence dependence = model.PartialDependence(table, "color", points: 6);
        Assert.HasCount(6, dependence.Texts);
    }

    [TestMethod]
    public void What_hardly_recurs_is_refused_unless_asked_for()
    {
        Table names = new(new TableColumn("name", [.. Enumerable.Range(0, 300).Select(i => $"name {i % 200}")]), new TableColumn("y", [.. Enumerable.Range(0, 300).Select(i => (double)i)]));
        Fails(() => Prepare(names), "column 'name' has 200 different texts, more than the 100 that a feature may have. Group them", "raise DataOptions.MaximumCategories, or let its texts share features with DataOptions.BucketColumns");
        Assert.AreEqual(1, Prepare(names, new DataOptions { LabelColumn = "y", BucketColumns = ["name"] }).Train.FeatureCount);
        Table comments = new(new TableColumn("comment", [.. Enumerable.Range(0, 300).Select(i => $"we waited for {i} hours and nobody came")]), new TableColumn("y", [.. Enumerable.Range(0, 300).Select(i => (double)i)]));
        Fails(() => Prepare(comments), "column 'comment' is free text, such as 'we waited for 100 hours and nobody came'", "FeaturizeText in ML.NET", "DataOptions.BucketColumns");
        Assert.AreEqual(1, Prepare(comments, new DataOptions { LabelColumn = "y", BucketColumns = ["comment"] }).Train.FeatureCount);
        Table days = new(new TableColumn("day", [.. Enumerable.Range(0, 900).Select(i => new DateTime(2024, 1, 1).AddDays(i % 300).ToString("yyyy-MM-dd", null))]), new TableColumn("y", [.. Enumerable.Range(0, 900).Select(i => (double)i)]));
        Fails(() => Prepare(days), "Name it in DataOptions.DateColumns");
    }

    [TestMethod]
    public void Options_out_of_range()
    {
        Table table = Colors(150);
        Fails(() => Prepare(table, new DataOptions { LabelColumn = "y", CategoryBuckets = 0 }), "has 150 different texts");
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => Prepare(table, new DataOptions { LabelColumn = "y", CategoryBuckets = -1 }));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => Prepare(table, new DataOptions { LabelColumn = "y", CategoryBuckets = 65537 }));
        Assert.ThrowsExactly<ArgumentException>(() => Prepare(table, new DataOptions { LabelColumn = "y", CategoryBuckets = 0, BucketColumns = ["color"] }));
        Fails(() => Prepare(table, new DataOptions { LabelColumn = "y", BucketColumns = ["colour"] }), "'colour'");
        Fails(() => Prepare(table, new DataOptions { LabelColumn = "y", BucketColumns = ["x"] }), "column 'x'", "holds numbers");
        Fails(() => Prepare(table, new DataOptions { LabelColumn = "y", BucketColumns = ["y"] }), "column 'y'", "is the label");
    }

    [TestMethod]
    public void Indicators_stand_where_the_feature_stood()
    {
        BucketIndicators indicators = new(0, 3, 0);
        float[] row = new float[5];
        foreach ((float bucket, float[] expected) in new (float, float[])[] { (1, [7, 1, 0, 0, 9]), (3, [7, 0, 0, 1, 9]), (0, [7, 0, 0, 0, 9]), (4, [7, 0, 0, 0, 9]), (float.NaN, [7, 0, 0, 0, 9]) })
        {
            indicators.Apply([7, bucket, 9], row);
            CollectionAssert.AreEqual(expected, row);
        }
        CollectionAssert.AreEqual(new[] { 1, 2, 3 }, indicators.OutputsOf(1).ToArray());
        CollectionAssert.AreEqual(new[] { 4 }, indicators.OutputsOf(2).ToArray());
        Assert.ThrowsExactly<ArgumentException>(() => new BucketIndicators());
        Assert.ThrowsExactly<ArgumentException>(() => new BucketIndicators(-1));
    }

    private static PreparedData<float> Prepare(Table table, DataOptions? options = null) => DataPreparation.Prepare<float>(table, options ?? new DataOptions { LabelColumn = "y" });

    private static Table Colors(int colors, bool missing = false)
    {
        const int rows = 900;
        return new(
            new TableColumn("x", [.. Enumerable.Range(0, rows).Select(i => (double)(i % 11))]),
            new TableColumn("color", [.. Enumerable.Range(0, rows).Select(i => missing && i % 50 == 7 ? null : $"color {i % colors}")]),
            new TableColumn("y", [.. Enumerable.Range(0, rows).Select(i => (i % 11 / 10.0) + (i % colors % 5))]));
    }
}
