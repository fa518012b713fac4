using System.Numerics;

namespace MLNetHyper.Engine;

/// <summary>
/// Shuffled minibatches of a source's blocks, one full batch that is laid out once, or batches of a whole block. No batch straddles
/// blocks, so that one block in memory is enough.
/// </summary>
internal sealed class NetworkBatchSource<T> : BatchSource where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly ExampleSource<T> _source;
    private readonly NetworkShape _shape;
    private readonly int? _seed;
    private readonly NetworkBatch<T>[] _ring;
    private readonly int[] _order;
    private readonly bool _isLaidOutOnce;
    private Examples<T>? _block;
    private long _blockNumber = -1;
    private int _next;

    internal NetworkBatchSource(ExampleSource<T> source, NetworkShape shape, Tiling tiling, int batchSize, int? seed, int retained)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(batchSize, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(retained, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(source.Count, 1, nameof(source));
        ArgumentOutOfRangeException.ThrowIfLessThan(source.BlockSize, 1, nameof(source));
        _source = source;
        _shape = shape;
        _seed = seed;
        BatchSize = Math.Min(batchSize, source.Count);
        if (source.BlockCount > 1 && source.BlockSize % BatchSize != 0)
            throw new ArgumentException($"No batch may straddle blocks, but blocks of {source.BlockSize} examples are no multiple of batches of {BatchSize}. Choose a batch size that divides {source.BlockSize}, or a block size that is a multiple of {BatchSize}.", nameof(source));
        if (source is Examples<T> examples)
            Check(examples, 0);
        _isLaidOutOnce = source is Examples<T> && BatchSize == source.Count;
        _ring = new NetworkBatch<T>[_isLaidOutOnce ? 1 : retained];
        for (int i = 0; i < _ring.Length; i++)
            _ring[i] = new NetworkBatch<T>(tiling, source.FeatureCount, BatchSize);
        _order = new int[Math.Min(source.BlockSize, source.Count)];
        if (_isLaidOutOnce)
        {
            Read(0, 0);
            _ring[0].Fill(_block!, _order);
        }
    }

    /// <inheritdoc/>
    public override int ExampleCount => _source.Count;

    /// <inheritdoc/>
    public override int BatchSize { get; }

    /// <inheritdoc/>
    public override Batch BatchAt(long number)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(number);
        if (_isLaidOutOnce)
            return _ring[0];
        (long epoch, long index) = Math.DivRem(number, BatchesPerEpoch);
        (long block, long start) = Math.DivRem(index * BatchSize, _source.BlockSize);
        Read(epoch, (int)block);
        NetworkBatch<T> batch = _ring[_next];
        _next = (_next + 1) % _ring.Length;
        batch.Fill(_block!, _order.AsSpan((int)start, Math.Min(BatchSize, _block!.Count - (int)start)));
        return batch;
    }

    /// <summary>Makes a block the current one, unless it is already, and shuffles its rows.</summary>
    private void Read(long epoch, int index)
    {
        // With one block, the number is the epoch's.
        long number = (epoch * _source.BlockCount) + index;
        if (number == _blockNumber)
            return;
        // Should the source throw, the old block is not to be taken for the new one, nor used: it may be overwritten.
        _blockNumber = -1;
        Examples<T> block = _source.BlockAt(epoch, index);
        if (!ReferenceEquals(block, _source))
            Check(block, index);
        _block = block;
        // The order within a batch of all rows need not change, so that a source of one block gives the bits that examples in memory give.
        Order(block.Count, BatchSize == ExampleCount ? 0 : number);
        _blockNumber = number;
    }

    private void Order(int count, long stream)
    {
        for (int i = 0; i < count; i++)
            _order[i] = i;
        if (_seed is null)
            return;
        SplitMix64 random = new(_seed.Value, stream);
        for (int i = count - 1; i > 0; i--)
        {
            int j = random.NextInt(i + 1);
            (_order[i], _order[j]) = (_order[j], _order[i]);
        }
    }

    private void Check(Examples<T> examples, int index)
    {
        int rows = _source.RowsOfBlock(index);
        if (examples.Count != rows || examples.FeatureCount != _source.FeatureCount)
            throw new ArgumentException($"Block {index} of the examples should be {rows} rows of {_source.FeatureCount} features, but are {examples.Count} rows of {examples.FeatureCount}. A source must give blocks of {nameof(ExampleSource<>.BlockSize)} rows, and what is left in the last.", nameof(examples));
        foreach (T target in examples.Targets)
        {
            bool fits = _shape.Loss switch
            {
                Loss.SquaredError => T.IsFinite(target),
                Loss.Logistic => target >= T.Zero && target <= T.One,
                _ => T.IsInteger(target) && target >= T.Zero && target < T.CreateChecked(_shape.Outputs),
            };
            if (!fits)
                throw new ArgumentException($"{target} is no target of {_shape.Loss} with {_shape.Outputs} outputs.", nameof(examples));
        }
    }
}
