using System.Runtime.InteropServices;
using MLNetHyper.Bridge;
using MLNetHyper.Engine;

namespace MLNetHyper;

/// <summary>Rows of raw features, labels and weights in memory, as they come out of an IDataView.</summary>
internal sealed class ExampleRows
{
    // A piece is large enough to be read fast and small enough that the last one wastes little.
    private const int PieceBytes = 1 << 20;

    private readonly List<float[]> _pieces = [];
    private readonly List<float> _labels = [];
    private readonly List<float>? _weights;
    private readonly int _rowsPerPiece;

    private ExampleRows(int featureCount, bool hasWeights)
    {
        FeatureCount = featureCount;
        _rowsPerPiece = Math.Max(1, PieceBytes / sizeof(float) / featureCount);
        _weights = hasWeights ? [] : null;
    }

    internal int FeatureCount { get; }

    internal int Count => _labels.Count;

    internal long Skipped { get; private set; }

    internal ReadOnlySpan<float> Labels => CollectionsMarshal.AsSpan(_labels);

    /// <summary>Bytes of a row of features, label and weight.</summary>
    internal static long BytesPerRow(int featureCount) => sizeof(float) * ((long)featureCount + 2);

    /// <summary>Reads all rows, or returns null as soon as they are more than <paramref name="mostRows"/>.</summary>
    internal static ExampleRows? Read(TrainingRows source, long mostRows, TrainingLog log)
    {
        if (source.RowCount > mostRows)
            return null;
        var rows = new ExampleRows(source.FeatureCount, source.HasWeights);
        using RowReader reader = source.Open();
        while (reader.MoveNext())
        {
            if (rows.Count == mostRows)
                return null;
            rows.Add(reader);
            if ((rows.Count & 0xFFF) == 0)
                log.ThrowIfCanceled();
        }
        rows.Skipped = reader.Skipped;
        if (reader.SkippedMessage() is { } message)
            log.Warning(message);
        return rows;
    }

    /// <summary>Some of the rows, in that order; all where null.</summary>
    internal Examples<float> Take(int[]? rows)
    {
        int count = rows?.Length ?? Count;
        float[] features = new float[(long)count * FeatureCount], labels = new float[count];
        float[]? weights = _weights is null ? null : new float[count];
        for (int i = 0; i < count; i++)
        {
            int row = rows?[i] ?? i;
            (int piece, int at) = Math.DivRem(row, _rowsPerPiece);
            _pieces[piece].AsSpan(at * FeatureCount, FeatureCount).CopyTo(features.AsSpan(i * FeatureCount));
            labels[i] = _labels[row];
            if (weights is not null)
                weights[i] = _weights![row];
        }
        return new(features, FeatureCount, labels, weights);
    }

    private void Add(RowReader reader)
    {
        (int piece, int at) = Math.DivRem(Count, _rowsPerPiece);
        if (piece == _pieces.Count)
            _pieces.Add(new float[_rowsPerPiece * FeatureCount]);
        reader.CopyFeatures(_pieces[piece].AsSpan(at * FeatureCount, FeatureCount));
        _labels.Add(reader.Label);
        _weights?.Add(reader.Weight);
    }
}
