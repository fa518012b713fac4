using System.Numerics;

namespace MLNetHyper.Engine;

/// <summary>Shuffled minibatches of a source's blocks, one full batch that is laid out once, or batches of a whole block.</summary>
internal sealed class NetworkBatchSource<T> : BatchSource where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly ShuffledRows<T> _rows;
    private readonly int _featureCount;
    private readonly Tiling _tiling;
    private readonly NetworkBatch<T>?[] _ring;
    private int _next;

    internal NetworkBatchSource(ShuffledRows<T> rows, int featureCount, Tiling tiling, int retained)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(retained, 1);
        (_rows, _featureCount, _tiling) = (rows, featureCount, tiling);
        _ring = new NetworkBatch<T>[retained];
    }

    /// <inheritdoc/>
    public override int ExampleCount => _rows.ExampleCount;

    /// <inheritdoc/>
    public override int BatchSize => _rows.BatchSize;

    internal override int Parts => _rows.Parts;

    internal override void DivideAmong(Workers workers)
    {
        _rows.DivideAmong(workers);
        Array.Clear(_ring);
    }

    /// <inheritdoc/>
    public override Batch BatchAt(long number)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(number);
        // Not before the first: workers' batches are smaller.
        NetworkBatch<T> batch = _ring[_next] ??= Create();
        _next = (_next + 1) % _ring.Length;
        batch.Random = new SplitMix64(_rows.Seed, number);
        if (!_rows.AreAlwaysAll)
            Fill(batch, number);
        return batch;
    }

    /// <summary>Where every batch is all rows, they are laid out once.</summary>
    private NetworkBatch<T> Create()
    {
        if (_rows.AreAlwaysAll && Array.Find(_ring, batch => batch is not null) is { } same)
            return new NetworkBatch<T>(same);
        var batch = new NetworkBatch<T>(_tiling, _featureCount, _rows.LargestPart);
        if (_rows.AreAlwaysAll)
            Fill(batch, 0);
        return batch;
    }

    private void Fill(NetworkBatch<T> batch, long number)
    {
        Range range = _rows.MoveTo(number);
        batch.Fill(_rows.Block, _rows.Order[range], _rows.MeanWeight, _rows.Inputs);
        batch.Share = _rows.Share;
    }
}
