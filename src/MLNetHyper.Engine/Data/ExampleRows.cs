namespace MLNetHyper.Engine;

/// <summary>Takes encoded rows, one after the other.</summary>
/// <param name="expected">How many there will be.</param>
internal abstract class ExampleRows(int expected)
{
    /// <summary>How many came.</summary>
    internal int Count { get; private set; }

    /// <summary>Takes the next row.</summary>
    internal void Add(ReadOnlySpan<float> features, float target, float weight)
    {
        if (Count < expected)
            Keep(features, target, weight);
        Count++;
    }

    /// <summary>After the last row.</summary>
    /// <exception cref="IOException">There were more, or fewer.</exception>
    internal void Complete()
    {
        if (Count != expected)
            throw new IOException($"the file gave {expected} training rows when it was first read, and {Count} now. It must stay the same while it is read.");
        Flush();
    }

    private protected abstract void Keep(ReadOnlySpan<float> features, float target, float weight);

    private protected virtual void Flush() { }
}
