using static MLNetHyper.Engine.Tests.OnePassRuns;

namespace MLNetHyper.Engine.Tests;

/// <summary>How runs end: budgets, patience, cancellation, retraining.</summary>
[TestClass]
public sealed class OnePassBudgetTests
{
    private static IEnumerable<object[]> AllTasks => EveryTask;

    private static IEnumerable<object[]> Everything => EveryTaskAndMethod;

    private static IEnumerable<object[]> OnePasses => EveryTaskAndOnePass;

    [TestMethod]
    [DynamicData(nameof(Everything))]
    public void A_run_canceled_before_it_began_has_a_usable_model(LearningTask task, string method)
    {
        OnePassResult result = Train(task, Small with { Method = HypergradientMethods.Create(method), RetrainOnAll = true }, cancellation: new(canceled: true));
        Assert.AreEqual(TrainingStatus.Canceled, result.Status);
        Assert.AreEqual(0, result.Steps);
        Assert.AreEqual(0, result.Trajectory.Count);
        IsUsable(result, TrainingTables.Create(task));
    }

    [TestMethod]
    [DynamicData(nameof(OnePasses))]
    public void A_run_canceled_at_a_hyperparameter_step_ends_there(LearningTask task, string method)
    {
        using var source = new CancellationTokenSource();
        OnePassOptions options = Small with { Method = HypergradientMethods.Create(method), RetrainOnAll = true };
        OnePassResult result = Train(task, options, new Callback(p =>
        {
            if (p.Step >= 50)
                source.Cancel();
        }), source.Token);
        Assert.AreEqual(TrainingStatus.Canceled, result.Status);
        Assert.AreEqual(50, result.Steps);
        IsUsable(result, TrainingTables.Create(task));
        // It is the run of fifty steps: nothing of the rest was needed for it.
        OnePassResult whole = Train(task, options with { Steps = 50, RetrainOnAll = false });
        CollectionAssert.AreEqual(whole.Trajectory.TrainingLosses.ToArray(), result.Trajectory.TrainingLosses.ToArray());
    }

    [TestMethod]
    [DynamicData(nameof(AllTasks))]
    public void Steps_are_counted_and_may_end_inside_a_window(LearningTask task)
    {
        foreach (int steps in new[] { 1, 9, 10, 11, 37 })
        {
            OnePassResult result = Train(task, Small with { Steps = steps });
            Assert.AreEqual((TrainingStatus.Completed, (long)steps, steps / 10), (result.Status, result.Steps, result.Trajectory.Count));
            IsUsable(result, TrainingTables.Create(task));
        }
    }

    [TestMethod]
    public void Epochs_are_passes_over_the_training_rows()
    {
        OnePassResult result = Train(LearningTask.Regression, Small with { Steps = null, Epochs = 3, BatchSize = 20 });
        Assert.AreEqual(3 * ((result.Train.Rows + 19) / 20), result.Steps);
    }

    [TestMethod]
    public void A_time_budget_ends_a_run_without_steps()
    {
        OnePassResult result = Train(LearningTask.Regression, Small with { Steps = null, TimeBudget = TimeSpan.FromMilliseconds(50), Clock = new ManualClock(TimeSpan.FromMilliseconds(1)) });
        Assert.AreEqual(TrainingStatus.TimeBudgetSpent, result.Status);
        Assert.AreEqual(49, result.Steps);
        Assert.AreEqual(TimeSpan.FromMilliseconds(51), result.Training.Elapsed);
        IsUsable(result, TrainingTables.Create(LearningTask.Regression));
        // However short it is, and whatever else would end the run later.
        OnePassResult none = Train(LearningTask.Binary, Small with { TimeBudget = TimeSpan.FromTicks(1), RetrainOnAll = true, Clock = new ManualClock(TimeSpan.FromTicks(1)) });
        Assert.AreEqual(TrainingStatus.TimeBudgetSpent, none.Status);
        IsUsable(none, TrainingTables.Create(LearningTask.Binary));
    }

