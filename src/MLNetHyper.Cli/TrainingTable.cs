namespace MLNetHyper.Cli;

/// <summary>A table as it is trained on.</summary>
/// <param name="Table">Its rows, or a sample of those that do not fit in memory.</param>
/// <param name="Data">What is predicted and how rows are divided.</param>
/// <param name="Prepared">The examples.</param>
/// <param name="Streamed">What keeps the rows that do not fit; null where all do.</param>
internal sealed record TrainingTable(Table Table, DataOptions Data, PreparedData<float> Prepared, StreamedTable? Streamed) : IDisposable
{
    public void Dispose() => Streamed?.Dispose();
}
