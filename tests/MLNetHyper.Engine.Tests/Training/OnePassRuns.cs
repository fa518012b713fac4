namespace MLNetHyper.Engine.Tests;

/// <summary>Short ways to train on a table, and what must hold of every result.</summary>
internal static class OnePassRuns
{
    internal static IEnumerable<object[]> EveryTask => Enum.GetValues<LearningTask>().Select(task => new object[] { task });

    internal static IEnumerable<object[]> EveryTaskAndMethod =>
        from task in Enum.GetValues<LearningTask>() from method in HypergradientMethods.All select new object[] { task, method.Name };

    /// <summary>Those that pass over the data once, and are done.</summary>
    internal static IEnumerable<object[]> EveryTaskAndOnePass => EveryTaskAndMethod.Where(pair => !HypergradientMethods.Create((string)pair[1]).TakesSeveralPasses);

    internal static OnePassOptions Small { get; } = OnePassOptions.Published with { HiddenLayers = [6], Steps = 200 };

    internal static OnePassResult Train(LearningTask task, OnePassOptions? options = null, IProgress<TrainingProgress>? progress = null, CancellationToken cancellation = default) =>
        OnePass.Train(TrainingTables.Create(task), TrainingTables.Options, options ?? Small, progress, cancellation);

    /// <summary>Everything about a result is a finite number, and the model scores the table that it was trained on.</summary>
    internal static void IsUsable(OnePassResult result, Table table)
    {
        foreach (Metrics? metrics in new[] { result.Train, result.Validation, result.Test, result.Model.Evaluate(table) })
        {
            if (metrics is not null)
                Assert.IsTrue(new[] { metrics.Error, metrics.Mae ?? 0, metrics.R2 ?? 0, metrics.Accuracy ?? 0, metrics.Auc ?? 0 }.All(double.IsFinite), $"{metrics}");
        }
        Assert.IsTrue(Array.TrueForAll(result.Model.Network.Weights[0].ToArray(), float.IsFinite));
        Assert.IsTrue(TrainedModels.Numbers(result.Model.Predict(table)).All(double.IsFinite));
        Assert.IsTrue(result.FinalHyperparameters.Values.Concat(result.InitialHyperparameters.Values).All(double.IsFinite));
        Assert.IsTrue(double.IsFinite(result.GradientEvaluations) && result.BestStep <= result.Steps);
    }

    /// <summary>Two runs are one and the same, to the last bit.</summary>
    internal static void AreSame(OnePassResult expected, OnePassResult actual)
    {
        CollectionAssert.AreEqual(expected.Model.Network.Weights[0].ToArray(), actual.Model.Network.Weights[0].ToArray());
        Assert.AreEqual(expected.Train, actual.Train);
        Assert.AreEqual(expected.Validation, actual.Validation);
        Assert.AreEqual(expected.Test, actual.Test);
        Assert.AreEqual((expected.Status, expected.Steps, expected.BestStep, expected.Training.Rollbacks, expected.GradientEvaluations), (actual.Status, actual.Steps, actual.BestStep, actual.Training.Rollbacks, actual.GradientEvaluations));
        CollectionAssert.AreEqual(expected.Trajectory.ValidationLosses.ToArray(), actual.Trajectory.ValidationLosses.ToArray());
        foreach (string name in expected.Trajectory.Names)
            CollectionAssert.AreEqual(expected.Trajectory.Values(name).ToArray(), actual.Trajectory.Values(name).ToArray());
    }
}
