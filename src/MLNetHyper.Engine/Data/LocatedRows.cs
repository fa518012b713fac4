namespace MLNetHyper.Engine;

/// <summary>Where all rows in memory lie between their <see cref="Knots"/>: found once, for every epoch and all members.</summary>
internal sealed class LocatedRows
{
    // More of them would have to come from memory, which takes as long as finding them.
    private const long MostNumbers = 1 << 21;

    private readonly int _features;
    private readonly int _width;
    private readonly int[] _places;
    private readonly float[] _numbers;

    private LocatedRows(Knots knots, ReadOnlySpan<float> features, int width)
    {
        (_features, _width) = (knots.Features.Length, width);
        int rows = features.Length / width;
        _places = new int[rows * _features];
        _numbers = new float[rows * width];
        for (int row = 0; row < rows; row++)
        {
            Span<float> numbers = _numbers.AsSpan(row * width, width);
            knots.Locate(features.Slice(row * width, width), numbers[_features..], _places.AsSpan(row * _features, _features), numbers[.._features]);
        }
    }

    /// <summary>Those of all rows; null where these are too many.</summary>
    /// <param name="knots">The encoding's.</param>
    /// <param name="features">Row-major.</param>
    /// <param name="width">Features of a row.</param>
    internal static LocatedRows? TryCreate(Knots knots, ReadOnlySpan<float> features, int width)
    {
        long rows = features.Length / width;
        return rows * (width + knots.Features.Length) > MostNumbers ? null : new(knots, features, width);
    }

    internal ReadOnlySpan<int> PlacesOf(int row) => _places.AsSpan(row * _features, _features);

    /// <summary>The shares, then the features without bins.</summary>
    internal ReadOnlySpan<float> NumbersOf(int row) => _numbers.AsSpan(row * _width, _width);
}
