namespace MLNetHyper.Engine.Tests;

/// <summary>Consecutive examples, cut into batches that are given in turn and never shuffled.</summary>
internal sealed class CyclicBatches : BatchSource
{
    private readonly IndexBatch[] _batches;

    internal CyclicBatches(int first, int count, int batchSize)
    {
        (ExampleCount, BatchSize) = (count, batchSize);
        _batches = [.. Enumerable.Range(first, count).Chunk(batchSize).Select(examples => new IndexBatch(examples))];
    }

    public override int ExampleCount { get; }

    public override int BatchSize { get; }

    public override Batch BatchAt(long number) => _batches[number % _batches.Length];
}
