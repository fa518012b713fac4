using System.Diagnostics;
using Microsoft.ML;
using Microsoft.ML.AutoML;
using Microsoft.ML.Data;
using MLNetHyper.Engine;
using MLNetHyper.Search;
using MLNetHyper.Tests;

namespace MLNetHyper.AutoML.Tests;

/// <summary>Experiments of ML.NET AutoML with our candidates among ML.NET's own.</summary>
[TestClass]
public sealed class ExperimentTests
{
    // Poisson regression, a candidate of ML.NET's that takes no minute, wants labels above zero.
    private const string Positive = "Positive";

    private static IDataView Data { get; } = TaskCase.Context.Transforms.Expression(Positive, "number => number + 3f", "Number").Fit(TaskCase.Data).Transform(TaskCase.Data);

    [TestMethod]
    [DynamicData(nameof(TaskCase.Rows), typeof(TaskCase))]
    public void An_experiment_runs_to_its_limit_without_a_failed_trial_and_repeats_itself_by_its_seed(TaskCase task)
    {
        double[] Run()
        {
            var monitor = new Monitor();
            var context = new MLContext(7);
            TrialResult best = Experiment(context, task, Candidates(context, task), monitor).SetMaxModelToExplore(15).SetRandomSearchTuner(7).Run();
            Assert.IsEmpty(monitor.Failures, string.Join("\n", monitor.Failures));
            Assert.HasCount(15, monitor.Completed);
            Assert.IsTrue(monitor.Completed.All(t => double.IsFinite(t.Loss)));
            Assert.IsTrue(monitor.Completed.Any(IsOurs), "ours was tried");
            Assert.IsTrue(monitor.Completed.Any(t => !IsOurs(t)), "ML.NET's were tried");
            Assert.AreEqual(monitor.Completed.Min(t => t.Loss), best.Loss);
            return [.. monitor.Completed.Where(IsOurs).Select(t => t.Metric)];
        }
        CollectionAssert.AreEqual(Run(), Run());
    }

    [TestMethod]
    [DynamicData(nameof(TaskCase.Rows), typeof(TaskCase))]
    public void AutoMLs_own_tuner_tries_different_networks(TaskCase task)
    {
        var monitor = new Monitor();
        var context = new MLContext(3);
        Experiment(context, task, new EstimatorChain<ITransformer>().Append([OnePass(context, task)]), monitor).SetMaxModelToExplore(12).Run();
        Assert.IsEmpty(monitor.Failures, string.Join("\n", monitor.Failures));
        string[] shapes = [.. monitor.Completed.Select(t => Shape(t.Model)).Distinct()];
        Assert.IsGreaterThan(2, shapes.Length, string.Join("; ", shapes));
    }

    [TestMethod]
    public void A_search_for_fixed_hyperparameters_sets_what_it_proposes()
    {
        var context = new MLContext(1);
        var monitor = new Monitor();
        SweepablePipeline candidates = new EstimatorChain<ITransformer>().Append([context.Auto().FixedSgdRegression(Positive, options: o => o.Steps = 50)]);
        Experiment(context, TaskCase.All[0], candidates, monitor).SetMaxModelToExplore(10).SetRandomSearchTuner(1).Run();
        SearchPoint[] points = [.. monitor.Completed.Select(t => TaskCase.Inside(t.Model).Training.InitialHyperparameters).Select(h => new SearchPoint(h["lr"], h["wd"], h["beta1"]))];
        Assert.HasCount(10, points.Distinct().ToArray());
        Assert.IsTrue(points.All(p => p.LearningRate is >= 1e-4 and <= 1 && p.WeightDecay is >= 1e-7 and <= 1e-2 && p.Momentum is >= 0.5 and <= 0.99), string.Join("\n", points));
    }

    [TestMethod]
    public void Canceling_ends_a_trial_that_would_take_days()
    {
        using var source = new CancellationTokenSource();
        var context = new MLContext(1);
        AutoMLExperiment experiment = Endless(context).SetMaxModelToExplore(5);
        source.CancelAfter(TimeSpan.FromSeconds(1));
        Assert.Throws<Exception>(() => experiment.RunAsync(source.Token).GetAwaiter().GetResult());
    }

    [TestMethod]
    public void A_time_limit_ends_a_trial_that_would_take_days()
    {
        AutoMLExperiment experiment = Endless(new MLContext(1)).SetTrainingTimeInSeconds(1);
        Assert.Throws<Exception>(() => experiment.RunAsync().GetAwaiter().GetResult());
    }

