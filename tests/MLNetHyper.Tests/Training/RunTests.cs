using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetHyper.Engine;

namespace MLNetHyper.Tests.Training;

/// <summary>A run from outside: seeds, validation sets, warm starts, progress, log, cancellation, checkpoints.</summary>
[TestClass]
public sealed class RunTests
{
    private static readonly MLContext _ml = TaskCase.Context;

    [TestMethod]
    [DynamicData(nameof(TaskCase.Rows), typeof(TaskCase))]
    public void The_same_seed_gives_the_same_bits_whatever_the_threads_and_another_seed_others(TaskCase task)
    {
        float[] Train(int contextSeed, int? seed = null, int threads = 1)
        {
            var context = new MLContext(contextSeed);
            return task.Scores(task.OnePassSgd(context, o => (o.Seed, o.NumberOfThreads, o.Steps) = (seed, threads, 200)).Fit(TaskCase.Data));
        }
        CollectionAssert.AreEqual(Train(1), Train(1));
        CollectionAssert.AreEqual(Train(1), Train(1, threads: 3));
        CollectionAssert.AreEqual(Train(1, seed: 5), Train(2, seed: 5));
        CollectionAssert.AreNotEqual(Train(1), Train(2));
    }

    [TestMethod]
    public void A_trainer_without_a_seed_repeats_itself()
    {
        IEstimator<ITransformer> trainer = TaskCase.All[0].OnePassSgd(new MLContext(), o => o.Steps = 100);
        CollectionAssert.AreEqual(TaskCase.All[0].Scores(trainer.Fit(TaskCase.Data)), TaskCase.All[0].Scores(trainer.Fit(TaskCase.Data)));
    }

    [TestMethod]
    public void A_validation_set_validates_and_all_training_rows_train()
    {
        IDataView validation = TaskCase.MakeRows(100, seed: 2);
        TrainingRecord training = Regression().Fit(TaskCase.Data, validation).Model.Training;
        Assert.AreEqual((400L, 100L), (training.TrainingRows, training.ValidationRows));
    }

    [TestMethod]
    public void A_warm_start_goes_on_where_the_model_was()
    {
        IDataView validation = TaskCase.MakeRows(100, seed: 2);
        var first = Regression(o => o.Steps = 300).Fit(TaskCase.Data, validation);
        var second = Regression(o => o.Steps = 300).Fit(TaskCase.Data, validation, first.Model);
        TrainingRecord before = first.Model.Training, after = second.Model.Training;
        foreach (string name in before.BestHyperparameters.Keys)
            Assert.AreEqual(before.BestHyperparameters[name], after.InitialHyperparameters[name], 1e-9 * before.BestHyperparameters[name], name);
        Assert.IsLessThan(before.Epochs[0].TrainingError / 2, after.Epochs[0].TrainingError, "its first steps are as good as the other's last");
        Assert.IsLessThanOrEqualTo(before.ValidationError * 1.001, after.ValidationError);
    }

    [TestMethod]
    public void A_warm_start_takes_over_what_the_training_has_too()
    {
        var first = Regression(o => (o.Steps, o.InputNoise) = (60, 0.1)).Fit(TaskCase.Data);
        TrainingRecord without = Regression(o => o.Steps = 60).Fit(TaskCase.Data, null, first.Model).Model.Training;
        Assert.AreEqual(first.Model.Training.BestHyperparameters["lr"], without.InitialHyperparameters["lr"]);
        Assert.IsFalse(without.InitialHyperparameters.ContainsKey("noise"));
        TrainingRecord otherRule = Regression(o => (o.Steps, o.Rule) = (60, new SgdUpdate())).Fit(TaskCase.Data, null, first.Model).Model.Training;
        Assert.AreEqual(new SgdUpdate().Hyperparameters[0].Initial, otherRule.InitialHyperparameters["lr"], "a learning rate of Adam is none of SGD");
    }

    [TestMethod]
    public void A_warm_start_from_another_shape_says_what_to_set()
    {
        var first = Regression(o => o.HiddenLayers = [4]).Fit(TaskCase.Data);
        InvalidOperationException error = Assert.Throws<InvalidOperationException>(() => Regression().Fit(TaskCase.Data, null, first.Model));
        StringAssert.Contains(error.Message, "HiddenLayers");
        Assert.Throws<ArgumentException>(() => Regression(o => o.FeatureColumnName = "Wide").Fit(_ml.Transforms.Concatenate("Wide", "Features", "Weight").Fit(TaskCase.Data).Transform(TaskCase.Data), null, first.Model));
    }

    [TestMethod]
    public void Progress_is_told_of_every_hyperparameter_step_and_is_what_the_trajectory_holds()
    {
        var seen = new List<TrainingProgress>();
        TrainingRecord training = Regression(o => (o.Progress, o.Steps) = (new Direct(seen.Add), 200)).Fit(TaskCase.Data).Model.Training;
        CollectionAssert.AreEqual(training.Trajectory.Steps.ToArray(), seen.Select(p => p.Step).ToArray());
        CollectionAssert.AreEqual(training.Trajectory.ValidationLosses.ToArray(), seen.Select(p => p.ValidationLoss).ToArray());
    }

    [TestMethod]
    public void The_log_tells_what_is_trained_and_what_came_of_it()
    {
        var context = new MLContext(1);
        var lines = new List<string>();
        context.Log += (_, e) => lines.Add($"{e.Kind} {e.Message}");
        TaskCase.All[0].OnePassSgd(context, o => o.Steps = 100).Fit(TaskCase.Data);
        Assert.IsTrue(lines.Any(l => l.Contains("4 networks of 66-64-64-1", StringComparison.Ordinal) && l.Contains("360 rows", StringComparison.Ordinal)), string.Join("\n", lines));
        Assert.IsTrue(lines.Any(l => l.Contains("Completed after 100 steps", StringComparison.Ordinal)), string.Join("\n", lines));
    }

