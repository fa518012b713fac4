namespace MLNetHyper.Engine;

internal static partial class ModelFile
{
    /// <summary>
    /// Version 1 had the standardization folded into weights in double, and nothing of the training but the last hyperparameters. Undone, the
    /// weights are the floats that were trained, but for rounding.
    /// </summary>
    private static NetworkModel ReadVersion1(BinaryReader reader, FeatureEncoder features, TargetEncoder target)
    {
        Activation activation = reader.ReadEnum<Activation>();
        int[] hidden = reader.ReadArray(sizeof(int), reader.ReadInt32);
        Dictionary<string, double> hyperparameters = new(reader.ReadArray(sizeof(byte) + sizeof(double), () => KeyValuePair.Create(reader.ReadString(), reader.ReadDouble())));
        double[] weights = reader.ReadArray(sizeof(double), reader.ReadDouble);
        Architecture architecture = Tasks.Architecture(target, features.FeatureCount, hidden, activation);
        var shape = new NetworkShape(architecture);
        if (weights.Length != shape.Length)
            throw new FormatException("The parts do not fit together.");
        UnfoldLast(weights, shape.Layers[^1], target.Standardization);
        UnfoldFirst(weights, shape.Layers[0], features.Standardization);
        return new(architecture, [Array.ConvertAll(weights, w => (float)w)], [features.Standardization], target.Standardization, TrainingRecord.Unknown(hyperparameters));
    }

    // Only regression's label has been standardized, and it has one output.
    private static void UnfoldLast(double[] weights, NetworkShape.Layer layer, Standardization label)
    {
        if (layer.Outputs > 1)
            return;
        weights[layer.Bias] = (weights[layer.Bias] - label.Offsets[0]) / label.Scales[0];
        foreach (ref double weight in weights.AsSpan(layer.Weight, layer.Inputs))
            weight /= label.Scales[0];
    }

    private static void UnfoldFirst(double[] weights, NetworkShape.Layer layer, Standardization features)
    {
        for (int unit = 0; unit < layer.Outputs; unit++)
        {
            Span<double> row = weights.AsSpan(layer.Weight + (unit * layer.Inputs), layer.Inputs);
            for (int input = 0; input < row.Length; input++)
            {
                weights[layer.Bias + unit] += row[input] * features.Offsets[input];
                row[input] *= features.Scales[input];
            }
        }
    }
}
