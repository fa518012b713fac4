using MLNetHyper.Bridge;
using MLNetHyper.Engine;

namespace MLNetHyper;

/// <summary>Training rows that are read from the IDataView block by block, in its order, again in every epoch.</summary>
internal sealed class StreamedExamples(
    TrainingRows rows, int seed, double threshold, int count, int blockSize, Standardization features, Standardization label, TrainingLog log)
    : ExampleSource<float>, IDisposable
{
    private readonly Examples<float>?[] _buffers = new Examples<float>?[2];
    private RowReader? _reader;
    private long _row;
    private int _next;
    private int _current = -1;

    public override int Count => count;

    public override int FeatureCount => rows.FeatureCount;

    public override int BlockSize => Math.Min(blockSize, count);

    public override Examples<float> BlockAt(long epoch, int index)
    {
        Examples<float> block = Buffer(index);
        // Every epoch reads the same rows in the same order, so that the block at hand serves any of them.
        if (index == _current)
            return block;
        if (_reader is null || index < _next)
            Rewind();
        for (; _next < index; _next++)
            Fill(Buffer(_next));
        Fill(block);
        _next++;
        _current = index;
        DataReading.Standardize(block, features, label);
        return block;
    }

    public void Dispose() => _reader?.Dispose();

    /// <summary>All blocks but the last share one buffer.</summary>
    private Examples<float> Buffer(int index)
    {
        bool last = index == BlockCount - 1;
        int size = last ? count - (index * BlockSize) : BlockSize;
        return _buffers[last ? 1 : 0] ??= new(new float[(long)size * FeatureCount], FeatureCount, new float[size], rows.HasWeights ? new float[size] : null);
    }

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
            do
            {
                if (!_reader!.MoveNext())
                    throw new InvalidOperationException($"The data gave {count} training rows when they were first read, and fewer now. They must stay the same while a model is trained: cache them, or save them to a file first.");
            }
            while (RowDraw.Of(seed, _row++) < threshold);
            _reader.CopyFeatures(block.Features.AsSpan(i * FeatureCount, FeatureCount));
            block.Targets[i] = _reader.Label;
            if (block.Weights is { } weights)
                weights[i] = _reader.Weight;
            if ((i & 0xFFF) == 0)
                log.ThrowIfCanceled();
        }
    }
}
