using System.Numerics;

namespace MLNetHyper.Engine;

/// <summary>Shuffled minibatches of examples in memory, or one full batch that is laid out once.</summary>
internal sealed class NetworkBatchSource<T> : BatchSource where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly Examples<T> _examples;
    private readonly int? _seed;
    private readonly NetworkBatch<T>[] _ring;
    private readonly int[] _order;
    private long _orderEpoch = -1;
    private int _next;

    internal NetworkBatchSource(Examples<T> examples, Tiling tiling, int batchSize, int? seed, int retained)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(batchSize, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(retained, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(examples.Count, 1, nameof(examples));
        _examples = examples;
        _seed = seed;
        BatchSize = Math.Min(batchSize, examples.Count);
        _ring = new NetworkBatch<T>[BatchSize == examples.Count ? 1 : retained];
        for (int i = 0; i < _ring.Length; i++)
            _ring[i] = new NetworkBatch<T>(tiling, examples.FeatureCount, BatchSize);
        _order = new int[examples.Count];
        if (BatchSize == examples.Count)
        {
            Order(0);
            _ring[0].Fill(_examples, _order);
        }
    }

    /// <inheritdoc/>
    public override int ExampleCount => _examples.Count;

    /// <inheritdoc/>
    public override int BatchSize { get; }

    /// <inheritdoc/>
    public override Batch BatchAt(long number)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(number);
        if (BatchSize == ExampleCount)
            return _ring[0];
        (long epoch, long index) = Math.DivRem(number, BatchesPerEpoch);
        Order(epoch);
        NetworkBatch<T> batch = _ring[_next];
        _next = (_next + 1) % _ring.Length;
        int start = (int)index * BatchSize;
        batch.Fill(_examples, _order.AsSpan(start, Math.Min(BatchSize, ExampleCount - start)));
        return batch;
    }

    private void Order(long epoch)
    {
        if (epoch == _orderEpoch)
            return;
        _orderEpoch = epoch;
        for (int i = 0; i < _order.Length; i++)
            _order[i] = i;
        if (_seed is null)
            return;
        SplitMix64 random = new(_seed.Value, epoch);
        for (int i = _order.Length - 1; i > 0; i--)
        {
            int j = random.NextInt(i + 1);
            (_order[i], _order[j]) = (_order[j], _order[i]);
        }
    }
}
