namespace MLNetHyper.Engine.Tests;

[TestClass]
public sealed class FashionMnistExperimentTests
{
    private static readonly PaperExperiment _experiment = PaperExperiment.Managed.Single(e => e.Name == "fashion-mnist");

    [TestMethod]
    public void Every_row_comes_out_beside_the_published_one_and_again_the_same()
    {
        using PublishedFolder folder = new PublishedFolder().WriteFashionMnist(240, 40);
        IReadOnlyList<ReproductionRow> Run(params PaperMethod[] methods)
        {
            using LoadedExperiment loaded = _experiment.Load(folder.Path);
            Assert.AreEqual(4, loaded.StepsPerEpoch, "200 of 240 images train, 50 a step");
            return PaperReproduction.Run(loaded, methods, 3, 20);
        }
        IReadOnlyList<ReproductionRow> rows = Run([.. PaperMethod.All]);
        Assert.HasCount(PaperMethod.All.Count + 1, rows);
        foreach (ReproductionRow row in rows)
        {
            Assert.AreEqual(0, row.Failures, row.Key);
            Assert.IsInRange(0, 5, row.Median, row.Key);
            Assert.AreEqual(row.Key is "augmented" or "forward" || row.Key.EndsWith("-scheduled", StringComparison.Ordinal), row.PublishedMean is null, row.Key);
        }
        Assert.IsLessThan(Math.Log(10), rows.Single(r => r.Key == "wd-lr-m").Best);
        Assert.AreEqual("0.374±0.002", rows.Single(r => r.Key == "wd-lr-m").PublishedMean);
        PaperMethod[] again = [.. PaperMethod.All.Where(m => m.Key is "baydin" or "wd-lr-m")];
        CollectionAssert.AreEqual(rows.Where(r => again.Any(m => m.Key == r.Key)).Select(r => r with { MeanSeconds = 0 }).ToArray(), Run(again).Select(r => r with { MeanSeconds = 0 }).ToArray());
    }

    [TestMethod]
    public void Fewer_images_than_a_batch_will_do()
    {
        using PublishedFolder folder = new PublishedFolder().WriteFashionMnist(30, 10);
        using LoadedExperiment loaded = _experiment.Load(folder.Path);
        Assert.AreEqual(1, loaded.StepsPerEpoch);
        Assert.IsTrue(PaperReproduction.Run(loaded, PaperMethod.All, 3, 20).All(row => row.Failures == 0));
    }

    [TestMethod]
    public void Random_trains_on_the_validation_images_too()
    {
        using PublishedFolder folder = new PublishedFolder().WriteFashionMnist(60, 20);
        double Error(PaperMethod method)
        {
            using LoadedExperiment loaded = _experiment.Load(folder.Path);
            return loaded.Run(method, 10, 1, CancellationToken.None).TestError;
        }
        PaperMethod random = PaperMethod.All.Single(m => m.Key == PaperMethod.RandomKey), lorraine = PaperMethod.All.Single(m => m.Key == "lorraine");
        double before = Error(random), tuned = Error(lorraine);
        // Other labels of the last sixth. Within the first window, only what trains on them can tell.
        folder.Write("train-labels-idx1-ubyte", PublishedFolder.Idx([.. Enumerable.Range(0, 60).Select(i => (byte)(i < 50 ? i % 10 : 3))], 60));
        Assert.AreNotEqual(before, Error(random));
        Assert.AreEqual(tuned, Error(lorraine));
    }

    [TestMethod]
    public void Cross_entropy_is_in_nats_and_not_a_number_where_a_logit_is_none()
    {
        Assert.AreEqual(Math.Log(3), FashionMnistExperiment.CrossEntropy([0, 0, 0], [1]), 1e-15);
        double one = Math.Log(1 + Math.Exp(-2)), two = 2000 + 0.0;
        Assert.AreEqual((one + two) / 2, FashionMnistExperiment.CrossEntropy([2, 0, 1000, -1000], [0, 1]), 1e-12);
        Assert.AreEqual(double.NaN, FashionMnistExperiment.CrossEntropy([0, float.NaN], [0]));
        Assert.AreEqual(double.NaN, FashionMnistExperiment.CrossEntropy([0, float.PositiveInfinity], [0]));
    }

    [TestMethod]
    public void Errors_from_1000_on_are_failures()
    {
        ReproductionRow row = PaperReproduction.Summarize(_experiment, "wd-lr", "title", [1, 1000, 3, double.NaN], 1);
        Assert.AreEqual((2.0, 4, 2), (row.Mean, row.Runs, row.Failures));
    }

    [TestMethod]
    public void Cancellation_at_any_time_is_an_exception()
    {
        using PublishedFolder folder = new PublishedFolder().WriteFashionMnist(60, 20);
        using LoadedExperiment loaded = _experiment.Load(folder.Path);
        using var cancellation = new CancellationTokenSource();
        Assert.Throws<OperationCanceledException>(() => PaperReproduction.Run(loaded, PaperMethod.All, 100, 50, progress: new Cancel(cancellation), cancellation: cancellation.Token));
        // Even a run that never began does not fail otherwise.
        Assert.IsTrue(double.IsNaN(loaded.Run(PaperMethod.All[0], 10, 0, cancellation.Token).TrainingLoss));
    }

    private sealed class Cancel(CancellationTokenSource source) : IProgress<(string Title, double TestError)>
    {
        public void Report((string Title, double TestError) value) => source.Cancel();
    }
}
