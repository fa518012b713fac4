namespace MLNetHyper.Engine;

/// <summary>Examples in blocks, of which the next is read on another thread while training computes on the one at hand.</summary>
internal abstract class ReadAheadExamples : ExampleSource<float>, IDisposable
{
    private readonly Examples<float>?[] _buffers = new Examples<float>?[2];
    private Examples<float>? _last, _block;
    private (long Epoch, int Index) _current = (-1, -1), _ahead = (-1, -1);
    private Task _reading = Task.CompletedTask;
    private int _next;

    /// <param name="count">Number of rows.</param>
    /// <param name="featureCount">Features of a row.</param>
    /// <param name="hasWeights">Whether rows have weights.</param>
    /// <param name="blockSize">Rows of a block.</param>
    private protected ReadAheadExamples(int count, int featureCount, bool hasWeights, int blockSize) =>
        (Count, FeatureCount, HasWeights, BlockSize) = (count, featureCount, hasWeights, Math.Min(blockSize, count));

    public override int Count { get; }

    public override int FeatureCount { get; }

    public override int BlockSize { get; }

    private bool HasWeights { get; }

    public override Examples<float> BlockAt(long epoch, int index)
    {
        if (_block is not null && _current.Index == index && (_current.Epoch == epoch || IsSameInEveryEpoch(index)))
            return _block;
        Examples<float> block = Ahead(epoch, index) ?? Read(epoch, index);
        (_block, _current) = (block, (epoch, index));
        if (BlockCount > 1)
            ReadAhead(index + 1 < BlockCount ? epoch : epoch + 1, index + 1 < BlockCount ? index + 1 : 0);
        return block;
    }

    public void Dispose()
    {
        Settle();
        Close();
        GC.SuppressFinalize(this);
    }

    /// <summary>Whether a block has the same rows in the same order in every epoch.</summary>
    private protected abstract bool IsSameInEveryEpoch(int index);

    /// <summary>Reads a block. Never two at a time.</summary>
    private protected abstract void Read(long epoch, int index, Examples<float> into);

    /// <summary>Nothing more is read.</summary>
    private protected abstract void Close();

    /// <summary>The block that was read ahead, if it is this one.</summary>
    private Examples<float>? Ahead(long epoch, int index)
    {
        bool isIt = _ahead.Index == index && (_ahead.Epoch == epoch || IsSameInEveryEpoch(index));
        _ahead = (-1, -1);
        if (isIt)
            _reading.GetAwaiter().GetResult();
        else
            Settle();
        return isIt ? Destination(index) : null;
    }

    private Examples<float> Read(long epoch, int index)
    {
        Examples<float> into = Destination(index);
        // Should it fail, the block at hand may be overwritten.
        _block = null;
        Read(epoch, index, into);
        return into;
    }

    private void ReadAhead(long epoch, int index)
    {
        // The block at hand is in use. Where there are two, the first has a buffer to itself as the last has.
        if (index < BlockCount - 1)
            _next = 1 - _next;
        Examples<float> into = Destination(index);
        _ahead = (epoch, index);
        _reading = Task.Run(() => Read(epoch, index, into));
    }

    /// <summary>Where a block is read to: the last is smaller, the others take turns.</summary>
    private Examples<float> Destination(int index)
    {
        ref Examples<float>? buffer = ref index == BlockCount - 1 ? ref _last : ref _buffers[BlockCount > 2 ? _next : 0];
        int rows = RowsOfBlock(index);
        return buffer ??= new(new float[(long)rows * FeatureCount], FeatureCount, new float[rows], HasWeights ? new float[rows] : null);
    }

    /// <summary>Waits for what is being read and not wanted any more.</summary>
    private void Settle()
    {
        try
        {
            _reading.Wait();
        }
        catch (AggregateException)
        {
            // Who wants the block reads it again, and meets the same error.
        }
        _reading = Task.CompletedTask;
    }
}
