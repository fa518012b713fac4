namespace MLNetHyper.Engine;

/// <summary>
/// Examples that may be more than fit in memory, in blocks of rows. <see cref="Examples{T}"/> in memory are one block. Derive from it
/// to train on rows that are read as they are needed.
/// </summary>
/// <typeparam name="T">float or double.</typeparam>
/// <remarks>
/// Only one run at a time may read from a source. Rows are shuffled within their block; mixing rows of different blocks, or another order
/// of the blocks in every epoch, is up to the source.
/// </remarks>
public abstract class ExampleSource<T> where T : unmanaged
{
    /// <summary>Number of rows in all blocks.</summary>
    public abstract int Count { get; }

    /// <summary>Number of features in a row, at least 1.</summary>
    public abstract int FeatureCount { get; }

    /// <summary>What is done to rows when batches are packed; they are kept as they are, since it widens them.</summary>
    internal IReadOnlyList<InputTransform> Widening { get; set; } = [];

    /// <summary>How members divide these rows, all in memory, into those that train and those that validate them; null where other rows validate.</summary>
    internal MemberRows? Folds { get; init; }

    /// <summary>What these rows are a worker's share of; null where they are all.</summary>
    internal RowShare? Share { get; init; }

    /// <summary>These rows and those that validate them, divided anew for each pass of a method that takes several; null where they stay divided as they are.</summary>
    internal Examples<T>? Redivided { get; init; }

    /// <summary>Rows that a network trains on, those of other workers included.</summary>
    internal int TrainingCount => Folds?.Training[0].Length ?? Share?.Count ?? Count;

    /// <summary>Inputs of a network that learns from these rows.</summary>
    internal int InputCount => Widening is [.., var last] ? last.OutputWidth : FeatureCount;

    /// <summary>Rows of every block but the last, which has what is left. Where there are several blocks, a multiple of the batch size.</summary>
    public abstract int BlockSize { get; }

    /// <summary>Number of blocks; 0 without rows.</summary>
    public int BlockCount => Count == 0 ? 0 : (int)(((long)Count + BlockSize - 1) / BlockSize);

    /// <summary>
    /// The rows of one block in one pass over the data; valid until the next call. The same arguments must give the same rows in the
    /// same order, or a resumed run is not the uninterrupted one.
    /// </summary>
    /// <param name="epoch">Which pass, from 0.</param>
    /// <param name="index">
    /// Which block, from 0 to below <see cref="BlockCount"/>: ascending within an epoch as a rule, but any order must work, as a run reads
    /// the first batches twice and resumes in the middle.
    /// </param>
    public abstract Examples<T> BlockAt(long epoch, int index);

    /// <summary>The number of rows that a block must have.</summary>
    internal int RowsOfBlock(int index) => (int)Math.Min(BlockSize, Count - ((long)index * BlockSize));
}
