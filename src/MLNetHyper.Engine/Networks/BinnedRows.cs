namespace MLNetHyper.Engine;

/// <summary>
/// Examples as rows where the inputs are features and their bins: the features, and for each that has bins the one that is neither full nor empty.
/// </summary>
/// <param name="encoding">Which inputs are bins.</param>
/// <param name="features">The first example's features; <see cref="Features"/> from row to row.</param>
/// <param name="shares">How full its bins are; <see cref="Bins"/> from row to row.</param>
/// <param name="places">Their places among the inputs, as many.</param>
internal readonly unsafe struct BinnedRows<T>(PiecewiseLinearEncoding encoding, T* features, T* shares, int* places) where T : unmanaged
{
    /// <summary>Which inputs are bins.</summary>
    internal PiecewiseLinearEncoding Encoding => encoding;

    /// <summary>Features of an example.</summary>
    internal int Features => encoding.InputWidth;

    /// <summary>Features with bins.</summary>
    internal int Bins => encoding.Binned.Length;

    /// <summary>The examples from a later one on.</summary>
    internal BinnedRows<T> From(nint example) => new(encoding, FeaturesOf(example), SharesOf(example), PlacesOf(example));

    internal T* FeaturesOf(nint example) => features + (example * Features);

    internal T* SharesOf(nint example) => shares + (example * Bins);

    internal int* PlacesOf(nint example) => places + (example * Bins);
}
