namespace MLNetHyper.Engine;

/// <summary>Workers that each keep training rows of their own.</summary>
/// <param name="Workers">All of them.</param>
/// <param name="Seed">The same seed deals the same rows to the same workers.</param>
/// <param name="Identify">From rows that all have to a text that others would not give; an empty one where nobody asks.</param>
internal sealed record RowOwners(Workers Workers, int Seed, Func<Examples<float>, string> Identify)
{
    /// <summary>Throws where there are fewer rows than workers.</summary>
    /// <exception cref="ArgumentException">There are.</exception>
    internal void Check(int rows)
    {
        if (rows < Workers.Count)
            throw new ArgumentException($"{rows} training rows are too few to give some to each of {Workers.Count} workers. Start fewer workers, or divide batches.");
    }
}
