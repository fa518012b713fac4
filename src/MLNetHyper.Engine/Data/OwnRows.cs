namespace MLNetHyper.Engine;

/// <summary>Keeps rows in memory.</summary>
/// <param name="count">How many there will be.</param>
/// <param name="featureCount">Features of a row.</param>
/// <param name="hasWeights">Whether rows have weights.</param>
internal sealed class OwnRows(int count, int featureCount, bool hasWeights) : ExampleRows(count)
{
    private readonly float[] _features = new float[(long)count * featureCount];
    private readonly float[] _targets = new float[count];
    private readonly float[]? _weights = hasWeights ? new float[count] : null;

    /// <summary>The rows, without copying.</summary>
    internal Examples<float> ToExamples(RowShare? share) => new(_features, featureCount, _targets, _weights) { Share = share };

    private protected override void Keep(ReadOnlySpan<float> features, float target, float weight)
    {
        features.CopyTo(_features.AsSpan(Count * featureCount));
        _targets[Count] = target;
        if (_weights is not null)
            _weights[Count] = weight;
    }
}
