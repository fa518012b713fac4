using Microsoft.ML.Runtime;
using MLNetHyper.Bridge;

namespace MLNetHyper;

/// <summary>A trained network.</summary>
public sealed class OnePassModelParameters : BridgedModel
{
    private readonly int[] _hidden;
    private readonly float[] _weights;

    internal OnePassModelParameters(IHostEnvironment environment, int featureCount, int[] hidden, float[] weights) : base(environment, "OnePassSgdModel") =>
        (FeatureCount, _hidden, _weights) = (featureCount, hidden, weights);

    /// <inheritdoc/>
    public override int FeatureCount { get; }

    /// <inheritdoc/>
    protected override Func<ReadOnlySpan<float>, float> CreateScorer() => features =>
    {
        int units = _hidden[0], outputs = units * (FeatureCount + 1);
        float sum = _weights[^1];
        for (int h = 0; h < units; h++)
        {
            float z = _weights[(units * FeatureCount) + h];
            for (int k = 0; k < FeatureCount; k++)
                z += _weights[(h * FeatureCount) + k] * features[k];
            sum += _weights[outputs + h] * Math.Max(0, z);
        }
        return sum;
    };

    /// <inheritdoc/>
    protected override void Write(BinaryWriter writer)
    {
        writer.Write(FeatureCount);
        writer.Write(_hidden[0]);
        writer.Write(_weights.Length);
        foreach (float weight in _weights)
            writer.Write(weight);
    }
}

internal sealed class OnePassModelReader : IModelReader
{
    public BridgedModel Read(IHostEnvironment environment, BinaryReader reader)
    {
        int features = reader.ReadInt32(), hidden = reader.ReadInt32();
        float[] weights = new float[reader.ReadInt32()];
        for (int i = 0; i < weights.Length; i++)
            weights[i] = reader.ReadSingle();
        return new OnePassModelParameters(environment, features, [hidden], weights);
    }
}
