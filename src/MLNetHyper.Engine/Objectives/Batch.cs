namespace MLNetHyper.Engine;

/// <summary>A set of examples in the form that one engine computes with.</summary>
public abstract class Batch
{
    /// <summary>The number of examples.</summary>
    public abstract int Count { get; }

    /// <summary>
    /// How much the batch's mean loss counts beside that of other batches: its number of examples, times the mean of all examples'
    /// weights where they have any.
    /// </summary>
    public virtual double Weight => Count;

    /// <summary>The same for one of several models.</summary>
    internal virtual double WeightOf(int model) => Weight;
}

/// <summary>
/// Gives the batch of every step. What batch a step gets depends on the step's number and the seed alone, so a resumed run
/// needs no other state to continue bit-identically.
/// </summary>
public abstract class BatchSource
{
    /// <summary>The number of examples that it draws from.</summary>
    public abstract int ExampleCount { get; }

    /// <summary>The number of examples in a full batch; the last batch of an epoch may be smaller.</summary>
    public abstract int BatchSize { get; }

    /// <summary>For how many networks a batch has examples of their own.</summary>
    internal virtual int Networks => 1;

    /// <summary>Among how many workers every batch is divided.</summary>
    internal virtual int Parts => 1;

    /// <summary>
    /// From now on gives this worker its part of every batch. <see cref="ExampleCount"/> and <see cref="BatchSize"/> stay those of all workers together. Default: nothing, since a source of
    /// one's own has this worker's rows to begin with.
    /// </summary>
    internal virtual void DivideAmong(Workers workers) { }

    /// <summary>The source of one of several models, to be asked on any thread for what was prepared; null where there is none.</summary>
    internal virtual BatchSource? Of(int model) => null;

    /// <summary>Told which batches the sources of models will be asked for next.</summary>
    /// <returns>How many of them are at hand: all, or as many as are retained.</returns>
    internal virtual int Prepare(long number, int count) => count;

    /// <summary>How many batches one pass over the data takes.</summary>
    public int BatchesPerEpoch => (int)(((long)ExampleCount + BatchSize - 1) / BatchSize);

    /// <summary>
    /// The batch of step <paramref name="number"/>, counted from 0. It stays valid until as many further batches have been asked
    /// for as the source was made to retain.
    /// </summary>
    public abstract Batch BatchAt(long number);
}
