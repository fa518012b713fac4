using System.Numerics;

namespace MLNetHyper.Engine;

/// <summary>
/// Which rows of which block every batch has: the same on every engine, since they depend on the batch's number and the seed alone.
/// No batch straddles blocks, so that one block in memory is enough.
/// </summary>
internal sealed class ShuffledRows<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly ExampleSource<T> _source;
    private readonly Architecture _architecture;
    private readonly int? _seed;
    private readonly int[]? _rows;
    private readonly int[] _order;
    private readonly RowShare? _share;
    private Workers _workers = Workers.One;

    // Of the rows of all workers, where each has its own in memory.
    private double? _meanWeight;
    private long _blockNumber = -1;

    /// <param name="source">All rows.</param>
    /// <param name="architecture">What they must fit.</param>
    /// <param name="batchSize">Rows of a batch.</param>
    /// <param name="seed">The order's seed; null to keep theirs.</param>
    /// <param name="rows">Some of the rows of examples in memory; null for all.</param>
    /// <param name="isEncoded">Whether <see cref="Inputs"/> ends with the network's inputs; otherwise it leaves the last transform, their encoding, to who takes the rows.</param>
    internal ShuffledRows(ExampleSource<T> source, Architecture architecture, int batchSize, int? seed, int[]? rows = null, bool isEncoded = true)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentOutOfRangeException.ThrowIfLessThan(batchSize, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(source.Count, 1, nameof(source));
        ArgumentOutOfRangeException.ThrowIfLessThan(source.BlockSize, 1, nameof(source));
        if (source.InputCount != architecture.Inputs)
            throw new ArgumentException($"The network has {architecture.Inputs} inputs, but the examples have {source.InputCount} features.", nameof(source));
        Inputs = new(isEncoded ? source.Widening : [.. source.Widening.SkipLast(1)]);
        (_source, _architecture, _seed, _rows, _share) = (source, architecture, seed, rows, source.Share);
        ExampleCount = rows?.Length ?? _share?.Count ?? source.Count;
        ArgumentOutOfRangeException.ThrowIfLessThan(ExampleCount, 1, nameof(rows));
        BatchSize = Math.Min(batchSize, ExampleCount);
        if (_share is null && source.BlockCount > 1 && source.BlockSize % BatchSize != 0)
            throw new ArgumentException($"No batch may straddle blocks, but blocks of {source.BlockSize} examples are not a multiple of batches of {BatchSize}. Choose a batch size that divides {source.BlockSize}, or a block size that is a multiple of {BatchSize}.", nameof(source));
        if (source is Examples<T> examples)
            Check(examples, 0);
        else if (rows is not null)
            throw new ArgumentException("Only examples in memory can be divided.", nameof(rows));
        _order = new int[rows?.Length ?? Math.Min(source.BlockSize, source.Count)];
    }

    internal int BatchSize { get; }

    /// <summary>The seed of what is drawn for a batch, another one for every worker: that of the order, or 0 where rows keep theirs.</summary>
    internal int Seed => unchecked((_seed ?? 0) + (7919 * _workers.Rank));

    /// <summary>Among how many workers batches are divided.</summary>
    internal int Parts => _workers.Count;

    /// <summary>The most rows that a batch of this worker has.</summary>
    internal int LargestPart => _share is null
        ? Math.Max((BatchSize + Parts - 1) / Parts, Math.Min(BatchSize, Parts - 1))
        : Math.Max(LargestOf(0), LargestOf(_source.BlockCount - 1));

    /// <summary>What the current batch counts by, for this worker: 1, or less where it is too small to be divided.</summary>
    internal double Share { get; private set; } = 1;

    /// <summary>From a row's features to a network's inputs, or to what is to be encoded.</summary>
    internal TransformedRow Inputs { get; }

    internal int ExampleCount { get; }

    /// <summary>Whether every batch is all rows, in memory.</summary>
    internal bool AreAlwaysAll => _source is Examples<T> && BatchSize == ExampleCount;

    /// <summary>Where rows in memory lie between knots; null of blocks, whose rows may be others in every epoch.</summary>
    internal LocatedRows? Located => (_source as Examples<T>)?.Located;

    private long BatchesPerEpoch => _share is null ? ((long)ExampleCount + BatchSize - 1) / BatchSize : ((_source.BlockCount - 1L) * BatchesOf(0)) + BatchesOf(_source.BlockCount - 1);

    /// <summary>The current block.</summary>
    internal Examples<T> Block { get; private set; } = null!;

    /// <summary>The mean weight of the current block's rows; 1 where they have none. Several blocks are taken for alike: none knows the others.</summary>
    internal double MeanWeight { get; private set; } = 1;

    /// <summary>Changes whenever <see cref="Block"/> or its order does.</summary>
    internal long BlockNumber => _blockNumber;

    /// <summary>The current block's rows in this epoch's order.</summary>
    internal ReadOnlySpan<int> Order => _order.AsSpan(0, _rows?.Length ?? Block.Count);

    /// <summary>Makes the block of a batch the current one, and says where in its order the batch is.</summary>
    internal Range MoveTo(long number)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(number);
        (long epoch, long index) = Math.DivRem(number, BatchesPerEpoch);
        if (_share is not null)
            return MoveToOwn(epoch, index);
        (long block, long start) = Math.DivRem(index * BatchSize, _source.BlockSize);
        Read(epoch, (int)block);
        return PartOf((int)start, Math.Min(BatchSize, Order.Length - (int)start));
    }

    /// <summary>
    /// From now on batches are this worker's parts: the orders stay those of one process, so that together workers have its batches. Of rows of its own it has whole batches anyway, whose weights it compares with
    /// the others'.
    /// </summary>
    internal void DivideAmong(Workers workers)
    {
        _workers = workers;
        if (_share is null || _source is not Examples<T> { Weights: { } weights })
            return;
        double[] sums = [weights.Sum(double.CreateChecked), weights.Length];
        workers.Sum(sums);
        _meanWeight = sums[0] / sums[1];
    }

    /// <summary>The same where each worker has rows of its own: a block's are divided evenly among its batches, of which all have as many.</summary>
    private Range MoveToOwn(long epoch, long index)
    {
        long block = Math.Min(index / BatchesOf(0), _source.BlockCount - 1), place = index - (block * BatchesOf(0)), batches = BatchesOf((int)block);
        Read(epoch, (int)block);
        return (int)(place * Order.Length / batches)..(int)((place + 1) * Order.Length / batches);
    }

    private int BatchesOf(int block) => _share!.BatchesOf(block, _source, BatchSize);

    private int LargestOf(int block) => (_source.RowsOfBlock(block) + BatchesOf(block) - 1) / BatchesOf(block);

    /// <summary>This worker's part of a batch. Of one with fewer rows than there are workers all have all, and it counts once.</summary>
    private Range PartOf(int start, int count)
    {
        bool isDivided = count >= Parts;
        Share = isDivided ? 1 : 1.0 / Parts;
        return isDivided ? (start + Border(_workers.Rank))..(start + Border(_workers.Rank + 1)) : start..(start + count);

        int Border(int rank) => (int)((long)count * rank / Parts);
    }

    /// <summary>Makes a block the current one, unless it is already, and shuffles its rows.</summary>
    private void Read(long epoch, int index)
    {
        // With one block, the number is the epoch's; and where a batch is all rows in memory, one order serves for good.
        long number = AreAlwaysAll ? 0 : (epoch * _source.BlockCount) + index;
        if (number == _blockNumber)
            return;
        // Should the source throw, the old block is not to be taken for the new one, nor used: it may be overwritten.
        _blockNumber = -1;
        Examples<T> block = _source.BlockAt(epoch, index);
        if (!ReferenceEquals(block, _source))
            Check(block, index);
        // Rows in memory stay as they are; a block that is read again may have others.
        if (!ReferenceEquals(block, _source) || !ReferenceEquals(block, Block))
            MeanWeight = _meanWeight ?? MeanOf(block.Weights);
        Block = block;
        // The order within a batch of all rows need not change, so that a source of one block gives the bits that examples in memory give.
        Span<int> order = _order.AsSpan(0, _rows?.Length ?? block.Count);
        ShuffledOrder.Fill(order, _seed, BatchSize == ExampleCount ? 0 : number);
        for (int i = 0; _rows is not null && i < order.Length; i++)
            order[i] = _rows[order[i]];
        _blockNumber = number;
    }

    private static double MeanOf(T[]? weights)
    {
        if (weights is null)
            return 1;
        return weights.Sum(double.CreateChecked) / weights.Length;
    }

    private void Check(Examples<T> examples, int index)
    {
        int rows = _source.RowsOfBlock(index);
        if (examples.Count != rows || examples.FeatureCount != _source.FeatureCount)
            throw new ArgumentException($"Block {index} of the examples should be {rows} rows of {_source.FeatureCount} features, but are {examples.Count} rows of {examples.FeatureCount}. A source must give blocks of {nameof(ExampleSource<>.BlockSize)} rows, and what is left in the last.", nameof(examples));
        foreach (T target in examples.Targets)
        {
            bool fits = _architecture.Loss switch
            {
                Loss.SquaredError => T.IsFinite(target),
                Loss.Logistic => target >= T.Zero && target <= T.One,
                _ => T.IsInteger(target) && target >= T.Zero && target < T.CreateChecked(_architecture.Outputs),
            };
            if (!fits)
                throw new ArgumentException($"{target} is no target of {_architecture.Loss} with {_architecture.Outputs} outputs.", nameof(examples));
        }
    }
}
