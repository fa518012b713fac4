using System.Collections.Concurrent;
using static MLNetHyper.Engine.Tests.SearchTestData;

namespace MLNetHyper.Engine.Tests;

[TestClass]
public sealed class RestartComparisonTests
{
    private static ComparisonOptions Options { get; } = new() { Data = Data, Training = Training, Multiples = [1, 3], Repeats = 3 };

    [TestMethod]
    [DataRow(LearningTask.Regression, "RMSE")]
    [DataRow(LearningTask.Binary, "log-loss")]
    [DataRow(LearningTask.Multiclass, "log-loss")]
    public void Every_task_is_compared(LearningTask task, string error)
    {
        ConcurrentBag<ComparisonEntry> seen = [];
        ComparisonResult result = RestartComparison.Run(Table(task), Options, new Seen(seen.Add));
        Assert.AreEqual(task, result.Task);
        Assert.AreEqual(error, result.ErrorName);
        Assert.HasCount(3 * ((4 * 2) + 2), result.Entries);
        CollectionAssert.AreEquivalent(result.Entries.ToArray(), seen.ToArray());
        CollectionAssert.AreEqual(new[] { "augmented-neumann", "plain", "random", "random", "grid", "grid", "asha", "asha", "pbt", "pbt" }, result.Rows.Select(r => r.Method).ToArray());
        CollectionAssert.AreEqual(new double[] { 1, 3 }, result.Rows.Where(r => r.Method == "grid").Select(r => r.Multiple).ToArray());
        Assert.IsTrue(result.Entries.All(e => double.IsFinite(e.TestError) && e.TestError > 0 && e.Cost > 0));
        Assert.IsTrue(result.Rows.All(r => r.LowerQuartile <= r.Median && r.Median <= r.UpperQuartile));
        Assert.AreEqual(1.0, result.PlainTraining.MeanCost, 0.02, "one plain training is the unit");
        Assert.IsGreaterThan(1.2, result.OnePass.MeanCost, "tuning costs something");
        Assert.Contains(error, result.Conclusion);
    }

    [TestMethod]
    public void Results_do_not_depend_on_the_parallelism()
    {
        static ComparisonEntry[] Run(int parallelism) =>
            [.. RestartComparison.Run(Table(LearningTask.Regression), Options with { Parallelism = parallelism, Repeats = 2, RandomInitialHyperparameters = true }).Entries.Select(e => e with { Seconds = 0 })];
        CollectionAssert.AreEqual(Run(1), Run(4));
    }

    [TestMethod]
    public void Other_update_rules_and_schedules_compete_for_the_cost_of_one_plain_training_each()
    {
        ComparisonOptions options = Options with { Searches = [new RandomSearch()], Multiples = [1], Repeats = 1, Baselines = [new(new ProdigyUpdate()), new(new DogUpdate()), new(Training.Rule), new(new AdamUpdate(), LearningRateSchedule.OneCycle)] };
        ComparisonResult result = RestartComparison.Run(Table(LearningTask.Regression), options with { Training = Training with { Initial = new Dictionary<string, double> { ["momentum"] = 0.5 } } });
        CollectionAssert.AreEqual(new[] { "augmented-neumann", "plain", "prodigy", "dog", Training.Rule.Name, "one-cycle-adamw", "random" }, result.Rows.Select(r => r.Method).ToArray());
        Assert.IsTrue(result.Rows.Skip(2).Take(4).All(row => Math.Abs(row.MeanCost - 1) < 0.02 && row.Failures == 0));
        ArgumentException e = Assert.ThrowsExactly<ArgumentException>(() => RestartComparison.Run(Table(LearningTask.Regression), options with { Baselines = [new(new DogUpdate()), new(new DogUpdate(0.1))] }));
        Assert.Contains("different baselines", e.Message);
    }

    [TestMethod]
    public void Random_initial_hyperparameters_are_drawn_for_each_repeat_and_the_same_for_both_single_runs()
    {
        ComparisonOptions options = Options with { RandomInitialHyperparameters = true, Searches = [new RandomSearch()], Multiples = [1], Repeats = 2 };
        IReadOnlyDictionary<string, double> first = RestartComparison.Run(Table(LearningTask.Regression), options).Example.InitialHyperparameters;
        IReadOnlyDictionary<string, double> second = RestartComparison.Run(Table(LearningTask.Regression), options with { Seed = 1 }).Example.InitialHyperparameters;
        foreach (string name in first.Keys)
            Assert.AreNotEqual(first[name], second[name]);
    }

