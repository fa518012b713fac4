namespace MLNetHyper.Engine;

/// <summary>
/// What all workers together have, where each keeps rows of its own: as many as the others, or one fewer. Every batch has rows of each, since all divide their rows into as many batches.
/// </summary>
/// <param name="Count">The rows of all workers.</param>
/// <param name="Workers">Among how many they are dealt.</param>
internal sealed record RowShare(int Count, int Workers)
{
    /// <summary>Features that are 0 in all of them.</summary>
    internal required IReadOnlyList<int> ZeroFeatures { get; init; }

    /// <summary>The least and the greatest target of all of them; null where nobody has seen all.</summary>
    internal (float Least, float Greatest)? Targets { get; init; }

    /// <summary>Text that other rows would not have, whoever has which of them; empty where nobody asks.</summary>
    internal string Identity { get; init; } = "";

    /// <summary>A worker's own of rows that are all in memory, and their places among these.</summary>
    /// <param name="all">All training rows.</param>
    /// <param name="owners">The workers.</param>
    /// <param name="zeroFeatures">Features that are 0 in all rows.</param>
    /// <exception cref="ArgumentException">There are fewer rows than workers.</exception>
    internal static (Examples<float> Own, int[] Rows) Deal(Examples<float> all, RowOwners owners, IReadOnlyList<int> zeroFeatures)
    {
        owners.Check(all.Count);
        var deal = new RowDeal(owners.Workers.Count, owners.Seed);
        int[] rows = [.. Enumerable.Range(0, all.Count).Where(row => deal.WorkerOf(row) == owners.Workers.Rank)];
        float[] features = new float[(long)rows.Length * all.FeatureCount];
        for (int i = 0; i < rows.Length; i++)
            all.FeaturesOf(rows[i]).CopyTo(features.AsSpan(i * all.FeatureCount));
        RowShare share = new(all.Count, owners.Workers.Count) { ZeroFeatures = zeroFeatures, Targets = (all.Targets.Min(), all.Targets.Max()), Identity = owners.Identify(all) };
        return (new(features, all.FeatureCount, Array.ConvertAll(rows, row => all.Targets[row]), all.Weights is { } weights ? Array.ConvertAll(rows, row => weights[row]) : null) { Widening = all.Widening, Share = share }, rows);
    }

    /// <summary>Into how many batches all divide a block.</summary>
    /// <param name="block">Which of this worker's blocks.</param>
    /// <param name="rows">This worker's rows.</param>
    /// <param name="batchSize">The rows of a batch of all together. There are more where a worker would have none in it.</param>
    internal int BatchesOf<T>(int block, ExampleSource<T> rows, int batchSize) where T : unmanaged
    {
        int last = rows.BlockCount - 1;
        long before = (long)last * rows.BlockSize;
        (long together, long fewest) = block < last ? ((long)rows.BlockSize * Workers, rows.BlockSize) : (Count - (before * Workers), (Count / Workers) - before);
        return (int)Math.Clamp((together + batchSize - 1) / batchSize, 1, fewest);
    }
}
