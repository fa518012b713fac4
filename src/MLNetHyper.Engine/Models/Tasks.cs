namespace MLNetHyper.Engine;

/// <summary>What a learning task asks of a network.</summary>
internal static class Tasks
{
    internal static Architecture Architecture(TargetEncoder target, int inputs, IReadOnlyList<int> hidden, Activation activation) =>
        new(inputs, hidden, target.OutputCount, activation, target.Task switch
        {
            LearningTask.Regression => Loss.SquaredError,
            LearningTask.Binary => Loss.Logistic,
            _ => Loss.SoftmaxCrossEntropy,
        });

    /// <summary>
    /// The weights that take encoded features as they are and give outputs in the label's units, from those that take and give
    /// standardized ones.
    /// </summary>
    internal static double[] FoldStandardization(ReadOnlySpan<double> weights, Architecture architecture, FeatureEncoder features, TargetEncoder target)
    {
        double[] folded = weights.ToArray();
        int firstUnits = architecture.Hidden.Count > 0 ? architecture.Hidden[0] : architecture.Outputs;
        Replace(folded.AsSpan(0, firstUnits * (architecture.Inputs + 1)), firstUnits, features.Standardization.FoldIntoFirstLayer);
        if (target.Task != LearningTask.Regression)
            return folded;
        int lastInputs = architecture.Hidden.Count > 0 ? architecture.Hidden[^1] : architecture.Inputs;
        Replace(folded.AsSpan(folded.Length - (architecture.Outputs * (lastInputs + 1))), architecture.Outputs, target.Standardization.FoldIntoLastLayer);
        return folded;
    }

    /// <summary>
    /// Features that were 0 in all rows that trained have no learned weights, only those that were drawn: 0 instead, so that an unseen text says nothing
    /// rather than something random.
    /// </summary>
    internal static void ForgetUnlearned(Span<float> weights, Architecture architecture, params ReadOnlySpan<Examples<float>> trained)
    {
        bool[] learned = new bool[architecture.Inputs];
        foreach (Examples<float> examples in trained)
        {
            for (int i = 0; i < examples.Features.Length; i++)
                learned[i % learned.Length] |= examples.Features[i] != 0;
        }
        int firstUnits = architecture.Hidden.Count > 0 ? architecture.Hidden[0] : architecture.Outputs;
        for (int i = 0; i < firstUnits * learned.Length; i++)
        {
            if (!learned[i % learned.Length])
                weights[i] = 0;
        }
    }

    private delegate (double[] Weights, double[] Bias) Fold(ReadOnlySpan<double> weights, ReadOnlySpan<double> bias);

    private static void Replace(Span<double> layer, int units, Fold fold)
    {
        (double[] weights, double[] bias) = fold(layer[..^units], layer[^units..]);
        weights.CopyTo(layer);
        bias.CopyTo(layer[weights.Length..]);
    }
}
