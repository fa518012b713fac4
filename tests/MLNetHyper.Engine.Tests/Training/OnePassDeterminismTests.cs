using static MLNetHyper.Engine.Tests.OnePassRuns;

namespace MLNetHyper.Engine.Tests;

/// <summary>The same seed gives the same bits, whatever the machine does meanwhile.</summary>
[TestClass]
public sealed class OnePassDeterminismTests
{
    private static IEnumerable<object[]> Everything => EveryTaskAndMethod;

    private static OnePassOptions Minibatches { get; } = Small with { BatchSize = 20, ValidationBatchSize = 7, Steps = 60 };

    [TestMethod]
    [DynamicData(nameof(Everything))]
    public void The_seed_decides_everything(LearningTask task, string method)
    {
        OnePassOptions options = Minibatches with { Method = HypergradientMethods.Create(method), Seed = 4 };
        OnePassResult first = Train(task, options);
        OnePassRuns.AreSame(first, Train(task, options with { Method = HypergradientMethods.Create(method) }));
        Assert.AreEqual(4, first.Training.Seed);
        CollectionAssert.AreNotEqual(first.Model.Network.Weights[0].ToArray(), Train(task, options with { Seed = 5 }).Model.Network.Weights[0].ToArray());
    }

    [TestMethod]
    [DataRow(LearningTask.Regression, "forward")]
    [DataRow(LearningTask.Binary, "neumann")]
    [DataRow(LearningTask.Multiclass, "unrolled")]
    public void The_number_of_threads_decides_nothing(LearningTask task, string method)
    {
        // Enough rows for threads to share them.
        Table table = TrainingTables.Create(task, 12_000);
        OnePassOptions options = OnePassOptions.Published with { HiddenLayers = [8], Steps = 20, BatchSize = 8_000, Method = HypergradientMethods.Create(method) };
        OnePassResult one = OnePass.Train(table, TrainingTables.Options, options);
        OnePassRuns.AreSame(one, OnePass.Train(table, TrainingTables.Options, options with { Threads = 2 }));
        OnePassRuns.AreSame(one, OnePass.Train(table, TrainingTables.Options, options with { Threads = 3 }));
    }

    [TestMethod]
    public void Runs_beside_each_other_do_not_touch()
    {
        OnePassResult alone = Train(LearningTask.Multiclass, Minibatches);
        Parallel.For(0, 4, _ => OnePassRuns.AreSame(alone, Train(LearningTask.Multiclass, Minibatches)));
    }

    [TestMethod]
    public void Watching_a_run_does_not_change_it()
    {
        int reports = 0;
        OnePassResult watched = Train(LearningTask.Binary, Minibatches, new Callback(_ => reports++));
        OnePassRuns.AreSame(Train(LearningTask.Binary, Minibatches), watched);
        Assert.AreEqual(watched.Trajectory.Count, reports);
    }
}
