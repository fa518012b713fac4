namespace MLNetHyper.Engine;

/// <summary>The batches of the pass under way, of several over the same rows or over rows that are divided anew.</summary>
internal sealed class PassBatches : BatchSource
{
    private readonly BatchSource _first;
    private BatchSource _source;
    private long _start;

    /// <param name="first">The batches of the first pass.</param>
    internal PassBatches(BatchSource first) => _first = _source = first;

    public override int ExampleCount => _source.ExampleCount;

    public override int BatchSize => _source.BatchSize;

    internal override int Networks => _first.Networks;

    public override Batch BatchAt(long number) => _source.BatchAt(_start + number);

    /// <summary>Goes to the epochs that a pass begins with, so that their order is another one.</summary>
    internal void MoveTo(long batch) => _start = (batch + BatchesPerEpoch - 1) / BatchesPerEpoch * BatchesPerEpoch;

    /// <summary>Takes batches of other rows, in place of those before, which are done with.</summary>
    internal void Replace(BatchSource source)
    {
        if (_source != _first)
            (_source as IDisposable)?.Dispose();
        (_source, _start) = (source, 0);
    }
}
