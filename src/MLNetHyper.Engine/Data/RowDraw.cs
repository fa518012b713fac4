namespace MLNetHyper.Engine;

/// <summary>The number that a row draws by the seed and its place, wherever and whenever it is asked: the finalizer of SplitMix64.</summary>
internal static class RowDraw
{
    /// <summary>From 0 to below 1.</summary>
    internal static double Of(int seed, long row)
    {
        ulong mixed = SplitMix64.Mix(unchecked((((ulong)(uint)seed << 32) ^ (ulong)row) + (SplitMix64.Step * ((ulong)row + 1))));
        return (mixed >> 11) * (1.0 / (1UL << 53));
    }
}
