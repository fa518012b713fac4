namespace MLNetHyper.Engine.Tests;

/// <summary>Small tables, and restarts on them.</summary>
internal static class SearchTestData
{
    /// <summary>Small enough for thousands of runs in a test.</summary>
    internal static OnePassOptions Training { get; } = OnePassOptions.Published with { HiddenLayers = [4], Steps = 160 };

    /// <summary>Two features and a label made from them.</summary>
    internal static Table Table(LearningTask task, int rows = 120)
    {
        SplitMix64 random = new(3, 0);
        double[] a = new double[rows], b = new double[rows];
        for (int i = 0; i < rows; i++)
            (a[i], b[i]) = ((2 * random.NextDouble()) - 1, (2 * random.NextDouble()) - 1);
        TableColumn label = task == LearningTask.Regression
            ? new("y", [.. a.Zip(b, (x, z) => 10 + x + (3 * x * z))])
            : new("y", [.. a.Zip(b, (x, z) => task == LearningTask.Multiclass && x > 0.3 ? "red" : z > 0 ? "green" : "blue")]);
        return new(new("a", a), new("b", b), label);
    }

    internal static DataOptions Data { get; } = new() { LabelColumn = "y" };

    internal static RestartProblem Problem(int seed = 0, OnePassOptions? training = null) =>
        new(DataPreparation.Prepare<float>(Table(LearningTask.Regression), Data with { Seed = seed }), training ?? Training, seed);

    internal static SearchPoint Good { get; } = new(0.1, 1e-4, 0.9);

    /// <summary>A learning rate at which no weight stays finite for long.</summary>
    internal static SearchPoint Bad { get; } = new(1e6, 1e-4, 0.9);

    /// <summary>A space in which every setting diverges.</summary>
    internal static SearchSpace Hopeless { get; } = new() { LogLearningRate = (6, 7) };
}
