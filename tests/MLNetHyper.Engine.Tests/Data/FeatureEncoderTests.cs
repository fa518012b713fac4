using FsCheck;
using FsCheck.Fluent;

namespace MLNetHyper.Engine.Tests;

[TestClass]
public sealed class FeatureEncoderTests
{
    private static void AreClose(double[] actual, params double[] expected)
    {
        Assert.HasCount(expected.Length, actual);
        for (int i = 0; i < expected.Length; i++)
            Assert.AreEqual(expected[i], actual[i], 1e-14);
    }

    private static string Names(FeatureEncoder encoder) => string.Join(" | ", encoder.FeatureNames);

    [TestMethod]
    public void Numbers_are_standardized_with_the_unbiased_deviation()
    {
        Table table = new(new TableColumn("x", [1.0, 2, 3]));
        FeatureEncoder encoder = FeatureEncoder.Fit(table);
        AreClose(encoder.Encode<double>(table), -1, 0, 1);
        Assert.AreEqual(2.0, encoder.Standardization.Offsets[0]);
        Assert.AreEqual(1.0, encoder.Standardization.Scales[0]);
    }

    [TestMethod]
    public void Missing_numbers_become_the_mean_and_are_indicated()
    {
        Table table = new(new TableColumn("x", [1.0, double.NaN, 3]), new TableColumn("z", [0.0, 1, 2]));
        FeatureEncoder encoder = FeatureEncoder.Fit(table);
        Assert.AreEqual("x | x is missing | z", Names(encoder));
        double s = Math.Sqrt(0.5);
        AreClose(encoder.Encode<double>(table), -s, 0, -1, 0, 1, 0, s, 0, 1);
    }

    [TestMethod]
    public void A_number_first_missing_at_prediction_becomes_the_mean()
    {
        FeatureEncoder encoder = FeatureEncoder.Fit(new Table(new TableColumn("x", [1.0, 2, 3])));
        AreClose(encoder.Encode<double>(new Table(new TableColumn("x", [double.NaN]))), 0);
    }

    [TestMethod]
    public void Texts_become_one_feature_each_and_one_for_others()
    {
        FeatureEncoder encoder = FeatureEncoder.Fit(new Table(new TableColumn("c", ["red", "blue", "red"])));
        Assert.AreEqual("c=blue | c=red | c is other or missing", Names(encoder));
        AreClose(encoder.Encode<double>(new Table(new TableColumn("c", ["blue", "red", "green", null]))), 1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 1);
        Assert.AreEqual(1.0, encoder.Standardization.Scales[2]);
    }

    [TestMethod]
    public void Texts_that_look_like_numbers_at_prediction_are_still_categories()
    {
        FeatureEncoder encoder = FeatureEncoder.Fit(new Table(new TableColumn("c", ["1", "2", "x"])));
        AreClose(encoder.Encode<double>(new Table(new TableColumn("c", [2.0, double.NaN]))), 0, 1, 0, 0, 0, 0, 0, 1);
        CollectionAssert.Contains(encoder.ReadingOptions.TextColumns.ToList(), "c");
    }

    [TestMethod]
    public void Columns_that_do_not_vary_are_dropped()
    {
        Table table = new(new TableColumn("one", [1.0, 1]), new TableColumn("x", [1.0, 2]), new TableColumn("none", [double.NaN, double.NaN]), new TableColumn("t", ["a", "a"]), new TableColumn("n", new string?[2]));
        FeatureEncoder encoder = FeatureEncoder.Fit(table);
        Assert.AreEqual("x", Names(encoder));
        Assert.AreEqual("one none t n", string.Join(' ', encoder.DroppedColumns));
        Assert.AreEqual(1, encoder.Encode<float>(new Table(new TableColumn("x", [1.5]))).Length);
    }

    [TestMethod]
    public void Columns_that_vary_only_in_being_missing_are_kept()
    {
        FeatureEncoder encoder = FeatureEncoder.Fit(new Table(new TableColumn("x", [7, double.NaN, 7]), new TableColumn("t", ["a", null, "a"])));
        Assert.AreEqual("x is missing | t=a | t is other or missing", Names(encoder));
    }

    [TestMethod]
    [DataRow(1e-320)]
    [DataRow(1e-300)]
    [DataRow(1e-30)]
    [DataRow(1e30)]
    [DataRow(1e300)]
    [DataRow(8e307)]
    public void Any_scale_is_standardized_without_overflow(double scale)
    {
        Table table = new(new TableColumn("x", [-2 * scale, -scale, 0, scale, 2 * scale]), new TableColumn("y", [1.0, 2, 3, 4, 5]));
        FeatureEncoder encoder = FeatureEncoder.Fit(table);
        foreach (double value in encoder.Encode<double>(table))
            Assert.IsTrue(double.IsFinite(value));
        foreach (float value in encoder.Encode<float>(table))
            Assert.IsTrue(float.IsFinite(value));
        if (scale is >= 1e-300 and <= 1e300)
            Assert.AreEqual(2 / Math.Sqrt(2.5), encoder.Encode<double>(table)[8], 1e-14);
    }

    [TestMethod]
    public void Random_columns_of_any_scale_come_out_standardized_and_finite()
    {
        Prop.ForAll<int>(seed =>
        {
            Random random = new(seed);
            double scale = Math.Pow(10, random.Next(-30, 31));
            double shift = random.NextDouble() * 100 * scale;
            double[] values = [.. Enumerable.Range(0, random.Next(3, 200)).Select(_ => shift + scale * random.NextDouble())];
            Table table = new(new TableColumn("x", values));
            double[] encoded = FeatureEncoder.Fit(table).Encode<double>(table);
            double mean = encoded.Average();
            double variance = encoded.Sum(z => (z - mean) * (z - mean)) / (encoded.Length - 1);
            Assert.AreEqual(0, mean, 1e-10);
            Assert.AreEqual(1, variance, 1e-10);
            float outlier = FeatureEncoder.Fit(table).Encode<float>(new Table(new TableColumn("x", [1e308])))[0];
            Assert.IsTrue(float.IsFinite(outlier) && Math.Abs(outlier) <= Standardization.MaximumMagnitude);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(200));
    }

    [TestMethod]
    public void JSON_gives_the_same_encoder_again()
    {
        Table table = new(new TableColumn("x", [0.1, double.NaN, 1 / 3.0]), new TableColumn("c", ["a \"quoted\"", null, "ü"]), new TableColumn("same", [1.0, 1, 1]));
        FeatureEncoder encoder = FeatureEncoder.Fit(table);
        FeatureEncoder again = FeatureEncoder.FromJson(encoder.ToJson());
        Assert.AreEqual(Names(encoder), Names(again));
        CollectionAssert.AreEqual(encoder.Encode<double>(table), again.Encode<double>(table));
        Assert.AreEqual("same", again.DroppedColumns.Single());
        Assert.AreEqual(encoder.ToJson(), again.ToJson());
    }
}
