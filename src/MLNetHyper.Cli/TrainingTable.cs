namespace MLNetHyper.Cli;

/// <summary>A table as it is trained on.</summary>
/// <param name="Table">Its rows, or a sample of those that do not fit in memory.</param>
/// <param name="Data">What is predicted and how rows are divided.</param>
/// <param name="Prepared">The examples.</param>
/// <param name="Streamed">What keeps the rows that do not fit; null where all do.</param>
/// <param name="MemoryNeeded">About how many bytes of memory it takes; null where nobody can tell beforehand.</param>
internal sealed record TrainingTable(Table Table, DataOptions Data, PreparedData<float> Prepared, StreamedTable? Streamed, long? MemoryNeeded) : IDisposable
{
    /// <summary>Where its rows are, as the end of a sentence.</summary>
    internal string Place => Streamed is not null ? Streamed.Place : MemoryNeeded is > 0 and { } bytes ? $"in about {ByteText.Of(bytes)} of memory" : "in memory";

    public void Dispose() => Streamed?.Dispose();
}
