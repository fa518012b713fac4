namespace MLNetHyper.Engine;

/// <summary>What a learning task asks of a network.</summary>
internal static class Tasks
{
    internal static Loss Loss(LearningTask task) => task switch
    {
        LearningTask.Regression => Engine.Loss.SquaredError,
        LearningTask.Binary => Engine.Loss.Logistic,
        _ => Engine.Loss.SoftmaxCrossEntropy,
    };

    internal static Architecture Architecture(TargetEncoder target, int inputs, IReadOnlyList<int> hidden, Activation activation) =>
        new(inputs, hidden, target.OutputCount, activation, Loss(target.Task));

    /// <summary>The features that were 0 in all rows that trained.</summary>
    internal static int[] ZeroFeatures(params ReadOnlySpan<Examples<float>> trained)
    {
        int[] zero = [.. Enumerable.Range(0, trained[0].FeatureCount)];
        foreach (Examples<float> examples in trained)
        {
            // A row or two rule out most features.
            for (int row = 0; row < examples.Count && zero.Length > 0; row++)
                zero = [.. zero.Where(k => examples.Features[(row * examples.FeatureCount) + k] == 0)];
        }
        return zero;
    }

    /// <summary>
    /// Features that were 0 in all rows that trained have no learned weights, only those that were drawn: 0 instead, so that an unseen text says nothing
    /// rather than something random.
    /// </summary>
    internal static void ForgetUnlearned(Span<float> weights, Architecture architecture, IEnumerable<int> features, IReadOnlyList<InputTransform> widening)
    {
        int units = architecture.Hidden.Count > 0 ? architecture.Hidden[0] : architecture.Outputs;
        foreach (int input in widening.Aggregate(features, (inputs, transform) => inputs.SelectMany(transform.OutputsOf)))
        {
            for (int unit = 0; unit < units; unit++)
                weights[(unit * architecture.Inputs) + input] = 0;
        }
    }
}