    [TestMethod]
    public void Searches_try_the_drawn_start_too()
    {
        ComparisonOptions options = Options with { RandomInitialHyperparameters = true, Searches = [new RandomSearch()], Multiples = [1], Repeats = 2 };
        ILookup<string, SearchPoint> settings = RestartComparison.Run(Table(LearningTask.Regression), options).Entries.ToLookup(e => e.Method, e => e.Setting!.Value);
        foreach ((SearchPoint plain, SearchPoint searched) in settings["plain"].Zip(settings["random"]))
            Assert.AreEqual(plain.LearningRate, searched.LearningRate, 1e-6);
    }

    [TestMethod]
    public void Learning_rates_are_told_without_the_schedules_factor()
    {
        ComparisonOptions options = Options with { Searches = [new RandomSearch()], Multiples = [1], Repeats = 2, Training = Training with { LearningRateSchedule = LearningRateSchedule.Cosine, Tune = ["wd"] } };
        foreach (ComparisonEntry entry in RestartComparison.Run(Table(LearningTask.Regression), options).Entries)
            Assert.AreEqual(0.1, entry.Setting!.Value.LearningRate, 1e-9, entry.Method);
    }

    /// <summary>What by itself stops where it gains no more takes as many steps as the searches' runs here.</summary>
    [TestMethod]
    public void All_take_all_steps()
    {
        Table noise = new(new TableColumn("a", [.. Enumerable.Range(0, 120).Select(i => i * 0.37 % 1)]), new TableColumn("y", [.. Enumerable.Range(0, 120).Select(i => i * i * 0.61 % 1)]));
        OnePassOptions training = new() { HiddenLayers = [4], Members = 1 };
        Assert.AreEqual(TrainingStatus.StoppedEarly, OnePass.Train(DataPreparation.Prepare<float>(noise, Data), training).Status);
        ComparisonResult result = RestartComparison.Run(noise, Options with { Training = training, Searches = [new RandomSearch()], Multiples = [1], Repeats = 1 });
        Assert.AreEqual(OnePassOptions.Defaults.Steps(96), result.Example.Steps);
        Assert.AreEqual(1, result.PlainTraining.MeanCost, 0.05);
    }

    [TestMethod]
    public void Failures_are_counted_and_charged_the_error_of_predicting_the_mean()
    {
        ComparisonResult result = RestartComparison.Run(Table(LearningTask.Regression), Options with { Space = Hopeless });
        ComparisonEntry[] searches = [.. result.Entries.Where(e => e.Method is not ("augmented-neumann" or "plain"))];
        Assert.IsTrue(searches.All(e => e.Failed && e.DivergedTrials == e.Trials));
        foreach (ComparisonEntry entry in searches)
        {
            PreparedData<float> data = DataPreparation.Prepare<float>(Table(LearningTask.Regression), Data with { Seed = entry.Repeat });
            Assert.AreEqual(Evaluation.MeanPredictor(data, data.Test!).Error, entry.TestError);
        }
        Assert.AreEqual(3, result.Rows[2].Failures);
        Assert.AreNotEqual("random", result.CatchUp?.Method);
        Assert.Contains("24 of the 30 results are failures", result.Conclusion);
    }

    [TestMethod]
    public void Cancellation_ends_what_would_not_end()
    {
        using var cancellation = new CancellationTokenSource();
        // Would take days: that this test ends is what it says.
        ComparisonOptions endless = Options with { Training = Training with { Steps = 10_000_000 }, Multiples = [1000] };
        cancellation.CancelAfter(TimeSpan.FromMilliseconds(200));
        Assert.ThrowsExactly<OperationCanceledException>(() => RestartComparison.Run(Table(LearningTask.Regression), endless, null, cancellation.Token));
    }

    [TestMethod]
    public void What_cannot_be_compared_is_refused_in_a_sentence()
    {
        static void Refuses<T>(ComparisonOptions options) where T : Exception =>
            Assert.EndsWith(".", Assert.ThrowsExactly<T>(() => RestartComparison.Run(Table(LearningTask.Regression), options)).Message);
        Refuses<ArgumentException>(Options with { Repeats = 0 });
        Refuses<ArgumentException>(Options with { Multiples = [] });
        Refuses<ArgumentException>(Options with { Multiples = [0] });
        Refuses<ArgumentException>(Options with { Multiples = [3, 3] });
        Refuses<ArgumentException>(Options with { Searches = [] });
        Refuses<ArgumentException>(Options with { Parallelism = 0 });
        // Found only while training, on another thread.
        Refuses<ArgumentException>(Options with { Training = Training with { Initial = new Dictionary<string, double> { ["speed"] = 1 } } });
        Refuses<DataFormatException>(Options with { Data = Data with { TestFraction = 0 } });
    }

    private sealed class Seen(Action<ComparisonEntry> report) : IProgress<ComparisonEntry>
    {
        public void Report(ComparisonEntry value) => report(value);
    }
}
