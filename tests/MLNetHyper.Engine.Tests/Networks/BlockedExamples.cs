namespace MLNetHyper.Engine.Tests;

/// <summary>Examples in memory that pretend not to be: blocks are copied into the same arrays over and over, as a reader would.</summary>
internal sealed class BlockedExamples(Examples<float> examples, int blockSize) : ExampleSource<float>
{
    private readonly Dictionary<int, Examples<float>> _blocks = [];

    public override int Count => examples.Count;

    public override int FeatureCount => examples.FeatureCount;

    public override int BlockSize => blockSize;

    /// <summary>What was asked for.</summary>
    internal List<(long Epoch, int Index)> Calls { get; } = new(100_000);

    /// <summary>Rows that a faulty source leaves out of every block.</summary>
    internal int Missing { get; init; }

    public override Examples<float> BlockAt(long epoch, int index)
    {
        Calls.Add((epoch, index));
        // The caller may not use the block before: spoil it.
        foreach (Examples<float> old in _blocks.Values)
            old.Features.AsSpan().Fill(float.NaN);
        int start = index * blockSize, rows = Math.Min(blockSize, Count - start) - Missing;
        if (!_blocks.TryGetValue(rows, out Examples<float>? block))
            _blocks.Add(rows, block = new(new float[rows * FeatureCount], FeatureCount, new float[rows], examples.Weights is null ? null : new float[rows]));
        examples.Features.AsSpan(start * FeatureCount, block.Features.Length).CopyTo(block.Features);
        examples.Targets.AsSpan(start, rows).CopyTo(block.Targets);
        examples.Weights?.AsSpan(start, rows).CopyTo(block.Weights);
        return block;
    }
}
