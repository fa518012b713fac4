namespace MLNetHyper.Engine.Tests;

[TestClass]
public sealed class PaperReproductionTests
{
    private static readonly ReferenceDataset _energy = ReferenceDataset.Energy;

    private static Table Energy() => CsvTable.Load(Repository.PathTo("samples", "data", _energy.FileName));

    [TestMethod]
    public void Every_row_comes_out_beside_the_published_one_and_again_the_same()
    {
        IReadOnlyList<ReproductionRow> Run() => PaperReproduction.Run(_energy, Energy(), PaperMethod.All, 3, 20);
        IReadOnlyList<ReproductionRow> rows = Run();
        CollectionAssert.AreEqual(
            new[] { "random", "random-3", "lorraine", "baydin", "wd-lr", "wd-lr-m", "wd-hdlr-m", "diff-through-opt", "augmented", "forward", "random-scheduled", "wd-lr-m-scheduled", "augmented-scheduled" }, rows.Select(r => r.Key).ToArray());
        foreach (ReproductionRow row in rows)
        {
            Assert.AreEqual(row.Key == "random-3" ? 1 : 3, row.Runs, row.Key);
            Assert.AreEqual(0, row.Failures, row.Key);
            Assert.IsLessThanOrEqualTo(row.Median, row.Best, row.Key);
            Assert.IsGreaterThan(0, row.Best, row.Key);
            // Ours that the paper does not have stand alone.
            Assert.AreEqual(row.Key is "augmented" or "forward" || row.Key.EndsWith("-scheduled", StringComparison.Ordinal), row.PublishedMean is null, row.Key);
        }
        ReproductionRow clarke = rows.Single(r => r.Key == "wd-lr-m");
        Assert.AreEqual(("1.28±0.08", "0.9±0.2", "0.139"), (clarke.PublishedMean, clarke.PublishedMedian, clarke.PublishedBest));
        CollectionAssert.AreEqual(rows.Select(r => r with { MeanSeconds = 0 }).ToArray(), Run().Select(r => r with { MeanSeconds = 0 }).ToArray());
    }

    [TestMethod]
    public void The_same_draws_for_every_method_follow_the_seed()
    {
        PaperMethod[] random = [PaperMethod.All[0]];
        double[] Errors(int seed, int runs)
        {
            List<double> errors = [];
            PaperReproduction.Run(_energy, Energy(), random, runs, 20, seed, new Seen(errors));
            return [.. errors.Order()];
        }
        double[] three = Errors(0, 3), four = Errors(0, 4), later = Errors(1, 3);
        Assert.IsTrue(three.All(four.Contains) && later.All(four.Contains), "initialization i has seed + i");
        Assert.AreNotEqual(PaperInitialization.Draw(0), PaperInitialization.Draw(1));
    }

    [TestMethod]
    public void Draws_are_the_papers_distributions()
    {
        PaperInitialization[] draws = [.. Enumerable.Range(0, 2000).Select(PaperInitialization.Draw)];
        AssertUniform(-6, -1, draws.Select(d => Math.Log10(d.LearningRate)));
        AssertUniform(-7, -2, draws.Select(d => Math.Log10(d.WeightDecay)));
        AssertUniform(0, 1, draws.Select(d => d.Momentum));
    }

    [TestMethod]
    public void Runs_that_are_not_finite_are_left_out_and_counted()
    {
        ReproductionRow row = PaperReproduction.Summarize(PaperExperiment.Managed[0], "wd-lr", "title", [1, double.NaN, 3, double.PositiveInfinity], 1);
        Assert.AreEqual((2.0, 2.0, 1.0, 4, 2), (row.Mean, row.Median, row.Best, row.Runs, row.Failures));
        ReproductionRow nothing = PaperReproduction.Summarize(PaperExperiment.Managed[0], "wd-lr", "title", [double.NaN], 1);
        Assert.IsTrue(double.IsNaN(nothing.Mean) && nothing.Failures == 1);
    }

    [TestMethod]
    public void Departures_are_in_standard_errors_of_the_difference()
    {
        // Published: 2.5 ± 0.1.
        ReproductionRow row = PaperReproduction.Summarize(PaperExperiment.Managed[0], "wd-lr", "title", [1, 2, 3, 4], 1), same = PaperReproduction.Summarize(PaperExperiment.Managed[0], "wd-lr", "title", [3, 3, 3, 3], 1);
        Assert.AreEqual(0, row.Departure, 1e-12);
        Assert.AreEqual(5, same.Departure, 1e-12);
        // A mean without an error, and a row that the paper does not have.
        foreach (string key in new[] { PaperMethod.Random3Key, "augmented" })
            Assert.IsTrue(double.IsNaN(PaperReproduction.Summarize(PaperExperiment.Managed[0], key, "title", [1, 2, 3], 1).Departure), key);
        Assert.IsTrue(double.IsNaN(PaperReproduction.Summarize(PaperExperiment.Managed[0], "wd-lr", "title", [double.NaN], 1).Departure));
    }

    [TestMethod]
    public void Every_published_row_has_its_data_set_and_method()
    {
        foreach (PublishedResult published in PublishedResult.All)
        {
            Assert.Contains(published.Dataset, ReferenceDataset.All.Select(d => d.Name).Concat(["fashion-mnist", "ptb", "cifar-10"]));
            Assert.Contains(published.Method, PaperMethod.All.Select(m => m.Key).Append(PaperMethod.Random3Key));
        }
        Assert.HasCount(48, PublishedResult.All.Select(p => (p.Dataset, p.Method)).Distinct());
    }

    [TestMethod]
    public void Cancellation_and_wrong_numbers_are_exceptions()
    {
        using var canceled = new CancellationTokenSource();
        canceled.Cancel();
        Assert.Throws<OperationCanceledException>(() => PaperReproduction.Run(_energy, Energy(), PaperMethod.All, cancellation: canceled.Token));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => PaperReproduction.Run(_energy, Energy(), PaperMethod.All, initializations: 2));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => PaperReproduction.Run(_energy, Energy(), PaperMethod.All, steps: 9));
    }

    private static void AssertUniform(double low, double high, IEnumerable<double> values)
    {
        double[] shares = [.. values.Select(v => (v - low) / (high - low))];
        Assert.IsTrue(shares.All(s => s is >= 0 and < 1.0000001));
        // Five standard deviations of a mean of 2000.
        Assert.AreEqual(0.5, shares.Average(), 5 * Math.Sqrt(1 / 12.0 / 2000));
    }

    private sealed class Seen(List<double> errors) : IProgress<(string Title, double TestMse)>
    {
        public void Report((string Title, double TestMse) value)
        {
            lock (errors)
                errors.Add(value.TestMse);
        }
    }
}
