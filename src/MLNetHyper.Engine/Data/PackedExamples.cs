namespace MLNetHyper.Engine;

/// <summary>Training rows in a temporary file, read block by block; while training computes on one block, the next is read. Blocks come in another order in every epoch.</summary>
internal sealed class PackedExamples : ExampleSource<float>, IDisposable
{
    private readonly PackedFile _file;
    private readonly int _seed;
    private readonly int[] _order;
    private readonly Examples<float>[] _buffers;
    private readonly bool _hasWeights;
    private Examples<float>? _last;
    private long _orderOf = -1;
    private (long Epoch, int Index) _current = (-1, -1), _ahead = (-1, -1);
    private Examples<float>? _block;
    private Task _reading = Task.CompletedTask;
    private int _next;

    internal PackedExamples(PackedFile file, int count, int featureCount, bool hasWeights, int blockSize, int seed)
    {
        (_file, Count, FeatureCount, BlockSize, _seed, _hasWeights) = (file, count, featureCount, Math.Min(blockSize, count), seed, hasWeights);
        // The last block is smaller and stays the last.
        _order = new int[BlockCount - 1];
        _buffers = [.. Enumerable.Range(0, Math.Min(2, BlockCount - 1)).Select(_ => Buffer(BlockSize))];
    }

    public override int Count { get; }

    public override int FeatureCount { get; }

    public override int BlockSize { get; }

    /// <summary>Features that are 0 in all rows.</summary>
    internal required IReadOnlyList<int> ZeroFeatures { get; init; }

    public override Examples<float> BlockAt(long epoch, int index)
    {
        // There is one, or it is the last one of any epoch, which all have.
        bool isAtHand = _block is not null && (_current == (epoch, index) || (index == BlockCount - 1 && _current.Index == index));
        if (isAtHand)
            return _block!;
        Examples<float> block = Ahead(epoch, index) ?? Read(epoch, index);
        (_block, _current) = (block, (epoch, index));
        if (BlockCount > 1)
            ReadAhead(index + 1 < BlockCount ? epoch : epoch + 1, index + 1 < BlockCount ? index + 1 : 0);
        return block;
    }

    /// <summary>Closes the file, which is then gone.</summary>
    public void Dispose()
    {
        Settle();
        _file.Dispose();
    }

    /// <summary>The block that was read ahead, if it is this one.</summary>
    private Examples<float>? Ahead(long epoch, int index)
    {
        bool isIt = _ahead == (epoch, index);
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
        _file.Read(PlaceOf(epoch, index), into);
        return into;
    }

    private void ReadAhead(long epoch, int index)
    {
        // The block at hand is in use.
        if (index < BlockCount - 1)
            _next = 1 - _next;
        Examples<float> into = Destination(index);
        if (ReferenceEquals(into, _block))
            return;
        int place = PlaceOf(epoch, index);
        _ahead = (epoch, index);
        _reading = Task.Run(() => _file.Read(place, into));
    }

    private Examples<float> Destination(int index) => index == BlockCount - 1 ? _last ??= Buffer(RowsOfBlock(index)) : _buffers[_next % _buffers.Length];

    private int PlaceOf(long epoch, int index)
    {
        if (epoch != _orderOf)
        {
            ShuffledOrder.Fill(_order, _seed, epoch);
            _orderOf = epoch;
        }
        return index < _order.Length ? _order[index] : index;
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
    }

    private Examples<float> Buffer(int rows) => new(new float[(long)rows * FeatureCount], FeatureCount, new float[rows], _hasWeights ? new float[rows] : null);
}
