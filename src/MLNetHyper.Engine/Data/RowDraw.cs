namespace MLNetHyper.Engine;

/// <summary>The number that a row draws by the seed and its place, wherever and whenever it is asked: the finalizer of SplitMix64.</summary>
internal static class RowDraw
{
    /// <summary>From 0 to below 1.</summary>
    internal static double Of(int seed, long row)
    {
        ulong z = unchecked((((ulong)(uint)seed << 32) ^ (ulong)row) + (0x9E3779B97F4A7C15UL * ((ulong)row + 1)));
        z = unchecked((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL);
        z = unchecked((z ^ (z >> 27)) * 0x94D049BB133111EBUL);
        return ((z ^ (z >> 31)) >> 11) * (1.0 / (1UL << 53));
    }
}
