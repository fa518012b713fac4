namespace MLNetHyper.Engine.Tests;

/// <summary>Short ways to run loops and to compare their results.</summary>
internal static class Loops
{
    internal static OnePassLoop<DenseVector<double>> Create(Problem problem, LoopOptions options, IObjective<DenseVector<double>>? objective = null) =>
        new(objective ?? problem.Objective, problem.Training, problem.Validation, options);

    internal static LoopResult<DenseVector<double>> Run(Problem problem, LoopOptions options, IObjective<DenseVector<double>>? objective = null) =>
        Create(problem, options, objective).Run();

    /// <summary>Two runs are one and the same, to the last bit.</summary>
    internal static void AreSame(LoopResult<DenseVector<double>> expected, LoopResult<DenseVector<double>> actual, string? what = null)
    {
        CollectionAssert.AreEqual(expected.FinalWeights.ToArray(), actual.FinalWeights.ToArray(), what);
        CollectionAssert.AreEqual(expected.Weights.ToArray(), actual.Weights.ToArray(), what);
        Assert.AreEqual(expected.Status, actual.Status, what);
        Assert.AreEqual(expected.Steps, actual.Steps, what);
        Assert.AreEqual(expected.BestStep, actual.BestStep, what);
        Assert.AreEqual(expected.BestValidationLoss, actual.BestValidationLoss, what);
        Assert.AreEqual(expected.GradientEvaluations, actual.GradientEvaluations, what);
        Assert.AreEqual(expected.Rollbacks, actual.Rollbacks, what);
        CollectionAssert.AreEqual(Numbers(expected.Trajectory), Numbers(actual.Trajectory), what);
    }

    private static double[] Numbers(Trajectory t) =>
    [
        .. t.Steps, .. t.TrainingLosses, .. t.ValidationLosses,
        .. t.Names.SelectMany(t.Values), .. t.Names.SelectMany(t.HypergradientNorms),
    ];
}

/// <summary>Calls back at once, unlike <see cref="Progress{T}"/>.</summary>
internal sealed class Callback(Action<TrainingProgress> action) : IProgress<TrainingProgress>
{
    public void Report(TrainingProgress value) => action(value);
}

/// <summary>A folder that goes away with the test.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("mlnethyper-tests-");

    internal string this[string name] => Path.Combine(_folder.FullName, name);

    public void Dispose() => _folder.Delete(recursive: true);
}
