namespace MLNetHyper.Engine.Tests;

/// <summary>A batch as the small test problems know it: the indices of its examples.</summary>
internal sealed class IndexBatch(int[] examples) : Batch
{
    internal ReadOnlySpan<int> Examples => examples;

    public override int Count => examples.Length;
}
