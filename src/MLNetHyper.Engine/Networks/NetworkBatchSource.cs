using System.Numerics;

namespace MLNetHyper.Engine;

/// <summary>Shuffled minibatches of a source's blocks, one full batch that is laid out once, or batches of a whole block.</summary>
internal sealed class NetworkBatchSource<T> : BatchSource where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly ShuffledRows<T> _rows;
    private readonly int _featureCount;
    private readonly Tiling _tiling;
    private readonly Knots? _knots;
    private readonly LocatedRows? _located;
    private readonly NetworkBatch<T>?[] _ring;
    private int _next;

    /// <param name="rows">Which rows a batch has.</param>
    /// <param name="featureCount">Inputs of the network.</param>
    /// <param name="tiling">How batches lie in memory.</param>
    /// <param name="knots">Of bins among the inputs that are not to be laid out.</param>
    /// <param name="retained">How many batches stay valid.</param>
    internal NetworkBatchSource(ShuffledRows<T> rows, int featureCount, Tiling tiling, Knots? knots, int retained)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(retained, 1);
        (_rows, _featureCount, _tiling, _knots) = (rows, featureCount, tiling, knots);
        // A batch of all rows is laid out once anyway.
        _located = knots is null || rows.AreAlwaysAll ? null : rows.Located;
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
        // Not before the first is asked for: workers' batches are smaller.
        if (_ring[0] is null)
            Create();
        NetworkBatch<T> batch = _ring[_next]!;
        _next = (_next + 1) % _ring.Length;
        batch.Random = new SplitMix64(_rows.Seed, number);
        if (!_rows.AreAlwaysAll)
            Fill(batch, number);
        return batch;
    }

    private void Create()
    {
        var first = new NetworkBatch<T>(_tiling, _featureCount, _rows.LargestPart, _knots);
        // Where every batch is all rows, they are laid out once.
        if (_rows.AreAlwaysAll)
            Fill(first, 0);
        _ring[0] = first;
        for (int i = 1; i < _ring.Length; i++)
            _ring[i] = _rows.AreAlwaysAll ? new NetworkBatch<T>(first) : new NetworkBatch<T>(_tiling, _featureCount, _rows.LargestPart, _knots);
    }

    private void Fill(NetworkBatch<T> batch, long number)
    {
        Range range = _rows.MoveTo(number);
        batch.Fill(_rows.Block, _rows.Order[range], _rows.MeanWeight, _rows.Inputs, _located);
        batch.Share = _rows.Share;
    }
}
