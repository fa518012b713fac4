namespace MLNetHyper.Engine;

/// <summary>Examples as rows where the inputs are features and their bins: where features with bins are between their <see cref="Engine.Knots"/>, and the other features.</summary>
/// <param name="knots">Those of the encoding.</param>
/// <param name="plain">The first example's features without bins; <see cref="Plain"/> from row to row.</param>
/// <param name="shares">How far the others are from the knot before them to the next; <see cref="Features"/> from row to row.</param>
/// <param name="places">The knots before them, as many.</param>
internal readonly unsafe struct KnotRows<T>(Knots knots, T* plain, T* shares, int* places) where T : unmanaged
{
    internal Knots Knots => knots;

    /// <summary>Features with bins.</summary>
    internal int Features => knots.Features.Length;

    /// <summary>Features without.</summary>
    internal int Plain => knots.Plain.Length;

    /// <summary>The examples from a later one on.</summary>
    internal KnotRows<T> From(nint example) => new(knots, PlainOf(example), SharesOf(example), PlacesOf(example));

    internal T* PlainOf(nint example) => plain + (example * Plain);

    internal T* SharesOf(nint example) => shares + (example * Features);

    internal int* PlacesOf(nint example) => places + (example * Features);
}
