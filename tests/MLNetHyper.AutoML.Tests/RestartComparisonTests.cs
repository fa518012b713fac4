using Microsoft.ML;
using Microsoft.ML.AutoML;
using MLNetHyper.Engine;
using MLNetHyper.Search;
using MLNetHyper.Tests;

namespace MLNetHyper.AutoML.Tests;

/// <summary>One pass against the tuners of ML.NET AutoML.</summary>
[TestClass]
public sealed class RestartComparisonTests
{
    private static readonly MLContext _ml = TaskCase.Context;

    [TestMethod]
    [DynamicData(nameof(TaskCase.Rows), typeof(TaskCase))]
    public void Every_tuner_keeps_its_budget_on_every_task_and_repeats_itself(TaskCase task)
    {
        ComparisonResult result = Small(task).Run(), again = Small(task).SetParallelism(1).Run();
        Assert.HasCount(2 * (2 + (2 * 5)), result.Entries);
        foreach (ComparisonEntry entry in result.Entries)
        {
            Assert.IsTrue(double.IsFinite(entry.TestError) && entry.TestError >= 0, $"{entry}");
            if (entry.Method.StartsWith("automl", StringComparison.Ordinal))
            {
                Assert.IsLessThanOrEqualTo(entry.Multiple, entry.Trials, $"{entry}");
                Assert.IsLessThanOrEqualTo(entry.Multiple * 1.1, entry.Cost, $"{entry}");
            }
        }
        CollectionAssert.AreEqual(result.Entries.Select(e => (e.Method, e.Multiple, e.Repeat, e.TestError, e.Cost)).ToArray(), again.Entries.Select(e => (e.Method, e.Multiple, e.Repeat, e.TestError, e.Cost)).ToArray());
    }

    [TestMethod]
    public void A_trial_is_a_training_of_fixed_sgd()
    {
        var setting = new SearchPoint(0.03, 1e-4, 0.8);
        var single = new Single(setting);
        Small(TaskCase.All[0]).SetSearches(single).SetBudgets(1).SetRepeats(1).Run();

        // The same rows of the same division through ML.NET.
        TaskCase.Example[] rows = [.. _ml.Data.CreateEnumerable<TaskCase.Example>(TaskCase.Data, reuseRowObject: false)];
        var table = new Table(new TableColumn("a", [.. rows.Select(r => (double)r.Features[0])]), new TableColumn("b", [.. rows.Select(r => (double)r.Features[1])]), new TableColumn("y", [.. rows.Select(r => (double)r.Number)]));
        PreparedData<float> division = DataPreparation.Prepare<float>(table, new DataOptions { LabelColumn = "y", Seed = 0 });
        IDataView Rows(IReadOnlyList<int> chosen) => _ml.Data.LoadFromEnumerable(chosen.Select(row => rows[row]));
        TrainingRecord training = _ml.Regression.Trainers.FixedSgd(new FixedSgdRegressionTrainer.Options
        {
            LabelColumnName = "Number",
            HiddenLayers = [8],
            Steps = 100,
            Seed = 0,
            LearningRate = setting.LearningRate,
            WeightDecay = setting.WeightDecay,
            Members = 1,
        }).Fit(Rows(division.TrainRows), Rows(division.ValidationRows)).Model.Training;
        Assert.AreEqual(training.Trajectory.ValidationLosses.Min(), single.Loss, 1e-5 * single.Loss, "the same rows, in batches of another size");
    }

    [TestMethod]
    public void Canceling_ends_a_trial_that_would_take_days()
    {
        using var source = new CancellationTokenSource();
        source.CancelAfter(TimeSpan.FromSeconds(1));
        Assert.Throws<OperationCanceledException>(() => Small(TaskCase.All[0]).SetTraining(o => o with { Steps = 100_000_000 }).Run(cancellation: source.Token));
    }

    [TestMethod]
    public void Progress_is_told_of_every_contestant()
    {
        var seen = new System.Collections.Concurrent.ConcurrentBag<ComparisonEntry>();
        ComparisonResult result = Small(TaskCase.All[1]).SetSearches(AutoMLSearch.Random).Run(new Direct(seen.Add));
        CollectionAssert.AreEquivalent(result.Entries.ToArray(), seen.ToArray());
    }

    [TestMethod]
    public void A_report_is_the_one_that_the_tool_writes()
    {
        ComparisonResult result = Small(TaskCase.All[2]).SetSearches(AutoMLSearch.CostFrugal, AutoMLSearch.Smac).Run();
        string path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        try
        {
            ComparisonReport.Create(result, "a test").Save(path);
            StringAssert.Contains(File.ReadAllText(path), "automl-cost-frugal");
        }
        finally
        {
            File.Delete(path);
        }
    }

    [TestMethod]
    public void Keys_of_two_classes_are_learned()
    {
        IDataView pairs = _ml.Transforms.Conversion.MapValueToKey("Pair", "Truth").Fit(TaskCase.Data).Transform(TaskCase.Data);
        ComparisonResult result = _ml.Auto().CreateRestartComparison(pairs, "Pair").SetBudgets(1).SetRepeats(1).SetSearches(AutoMLSearch.Random).SetTraining(o => o with { Steps = 300, HiddenLayers = [8] }).Run();
        Assert.IsLessThan(0.4, result.OnePass.Median, "a coin has 0.69");
    }

    [TestMethod]
    public void Wrong_columns_are_named()
    {
        StringAssert.Contains(Assert.Throws<ArgumentException>(() => _ml.Auto().CreateRestartComparison(TaskCase.Data, "Nowhere")).Message, "Nowhere");
        StringAssert.Contains(Assert.Throws<ArgumentException>(() => _ml.Auto().CreateRestartComparison(TaskCase.Data, "Name")).Message, "Name");
        StringAssert.Contains(Assert.Throws<ArgumentException>(() => _ml.Auto().CreateRestartComparison(TaskCase.Data, "Number", "Weight")).Message, "Weight");
    }

    private static RestartComparison Small(TaskCase task) =>
        _ml.Auto().CreateRestartComparison(TaskCase.Data, task.Label).SetBudgets(1, 8).SetRepeats(2).SetTraining(o => o with { Steps = 100, HiddenLayers = [8] });

    /// <summary>Tries one setting.</summary>
    private sealed class Single(SearchPoint setting) : TrialSearch("single")
    {
        internal double Loss { get; private set; }

        protected override void Conduct(TrialSession session) => Loss = session.Evaluate(setting);
    }

    private sealed class Direct(Action<ComparisonEntry> report) : IProgress<ComparisonEntry>
    {
        public void Report(ComparisonEntry value) => report(value);
    }
}