    [TestMethod]
    public void A_token_ends_training_within_a_step_and_leaves_a_model()
    {
        using var source = new CancellationTokenSource();
        var trainer = Regression(o =>
        {
            (o.Steps, o.CancellationToken) = (100_000_000, source.Token);
            o.Progress = new Direct(p =>
            {
                if (p.Step == 100)
                    source.Cancel();
            });
        });
        NetworkRegressionModelParameters model = trainer.Fit(TaskCase.Data).Model;
        Assert.AreEqual((TrainingStatus.Canceled, 100L), (model.Training.Status, model.Training.Steps));
    }

    [TestMethod]
    public void A_canceled_context_ends_training_as_it_ends_ML_NETs_own()
    {
        var context = new MLContext(1);
        IEstimator<ITransformer> trainer = TaskCase.All[1].OnePassSgd(context, o =>
        {
            o.Steps = 100_000_000;
            o.Progress = new Direct(p =>
            {
                if (p.Step == 100)
                    Cancel(context);
            });
        });
        // It would take hours.
        Assert.Throws<OperationCanceledException>(() => trainer.Fit(TaskCase.Data));
    }

    [TestMethod]
    public void A_time_budget_ends_training()
    {
        TrainingRecord training = Regression(o => (o.Steps, o.TimeBudget) = (null, TimeSpan.FromMilliseconds(200))).Fit(TaskCase.Data).Model.Training;
        Assert.AreEqual(TrainingStatus.TimeBudgetSpent, training.Status);
        Assert.IsGreaterThan(0, training.Steps);
    }

    [TestMethod]
    public void Early_stopping_stops()
    {
        TrainingRecord training = Regression(o => (o.Steps, o.Patience) = (20_000, 50)).Fit(TaskCase.Data).Model.Training;
        Assert.AreEqual(TrainingStatus.StoppedEarly, training.Status);
    }

    [TestMethod]
    public void A_checkpoint_goes_on_to_the_same_bits()
    {
        string path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        try
        {
            // A schedule runs to the last step: a longer run has another one.
            float[] whole = [.. Regression(o => (o.Steps, o.LearningRateSchedule) = (400, LearningRateSchedule.Constant)).Fit(TaskCase.Data).Transform(TaskCase.Data).GetColumn<float>("Score")];
            void Checkpointed(OnePassSgdOptions o, long steps) => (o.Steps, o.LearningRateSchedule, o.CheckpointPath, o.CheckpointInterval) = (steps, LearningRateSchedule.Constant, path, TimeSpan.Zero);
            Regression(o => Checkpointed(o, 200)).Fit(TaskCase.Data);
            var resumed = Regression(o => Checkpointed(o, 400)).Fit(TaskCase.Data);
            CollectionAssert.AreEqual(whole, resumed.Transform(TaskCase.Data).GetColumn<float>("Score").ToArray());
            Assert.AreEqual(400, resumed.Model.Training.Steps);
            Assert.AreEqual(400, Regression(o => (o.CheckpointPath, o.HiddenLayers, o.Steps) = (path, [3], 400)).Fit(TaskCase.Data).Model.Training.Steps);
        }
        finally
        {
            File.Delete(path);
        }
    }

    /// <summary>The folds of a cross-validation share their trainer's options, and with them the checkpoint.</summary>
    [TestMethod]
    public void Folds_with_a_checkpoint_are_those_without()
    {
        string path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        try
        {
            double[] Errors(string? checkpoint) => [.. _ml.Regression.CrossValidate(TaskCase.Data, Regression(o => (o.Steps, o.CheckpointPath, o.CheckpointInterval) = (100, checkpoint, TimeSpan.Zero)), 3, "Number").Select(fold => fold.Metrics.RootMeanSquaredError)];
            CollectionAssert.AreEqual(Errors(null), Errors(path));
        }
        finally
        {
            File.Delete(path);
        }
    }

    [TestMethod]
    public void Errors_by_epoch_are_in_the_labels_units()
    {
        NetworkRegressionModelParameters model = Regression(o => (o.BatchSize, o.Members) = (90, 1)).Fit(TaskCase.Data).Model;
        TrainingRecord training = model.Training;
        // 360 rows in batches of 90: an epoch has four steps, a hyperparameter step takes two and a half epochs.
        Assert.AreEqual(90, training.BatchSize);
        Assert.AreEqual(250, training.Epochs[^1].Epoch);
        Assert.AreEqual(training.Steps, training.Epochs[^1].Step);
        double lowest = training.Epochs.Min(e => e.ValidationError);
        Assert.AreEqual(lowest, training.ValidationError, 1e-5);
    }

    private static OnePassSgdRegressionTrainer Regression(Action<OnePassSgdOptions>? change = null) => (OnePassSgdRegressionTrainer)TaskCase.All[0].OnePassSgd(_ml, change);

    // What AutoML does when its time is over; internal in ML.NET.
    private static void Cancel(MLContext context) =>
        typeof(MLContext).GetMethod("CancelExecution", System.Reflection.BindingFlags.Instance | System.Reflection.BindingFlags.NonPublic)!.Invoke(context, null);

    private sealed class Direct(Action<TrainingProgress> report) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) => report(value);
    }
}