    [TestMethod]
    [DynamicData(nameof(AllTasks))]
    public void Time_alone_buys_longer_passes_while_they_are_better(LearningTask task)
    {
        var second = TimeSpan.FromSeconds(1);
        OnePassOptions options = Small with { Steps = null, Effort = 0.05 };
        OnePassResult first = Train(task, options);
        OnePassResult result = Train(task, options with { TimeBudget = 1000 * second, Clock = new ManualClock(second) });
        Assert.IsTrue(result.Status is TrainingStatus.TimeBudgetSpent or TrainingStatus.StoppedEarly);
        Assert.IsLessThanOrEqualTo(first.Training.ValidationError, result.Training.ValidationError);
        Assert.IsLessThanOrEqualTo(1002 * second, result.Training.Elapsed);
        // What has been run is counted, whichever pass is kept.
        Assert.IsGreaterThan(2.9 * first.GradientEvaluations, result.GradientEvaluations);
        if (result.Status == TrainingStatus.TimeBudgetSpent)
            Assert.IsGreaterThan(600 * second, result.Training.Elapsed);
        IsUsable(result, TrainingTables.Create(task));
        // The kept pass is an ordinary one of its length.
        OnePassResult alone = Train(task, options with { Steps = result.Steps });
        if (result.Steps % first.Steps == 0)
            CollectionAssert.AreEqual(alone.Model.Network.Weights[0].ToArray(), result.Model.Network.Weights[0].ToArray());
    }

    [TestMethod]
    public void With_a_checkpoint_time_alone_buys_one_pass()
    {
        using var folder = new TemporaryFolder();
        var second = TimeSpan.FromSeconds(1);
        OnePassResult result = Train(LearningTask.Binary, Small with { Steps = null, Effort = 0.05, TimeBudget = 200 * second, Clock = new ManualClock(second), CheckpointPath = folder["run.ckpt"], CheckpointInterval = TimeSpan.FromHours(1) });
        Assert.AreEqual(TrainingStatus.TimeBudgetSpent, result.Status);
        Assert.AreEqual(result.Steps, result.Training.Steps);
        Assert.IsGreaterThan(50, result.Steps);
    }

    [TestMethod]
    public void A_run_of_the_default_length_ends_where_a_tenth_of_it_was_in_vain_and_one_whose_length_was_asked_for_does_not()
    {
        Random random = new(3);
        double[] y = [.. Enumerable.Range(0, 120).Select(_ => random.NextDouble())];
        Table noise = TrainingTables.Create(LearningTask.Regression).With(new TableColumn("y", y));
        long planned = OnePassOptions.Defaults.Steps(120), patience = OnePassOptions.Defaults.Patience(planned);

        OnePassResult byItself = OnePass.Train(noise, TrainingTables.Options, new());
        Assert.AreEqual(TrainingStatus.StoppedEarly, byItself.Status);
        Assert.IsInRange(patience, planned - 1, byItself.Steps);
        Assert.AreEqual(TrainingStatus.Completed, OnePass.Train(noise, TrainingTables.Options, new() { Steps = planned }).Status);
        Assert.AreEqual(TrainingStatus.Completed, OnePass.Train(noise, TrainingTables.Options, new() { Patience = planned }).Status);
        Assert.AreEqual(TrainingStatus.StoppedEarly, OnePass.Train(noise, TrainingTables.Options, new() { Steps = planned, Patience = patience }).Status);
    }

