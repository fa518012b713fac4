using System.Collections.Concurrent;

namespace MLNetHyper.Torch.Tests;

/// <summary>Experiments of the managed engine trained as populations come to what the managed engine comes to.</summary>
[TestClass]
public sealed class PopulationExperimentTests
{
    private static readonly ReferenceDataset _table = new("table", "table.csv", 40, 12, 12, "made up");

    [ClassInitialize]
    public static void Begin(TestContext _) => TorchRuntime.Require(null);

    private static IEnumerable<object[]> Methods => PaperMethod.All.Select(m => new object[] { m.Key });

    [TestMethod]
    [DynamicData(nameof(Methods))]
    public void Full_batches_give_the_errors_of_the_managed_engine(string key)
    {
        using PublishedFolder folder = new PublishedFolder().Table(_table.FileName, 64);
        PaperMethod method = PaperMethod.All.Single(m => m.Key == key);
        int[] seeds = [5, 6, 7, 8, 9];
        long before = LiveTensors.CountSettled();
        using LoadedExperiment managed = new TableExperiment(_table).Load(folder.Path), population = new PopulationExperiment(new TableExperiment(_table), CPU).Load(folder.Path);
        Assert.AreNotSame(managed.GetType(), population.GetType());
        // Some are told of from several threads.
        ConcurrentBag<PaperRun> told = [];
        IReadOnlyList<PaperRun> expected = managed.RunAll(method, 100, seeds, _ => { }, CancellationToken.None), actual = population.RunAll(method, 100, seeds, told.Add, CancellationToken.None);
        Assert.HasCount(5, told);
        for (int i = 0; i < seeds.Length; i++)
        {
            Assert.AreEqual(1, actual[i].TestError / expected[i].TestError, 1e-3, $"seed {seeds[i]}");
            Assert.AreEqual(1, actual[i].TrainingLoss / expected[i].TrainingLoss, 1e-3, $"seed {seeds[i]}");
        }
        Assert.AreEqual(before, Tensor.TotalCount);
    }

    [TestMethod]
    public void More_than_fit_one_population_are_divided()
    {
        using PublishedFolder folder = new PublishedFolder().Table(_table.FileName, 64);
        int[] seeds = [.. Enumerable.Range(0, PopulationExperiment.MostMembers + 1)];
        using LoadedExperiment managed = new TableExperiment(_table).Load(folder.Path), population = new PopulationExperiment(new TableExperiment(_table), CPU).Load(folder.Path);
        IReadOnlyList<PaperRun> expected = managed.RunAll(PaperMethod.All[0], 10, seeds, _ => { }, CancellationToken.None), actual = population.RunAll(PaperMethod.All[0], 10, seeds, _ => { }, CancellationToken.None);
        Assert.HasCount(seeds.Length, actual);
        for (int i = 0; i < seeds.Length; i++)
            Assert.AreEqual(1, actual[i].TestError / expected[i].TestError, 1e-3, $"seed {i}");
    }

    [TestMethod]
    public void With_minibatches_the_first_member_is_the_run_of_the_managed_engine()
    {
        using PublishedFolder folder = new PublishedFolder().FashionMnist();
        PaperExperiment fashion = PaperExperiment.Managed.Single(e => e.Name == "fashion-mnist");
        using LoadedExperiment managed = fashion.Load(folder.Path), population = new PopulationExperiment(fashion, CPU).Load(folder.Path);
        Assert.AreEqual(managed.StepsPerEpoch, population.StepsPerEpoch);
        foreach (PaperMethod method in PaperMethod.All.Where(m => m.Key is "random" or "wd-lr-m"))
        {
            PaperRun expected = managed.Run(method, 40, 2, CancellationToken.None);
            IReadOnlyList<PaperRun> actual = population.RunAll(method, 40, [2, 3], _ => { }, CancellationToken.None);
            Assert.AreEqual(1, actual[0].TestError / expected.TestError, 1e-3, method.Key);
            Assert.IsTrue(double.IsFinite(actual[1].TestError));
        }
    }

    [TestMethod]
    public void It_says_of_itself_what_the_managed_experiment_does()
    {
        foreach (PaperExperiment experiment in PaperExperiment.Managed)
        {
            PaperExperiment listed = TorchExperiments.All.Single(e => e.Name == experiment.Name);
            Assert.AreEqual((experiment.Description, experiment.Protocol, experiment.Metric, experiment.Files, experiment.IsSample), (listed.Description, listed.Protocol, listed.Metric, listed.Files, listed.IsSample));
            Assert.AreEqual((experiment.PublishedInitializations, experiment.PublishedSteps, experiment.FailureFrom), (listed.PublishedInitializations, listed.PublishedSteps, listed.FailureFrom));
        }
        Assert.AreEqual("ptb cifar-10 cifar-10-wrn", string.Join(' ', TorchExperiments.All.Select(e => e.Name).Except(PaperExperiment.Managed.Select(e => e.Name))));
    }
}
