namespace MLNetHyper.Engine.Tests;

/// <summary>One transform of each kind, for every test that all of them must pass: a new kind adds its row.</summary>
internal static class InputTransformCases
{
    internal static IReadOnlyList<InputTransform> All { get; } =
    [
        new Standardization([1.5, -3e6, 0, 2026, 1e-3], [0.5, 20, 1, 3, 1e-4]),
        new FeatureSelection(5, 0, 2, 3),
        new RobustScaling([0, 1, -0.5f, 0, 2], [1, 0.5f, 3, 0, 1]),
        new PiecewiseLinearEncoding([[-1, 0, 0.5f, 2], [], [-3, 3], [-2, -1.5f, -1, -0.5f, 0, 0.25f, 0.5f, 0.75f, 1, 1.25f, 1.5f, 1.75f, 2, 2.5f, 3, 3.5f, 4, 5, 6], [0, 1e-3f]]),
        new BucketIndicators(0, 3, 0, 0, 2),
    ];

    /// <summary>For [DynamicData]: each one's place in <see cref="All"/>.</summary>
    internal static IEnumerable<object[]> Rows => Enumerable.Range(0, All.Count).Select(index => new object[] { index });

    /// <summary>A row of every kind of value that a feature may have.</summary>
    internal static float[][] Examples { get; } =
    [
        [1.7f, -3_000_010, 0.25f, 2020, 1.1e-3f],
        [float.NaN, 0, -1, 2026, 0],
        [-1e9f, 1e9f, 3e8f, -1e9f, 1],
        [1.5f, -3e6f, 0, 2026, 1e-3f],
    ];

    /// <summary>Features before some transforms, a network behind them.</summary>
    internal static NetworkModel Model(LearningTask task, int networks, params IReadOnlyList<InputTransform> inputs)
    {
        int width = inputs[^1].OutputWidth;
        var architecture = new Architecture(width, [4], task == LearningTask.Multiclass ? 3 : 1, Activation.Tanh, Tasks.Loss(task));
        var objective = new NetworkObjective<float>(architecture);
        float[][] weights = [.. Enumerable.Range(0, networks).Select(seed =>
        {
            DenseVector<float> drawn = objective.CreateVector();
            objective.Initialize(drawn, seed);
            return drawn.Span.ToArray();
        })];
        Standardization label = task == LearningTask.Regression ? new([100], [7]) : Standardization.Identity(1);
        return new(architecture, weights, inputs, label, TrainingRecord.Unknown(new Dictionary<string, double> { ["lr"] = 0.1 }));
    }
}
