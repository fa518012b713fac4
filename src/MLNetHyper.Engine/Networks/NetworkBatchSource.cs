using System.Numerics;

namespace MLNetHyper.Engine;

/// <summary>Shuffled minibatches of a source's blocks, one full batch that is laid out once, or batches of a whole block.</summary>
internal sealed class NetworkBatchSource<T> : BatchSource where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly ShuffledRows<T> _rows;
    private readonly NetworkBatch<T>[] _ring;
    private int _next;

    internal NetworkBatchSource(ShuffledRows<T> rows, int featureCount, Tiling tiling, int retained)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(retained, 1);
        _rows = rows;
        _ring = new NetworkBatch<T>[retained];
        for (int i = 0; i < _ring.Length; i++)
            _ring[i] = i > 0 && rows.AreAlwaysAll ? _ring[0] : new NetworkBatch<T>(tiling, featureCount, BatchSize);
        LayOutOnce();
    }

    /// <inheritdoc/>
    public override int ExampleCount => _rows.ExampleCount;

    /// <inheritdoc/>
    public override int BatchSize => _rows.BatchSize;

    internal override int Parts => _rows.Parts;

    internal override void DivideAmong(Workers workers)
    {
        _rows.DivideAmong(workers);
        LayOutOnce();
    }

    /// <inheritdoc/>
    public override Batch BatchAt(long number)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(number);
        NetworkBatch<T> batch = _ring[_next];
        _next = (_next + 1) % _ring.Length;
        batch.Random = new SplitMix64(_rows.Seed, number);
        if (!_rows.AreAlwaysAll)
            Fill(batch, number);
        return batch;
    }

    /// <summary>Where every batch is all rows, they stay in one place.</summary>
    private void LayOutOnce()
    {
        if (!_rows.AreAlwaysAll)
            return;
        Fill(_ring[0], 0);
        for (int i = 1; i < _ring.Length; i++)
            _ring[i] = new NetworkBatch<T>(_ring[0]);
    }

    private void Fill(NetworkBatch<T> batch, long number)
    {
        Range range = _rows.MoveTo(number);
        batch.Fill(_rows.Block, _rows.Order[range], _rows.MeanWeight, _rows.Inputs);
        batch.Share = _rows.Share;
    }
}
