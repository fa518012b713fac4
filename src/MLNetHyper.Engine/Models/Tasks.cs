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
    /// standardised ones.
    /// </summary>
    internal static double[] FoldStandardisation(ReadOnlySpan<double> weights, Architecture architecture, FeatureEncoder features, TargetEncoder target)
    {
        double[] folded = weights.ToArray();
        int firstUnits = architecture.Hidden.Count > 0 ? architecture.Hidden[0] : architecture.Outputs;
        Replace(folded.AsSpan(0, firstUnits * (architecture.Inputs + 1)), firstUnits, features.Standardisation.FoldIntoFirstLayer);
        if (target.Task != LearningTask.Regression)
            return folded;
        int lastInputs = architecture.Hidden.Count > 0 ? architecture.Hidden[^1] : architecture.Inputs;
        Replace(folded.AsSpan(folded.Length - (architecture.Outputs * (lastInputs + 1))), architecture.Outputs, target.Standardisation.FoldIntoLastLayer);
        return folded;
    }

    private delegate (double[] Weights, double[] Bias) Fold(ReadOnlySpan<double> weights, ReadOnlySpan<double> bias);

    private static void Replace(Span<double> layer, int units, Fold fold)
    {
        (double[] weights, double[] bias) = fold(layer[..^units], layer[^units..]);
        weights.CopyTo(layer);
        bias.CopyTo(layer[weights.Length..]);
    }
}
