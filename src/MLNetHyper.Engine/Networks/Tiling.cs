namespace MLNetHyper.Engine;

/// <summary>
/// How a network's batches lie in memory and into which chunks they are cut. It depends on the network and the register width
/// alone, never on the number of threads, so that neither do the results.
/// </summary>
/// <param name="Width">Numbers in a vector register.</param>
/// <param name="ExamplesAreRows">
/// Whether the first layer reads examples as rows of features, which suits many features, or features as rows of examples, which
/// suits few. All further layers have units as rows.
/// </param>
/// <param name="Fused">Whether the passes of <see cref="RectifierPass{L, V, T}"/> apply.</param>
/// <param name="ChunkExamples">The most examples in a chunk, a whole number of vectors.</param>
internal readonly record struct Tiling(int Width, bool ExamplesAreRows, bool Fused, int ChunkExamples)
{
    private const int ManyFeatures = 64;
    private const int MostGroups = 16;

    // A fused chunk's weighted features, ten rows or so, fit the first-level cache; three vectors are computed at a time.
    private const int FusedVectors = 39;
    private const int LeastFusedChunks = 4;

    // What a chunk's activations and deltas may take of the second-level cache.
    private const int ChunkBytes = 512 * 1024;

    // Wide layers' weights and gradients come from memory for every chunk, which fewer examples would not pay for; more would leave too few chunks for threads.
    private const int LeastExamples = 128;

    // Those of a layer with so many weights come from further away.
    private const int ManyWeights = 1 << 19;
    private const int LeastExamplesOfMany = 512;

    internal static Tiling For(NetworkShape shape, int width, int elementSize, bool? examplesAreRows = null)
    {
        bool rows = examplesAreRows ?? shape.Inputs >= ManyFeatures;
        bool fused = !rows && shape.Layers.Length == 2 && shape.Outputs == 1 && shape.Activation == Activation.Relu;
        if (fused)
            return new Tiling(width, rows, fused, FusedVectors * width);
        long units = rows ? shape.Inputs : 0;
        foreach (NetworkShape.Layer layer in shape.Layers)
            units += 2L * layer.Outputs;
        long vectors = ChunkBytes / (units * width * elementSize);
        // An odd number of vectors keeps rows from falling on the same cache sets.
        int least = shape.Layers.Max(layer => (long)layer.Inputs * layer.Outputs) < ManyWeights ? LeastExamples : LeastExamplesOfMany;
        vectors = Math.Clamp(vectors, least / width, 128) | 1;
        return new Tiling(width, rows, fused, (int)vectors * width);
    }

    internal int Padded(int count) => (count + Width - 1) / Width * Width;

    internal int ChunkCount(int examples) => (examples + ChunkExamples - 1) / ChunkExamples;

    /// <summary>The examples of chunk <paramref name="index"/>. Chunks are equal but for the last.</summary>
    internal Chunk ChunkAt(int examples, int index)
    {
        int chunks = ChunkCount(examples);
        int size = Padded((examples + chunks - 1) / chunks);
        int start = Math.Min(index * size, Padded(examples));
        int count = Math.Clamp(examples - start, 0, size);
        return new Chunk(start, count, Padded(count));
    }

    /// <summary>
    /// Chunks are summed in groups, each by one thread and into its own copy of the weights, and the groups' sums are then added
    /// in order.
    /// </summary>
    internal int GroupCount(int examples)
    {
        int chunks = ChunkCount(examples), perGroup = ChunksPerGroup(chunks);
        return (chunks + perGroup - 1) / perGroup;
    }

    internal (int First, int End) ChunksOf(int examples, int group)
    {
        int chunks = ChunkCount(examples), perGroup = ChunksPerGroup(chunks);
        return (group * perGroup, Math.Min((group + 1) * perGroup, chunks));
    }

    // Fused chunks are small and share the addition of lanes, so that a group has several.
    private int ChunksPerGroup(int chunks)
    {
        int groups = Math.Clamp(Fused ? chunks / LeastFusedChunks : chunks, 1, MostGroups);
        return (chunks + groups - 1) / groups;
    }
}

/// <summary>A run of examples that is computed at once.</summary>
/// <param name="Start">Its first example, at a vector's beginning.</param>
/// <param name="Count">Its number of examples.</param>
/// <param name="Columns">That number padded to whole vectors.</param>
internal readonly record struct Chunk(int Start, int Count, int Columns);
