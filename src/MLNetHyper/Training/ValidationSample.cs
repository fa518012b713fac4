using MLNetHyper.Bridge;
using MLNetHyper.Engine;

namespace MLNetHyper;

/// <summary>
/// The validation rows of data that are seen once and may be too many to keep: every row draws a number from the seed and its place,
/// those below the threshold are kept, and the threshold falls where they become too many.
/// </summary>
internal sealed class ValidationSample(int seed, double fraction, long mostRows, int featureCount)
{
    private readonly List<(double Draw, float[] Features, float Label, float Weight)> _rows = [];

    /// <summary>Rows that drew less validate.</summary>
    internal double Threshold { get; private set; } = fraction;

    internal int Count => _rows.Count;

    internal void Offer(long row, RowReader reader)
    {
        double draw = RowDraw.Of(seed, row);
        if (draw >= Threshold)
            return;
        float[] features = new float[featureCount];
        reader.CopyFeatures(features);
        _rows.Add((draw, features, reader.Label, reader.Weight));
        if (_rows.Count <= mostRows)
            return;
        Threshold *= 0.75;
        _rows.RemoveAll(kept => kept.Draw >= Threshold);
    }

    internal Examples<float> ToExamples(bool withWeights) => new(
        [.. _rows.SelectMany(row => row.Features)], featureCount, [.. _rows.Select(row => row.Label)],
        withWeights ? [.. _rows.Select(row => row.Weight)] : null);
}
