namespace MLNetHyper.Engine;

/// <summary>
/// Steele, Lea and Flood's generator. Its stream is part of this project's contract, unlike that of <see cref="Random"/>: the
/// same seed gives the same weights and batches on every machine and runtime.
/// </summary>
internal struct SplitMix64
{
    internal const ulong Step = 0x9E3779B97F4A7C15;
    private ulong _state;

    /// <summary>One of many independent streams of one seed.</summary>
    internal SplitMix64(int seed, long stream = 0) => _state = Mix(Mix((ulong)seed + Step) ^ (ulong)stream) + Step;

    internal ulong Next() => Mix(_state += Step);

    /// <summary>Uniform in [0, 1).</summary>
    internal double NextDouble() => (Next() >> 11) * (1.0 / (1L << 53));

    /// <summary>Uniform in [0, <paramref name="bound"/>), up to a bias below 2⁻³².</summary>
    internal int NextInt(int bound) => (int)Math.BigMul(Next(), (ulong)bound, out _);

    internal static ulong Mix(ulong x)
    {
        x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9;
        x = (x ^ (x >> 27)) * 0x94D049BB133111EB;
        return x ^ (x >> 31);
    }
}