    [TestMethod]
    [DoNotParallelize]
    public void Memory_and_threads_stay_flat_over_500_trials()
    {
        var context = new MLContext(1);
        (long Memory, int Threads) after50 = default, after500 = default;
        int trials = 0;
        var monitor = new Monitor(keep: false, completed: () =>
        {
            if (++trials is not (50 or 500))
                return;
            GC.Collect();
            GC.WaitForPendingFinalizers();
            using Process process = Process.GetCurrentProcess();
            (long, int) now = (GC.GetTotalMemory(forceFullCollection: true), process.Threads.Count);
            if (trials == 50)
                after50 = now;
            else
                after500 = now;
        });
        SweepablePipeline candidates = new EstimatorChain<ITransformer>().Append([context.Auto().OnePassSgdRegression(Positive, options: o => (o.Steps, o.NumberOfThreads) = (20, 2))]);
        Experiment(context, TaskCase.All[0], candidates, monitor).SetMaxModelToExplore(500).SetRandomSearchTuner(1).Run();
        Assert.AreEqual(500, trials);
        Assert.IsLessThan(after50.Memory + (8L << 20), after500.Memory, $"{after50.Memory >> 10} kB after 50 trials, {after500.Memory >> 10} after 500");
        Assert.IsLessThan(after50.Threads + 20, after500.Threads, $"{after50.Threads} threads after 50 trials, {after500.Threads} after 500");
    }

    [TestMethod]
    public void Or_keeps_all_candidates()
    {
        AutoCatalog auto = new MLContext(1).Auto();
        SweepablePipeline theirs = auto.Regression(useLgbm: false), both = theirs.Or(auto.OnePassSgdRegression(), auto.FixedSgdRegression());
        // And the empty pipeline that they stand behind.
        Assert.HasCount(theirs.Estimators.Count + 3, both.Estimators);
    }

    [TestMethod]
    public void Choices_that_leave_nothing_to_choose_are_refused()
    {
        ArgumentException error = Assert.Throws<ArgumentException>(() => new MLContext(1).Auto().OnePassSgdRegression(choices: new() { HiddenLayers = [] }));
        StringAssert.Contains(error.Message, "HiddenLayers");
    }

    private static AutoMLExperiment Endless(MLContext context) => Experiment(context, TaskCase.All[0],
        new EstimatorChain<ITransformer>().Append([context.Auto().OnePassSgdRegression(Positive, options: o => o.Steps = 1_000_000_000)]), new Monitor());

    private static SweepableEstimator OnePass(MLContext context, TaskCase task) => task.Name switch
    {
        "regression" => context.Auto().OnePassSgdRegression(Positive, options: Short),
        "binary" => context.Auto().OnePassSgdBinaryClassification(task.Label, options: Short),
        _ => context.Auto().OnePassSgdMultiClassification(task.Label, options: Short),
    };

    // Without LightGBM, whose native library is another package, and without trees by the ten thousand, which random search would grow.
    private static SweepablePipeline Candidates(MLContext context, TaskCase task) => task.Name switch
    {
        "regression" => context.Auto().RegressionWithOnePassSgd(Positive, others: context.Auto().Regression(Positive, useLgbm: false, useFastTree: false, useFastForest: false, useSdca: false), options: Short),
        "binary" => context.Auto().BinaryClassificationWithOnePassSgd(task.Label, others: context.Auto().BinaryClassification(task.Label, useLgbm: false, useFastTree: false, useFastForest: false), options: Short),
        _ => context.Auto().MultiClassificationWithOnePassSgd(task.Label, others: context.Auto().MultiClassification(task.Label, useLgbm: false, useFastTree: false, useFastForest: false), options: Short),
    };

    private static void Short(OnePassSgdOptions options) => options.Steps = 200;

    private static AutoMLExperiment Experiment(MLContext context, TaskCase task, SweepablePipeline candidates, Monitor monitor)
    {
        AutoMLExperiment experiment = context.Auto().CreateExperiment().SetPipeline(candidates).SetMonitor(monitor).SetDataset(context.Data.TrainTestSplit(Data, 0.25));
        return task.Name switch
        {
            "regression" => experiment.SetRegressionMetric(RegressionMetric.RootMeanSquaredError, Positive),
            "binary" => experiment.SetBinaryClassificationMetric(BinaryClassificationMetric.AreaUnderRocCurve, task.Label),
            _ => experiment.SetMulticlassClassificationMetric(MulticlassClassificationMetric.LogLoss, task.Label),
        };
    }

    private static bool IsOurs(TrialResult trial) => trial.Model is TransformerChain<ITransformer> { LastTransformer: ISingleFeaturePredictionTransformer<INetworkModelParameters> };

    private static string Shape(ITransformer model)
    {
        (NetworkModel network, TrainingRecord training) = TaskCase.Inside(model);
        return $"{string.Join('-', network.Architecture.Hidden)} {network.Architecture.Activation} {training.BatchSize}";
    }

    private sealed class Monitor(bool keep = true, Action? completed = null) : IMonitor
    {
        internal List<TrialResult> Completed { get; } = [];

        internal List<string> Failures { get; } = [];

        public void ReportBestTrial(TrialResult result)
        {
        }

        public void ReportCompletedTrial(TrialResult result)
        {
            if (keep)
                Completed.Add(result);
            completed?.Invoke();
        }

        public void ReportFailTrial(TrialSettings settings, Exception? exception = null) => Failures.Add($"{settings.TrialId}: {exception}");

        public void ReportRunningTrial(TrialSettings setting)
        {
        }
    }
}
