using MLNetHyper.Bridge;
using MLNetHyper.Engine;

namespace MLNetHyper;

/// <summary>Training rows that are read from the IDataView block by block, in its order, again in every epoch.</summary>
internal sealed class StreamedExamples(
    TrainingRows rows, int seed, double threshold, int count, int blockSize, Standardization features, Standardization label, TrainingLog log)
    : ReadAheadExamples(count, rows.FeatureCount, rows.HasWeights, blockSize)
{
    private RowReader? _reader;
    private long _row;
    private int _next;

    private protected override bool IsSameInEveryEpoch(int index) => true;

    private protected override void Read(long epoch, int index, Examples<float> into)
    {
        if (_reader is null || index < _next)
            Rewind();
        for (; _next < index; _next++)
        {
            for (int i = 0; i < BlockSize; i++)
                MoveToNext(i);
        }
        // Should a row be missing, the next to ask begins again.
        _next = int.MaxValue;
        Fill(into);
        _next = index + 1;
        DataReading.Standardize(into, features, label);
    }

    private protected override void Close() => _reader?.Dispose();

    private void Rewind()
    {
        _reader?.Dispose();
        _reader = rows.Open();
        _row = 0;
        _next = 0;
    }

    private void Fill(Examples<float> block)
    {
        for (int i = 0; i < block.Count; i++)
        {
            MoveToNext(i);
            _reader!.CopyFeatures(block.Features.AsSpan(i * FeatureCount, FeatureCount));
            block.Targets[i] = _reader.Label;
            if (block.Weights is { } weights)
                weights[i] = _reader.Weight;
        }
    }

    /// <summary>Moves to the next row that trains.</summary>
    private void MoveToNext(int index)
    {
        do
        {
            if (!_reader!.MoveNext())
                throw new InvalidOperationException($"The data gave {Count} training rows when they were first read, and fewer now. They must stay the same while a model is trained: cache them, or save them to a file first.");
        }
        while (RowDraw.Of(seed, _row++) < threshold);
        if ((index & 0xFFF) == 0)
            log.ThrowIfCanceled();
    }
}