    [TestMethod]
    public void Patience_ends_a_run_that_no_longer_improves_and_keeps_the_best_weights()
    {
        var random = new Random(1);
        // A label that has nothing to do with the features: all that can be learned is by heart.
        Table noise = TrainingTables.Create(LearningTask.Regression).With(new TableColumn("y", [.. Enumerable.Range(0, 120).Select(_ => random.NextDouble())]));
        OnePassResult result = OnePass.Train(noise, TrainingTables.Options, new() { HiddenLayers = [30], Steps = 20_000, Patience = 100 });
        Assert.AreEqual(TrainingStatus.StoppedEarly, result.Status);
        Assert.IsGreaterThanOrEqualTo(result.BestStep + 100, result.Steps);
        Assert.IsLessThan(result.BestStep + 200, result.Steps);
        IsUsable(result, noise);
        OnePassResult patient = OnePass.Train(noise, TrainingTables.Options, new() { HiddenLayers = [30], Steps = result.Steps });
        CollectionAssert.AreEqual(patient.Model.Network.Weights[0].ToArray(), result.Model.Network.Weights[0].ToArray());
    }

    [TestMethod]
    [DynamicData(nameof(Everything))]
    public void Retraining_is_the_tuned_run_again_on_more_rows_or_says_that_it_gave_worse_weights(LearningTask task, string method)
    {
        OnePassOptions options = Small with { Method = HypergradientMethods.Create(method) };
        OnePassResult tuned = Train(task, options), again = Train(task, options with { RetrainOnAll = true });
        Assert.AreEqual(TrainingStatus.Completed, again.Status);
        Assert.AreEqual((tuned.Steps, tuned.BestStep), (again.Steps, again.BestStep));
        Assert.AreEqual(tuned.GradientEvaluations + again.BestStep, again.GradientEvaluations, 1.0 + (0.2 * again.BestStep));
        CollectionAssert.AreEqual(tuned.Trajectory.ValidationLosses.ToArray(), again.Trajectory.ValidationLosses.ToArray());
        IsUsable(again, TrainingTables.Create(task));
        bool kept = again.Warnings.Any(w => w.Contains("tuned weights were kept", StringComparison.Ordinal));
        Assert.AreEqual(kept, tuned.Model.Network.Weights[0].Span.SequenceEqual(again.Model.Network.Weights[0].Span));
        Table table = TrainingTables.Create(task);
        PreparedData<float> data = DataPreparation.Prepare<float>(table, TrainingTables.Options);
        Table learned = table.Select([.. data.TrainRows, .. data.ValidationRows]);
        Assert.IsLessThanOrEqualTo(LearnedLoss(tuned, learned) * (1 + 1e-6), LearnedLoss(again, learned));
    }

    [TestMethod]
    public void Retrained_weights_are_those_of_a_run_on_all_rows()
    {
        OnePassOptions options = Small with { Method = new Fixed() };
        OnePassResult again = Train(LearningTask.Regression, options with { RetrainOnAll = true });
        Assert.IsEmpty(again.Warnings);
        PreparedData<float> data = DataPreparation.Prepare<float>(TrainingTables.Create(LearningTask.Regression), TrainingTables.Options);
        PreparedData<float> all = new(data.Features, data.Target)
        {
            Train = data.Train.Join(data.Validation),
            Validation = data.Validation,
            Test = data.Test,
            TrainRows = data.TrainRows,
            ValidationRows = data.ValidationRows,
            TestRows = data.TestRows,
            SkippedRows = 0,
        };
        OnePassResult whole = OnePass.Train(all, options with { Steps = again.BestStep });
        // It improved to its last step, so that its best weights are its last ones.
        Assert.AreEqual(again.BestStep, whole.BestStep);
        CollectionAssert.AreEqual(whole.Model.Network.Weights[0].ToArray(), again.Model.Network.Weights[0].ToArray());
    }

    /// <summary>The error of the weights alone: the temperature, which only the tuned run can have, is another matter.</summary>
    private static double LearnedLoss(OnePassResult result, Table rows)
    {
        NetworkModel network = result.Model.Network;
        return new OnePassModel(result.Model.Features, result.Model.Target, new(network.Architecture, [network.Weights[0].ToArray()], network.Inputs, network.Label, network.Training)).Evaluate(rows).Error;
    }
}
