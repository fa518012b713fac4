namespace MLNetHyper.Engine.Tests;

/// <summary>What validation rows say of outputs: intervals that hold what they promise, and probabilities that do.</summary>
[TestClass]
public sealed class OutputCalibrationTests
{
    [TestMethod]
    [DataRow(9, 0.9, 9.0)]
    [DataRow(9, 0.5, 5.0)]
    [DataRow(99, 0.9, 90.0)]
    [DataRow(8, 0.9, null)]
    [DataRow(0, 0.5, null)]
    public void The_interval_ends_at_the_error_of_its_rank(int errors, double coverage, double? halfWidth) =>
        Assert.AreEqual(halfWidth, new OutputCalibration(0, 1, 1, OutputCalibration.Summary(Enumerable.Range(1, errors).Select(i => (double)i))).HalfWidth(coverage));

    [TestMethod]
    public void A_summary_of_many_errors_is_no_narrower()
    {
        double[] errors = [.. Enumerable.Range(1, 12_345).Select(i => i / 12_345.0)];
        var calibration = new OutputCalibration(0, 1, 1, OutputCalibration.Summary([.. errors, double.NaN, double.PositiveInfinity]));
        Assert.AreEqual(1000, calibration.Errors.Length);
        foreach (double coverage in new[] { 0.1, 0.5, 0.9, 0.99 })
            Assert.IsTrue(calibration.HalfWidth(coverage) is { } width && width >= coverage && width < coverage + 0.003);
    }

    [TestMethod]
    public void Numbers_that_cannot_be_are_refused()
    {
        foreach ((double least, double greatest, double temperature, double[] errors) in new (double, double, double, double[])[] { (1, 0, 1, []), (0, 1, 0, []), (0, 1, double.NaN, []), (double.NaN, 1, 1, []), (0, 1, 1, [2, 1]), (0, 1, 1, [-1]), (0, 1, 1, [double.NaN]) })
            Assert.ThrowsExactly<ArgumentException>(() => new OutputCalibration(least, greatest, temperature, errors));
    }

    /// <summary>Logits that are twice too large.</summary>
    [TestMethod]
    [DataRow(1)]
    [DataRow(3)]
    public void The_temperature_is_that_by_which_logits_are_too_large(int outputs)
    {
        var random = new Random(4);
        List<double> logits = [];
        List<float> targets = [];
        for (int row = 0; row < 20_000; row++)
        {
            double[] z = [.. Enumerable.Range(0, outputs).Select(_ => 3 * (random.NextDouble() - 0.5))];
            double[] p = Probabilities.FromOutputs(z, outputs);
            double u = random.NextDouble();
            int drawn = 0;
            while (drawn < p.Length - 1 && (u -= p[drawn]) > 0)
                drawn++;
            targets.Add(drawn);
            logits.AddRange(z.Select(x => 2 * x));
        }
        Assert.AreEqual(2, Temperature.Fit([.. logits], [.. targets], outputs), 0.1);
        Assert.AreEqual(3, Temperature.Fit([.. logits.Select(x => 100 * x)], [.. targets], outputs), 1e-6, "no further than three");
        Assert.AreEqual(1, Temperature.Fit([.. logits.Select(_ => double.NaN)], [.. targets], outputs));
    }

    /// <summary>On rows that no member has seen the interval holds at least the share that it promises, but for chance.</summary>
    [TestMethod]
    [DataRow(1)]
    [DataRow(4)]
    public void Intervals_hold_their_share_of_new_rows(int members)
    {
        var random = new Random(3);
        double[] x = [.. Enumerable.Range(0, 3000).Select(_ => random.NextDouble())], y = [.. x.Select(v => Math.Sin(6 * v) + (0.3 * (random.NextDouble() + random.NextDouble() - 1)))];
        Table table = new(new TableColumn("x", x), new TableColumn("y", y));
        OnePassModel model = OnePass.Train(table.Select([.. Enumerable.Range(0, 1000)]), new DataOptions { LabelColumn = "y", TestFraction = 0 }, new() { Members = members, Steps = 400, HiddenLayers = [16] }).Model;
        double half = model.Network.Calibration.HalfWidth(0.9)!.Value;
        IReadOnlyList<double> predicted = model.Predict(table.Select([.. Enumerable.Range(1000, 2000)])).Values;
        double held = predicted.Select((p, i) => Math.Abs(p - y[1000 + i]) <= half ? 1.0 : 0).Average();
        Assert.IsTrue(held is > 0.86 and < 0.97, $"{held}");
    }

    [TestMethod]
    public void Probabilities_that_are_no_numbers_are_measured_and_not_waited_for() =>
        Assert.IsTrue(double.IsNaN(Metrics.OfClassification([double.NaN, double.NaN, 0.5, 0.5], [0, 1], 2).Error));

    [TestMethod]
    public void Values_stay_within_the_labels_that_were_trained_on()
    {
        Table table = new(new TableColumn("x", [.. Enumerable.Range(0, 200).Select(i => (double)i)]), new TableColumn("y", [.. Enumerable.Range(0, 200).Select(i => 3.0 * i)]));
        OnePassModel model = OnePass.Train(table, new DataOptions { LabelColumn = "y", TestFraction = 0 }, new() { Steps = 200 }).Model;
        IReadOnlyList<double> values = model.Predict(new(new TableColumn("x", [-1e6, 1e6, 100]))).Values;
        Assert.IsTrue(values[0] >= -1e-4 && values[1] <= 597.0001, string.Join(' ', values));
        Assert.AreEqual(300, values[2], 30);
    }
}
