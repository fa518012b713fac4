using System.Runtime.CompilerServices;

namespace MLNetHyper.Engine;

/// <summary>
/// What a unit of the first layer takes from a feature and its bins is a piecewise linear function of the feature: <c>f(x) = w·x + Σᵦ W[b]·e[b](x)</c>. Its values at the knots, which are the bins' edges and a point to
/// either side of them, say all: <c>f(x) = (1-t)·f(κᵢ) + t·f(κᵢ₊₁)</c>, beyond the outermost knots too.
/// </summary>
internal sealed class Knots
{
    /// <summary>By how many knots a feature has more than bins: their last edge, and the two outermost.</summary>
    internal const int More = 3;

    // How far beyond the edges the outermost knots are. Features are standardized.
    private const float Margin = 1;

    private readonly float[] _factors;
    private readonly float[] _offsets;
    private readonly PiecewiseLinearEncoding _encoding;

    internal Knots(PiecewiseLinearEncoding encoding)
    {
        _encoding = encoding;
        Features = new Feature[encoding.Binned.Length];
        Count = encoding.Binned.Sum(binned => binned.Count + More);
        Positions = new float[Count];
        (_factors, _offsets) = (new float[Count], new float[Count]);
        int first = 0;
        for (int j = 0; j < Features.Length; j++)
        {
            (int feature, int firstBin, int bins) = encoding.Binned[j];
            Features[j] = new(feature, firstBin, bins, first);
            ReadOnlySpan<float> edges = encoding.EdgesOf(feature);
            Span<float> knots = Positions.AsSpan(first, bins + More);
            knots[0] = edges[0] - Margin;
            edges.CopyTo(knots[1..]);
            knots[^1] = edges[^1] + Margin;
            for (int i = 0; i < knots.Length - 1; i++)
                (_factors[first + i], _offsets[first + i]) = (1 / (knots[i + 1] - knots[i]), -knots[i] / (knots[i + 1] - knots[i]));
            first += knots.Length;
        }
        Plain = [.. Enumerable.Range(0, encoding.InputWidth).Except(encoding.Binned.Select(binned => binned.Feature))];
    }

    /// <summary>Of all features together.</summary>
    internal int Count { get; }

    /// <summary>Where they are, those of a feature ascending.</summary>
    internal float[] Positions { get; }

    /// <summary>The features with bins, in their order.</summary>
    internal Feature[] Features { get; }

    /// <summary>The features without.</summary>
    internal int[] Plain { get; }

    /// <summary>Features and bins: the first layer's inputs.</summary>
    internal int Inputs => _encoding.OutputWidth;

    /// <summary>Finds a row's values between the knots.</summary>
    /// <param name="values">All features.</param>
    /// <param name="plain">Overwritten with those without bins.</param>
    /// <param name="places">For each of <see cref="Features"/> the knot before it, or the first.</param>
    /// <param name="shares">How far it is from there to the next, as a share; below 0 or above 1 beyond the outermost.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal void Locate(ReadOnlySpan<float> values, Span<float> plain, Span<int> places, Span<float> shares)
    {
        for (int k = 0; k < plain.Length; k++)
            plain[k] = values[Plain[k]];
        for (int j = 0; j < Features.Length; j++)
        {
            (int feature, _, int bins, int first) = Features[j];
            float value = values[feature];
            // The knot at its bin's lower edge, but beyond the edges the outermost two are its neighbours.
            int knot = first + 1 + _encoding.BinOf(j, value);
            if (value < Positions[first + 1])
                knot--;
            if (value >= Positions[first + 1 + bins])
                knot++;
            places[j] = knot;
            shares[j] = (value * _factors[knot]) + _offsets[knot];
        }
    }

    /// <summary>A feature with bins.</summary>
    /// <param name="Number">Its place among the inputs.</param>
    /// <param name="FirstBin">The place of its first bin among the inputs; the others follow.</param>
    /// <param name="Bins">How many it has.</param>
    /// <param name="FirstKnot">Its first knot; its bins' edges follow, and one more.</param>
    internal readonly record struct Feature(int Number, int FirstBin, int Bins, int FirstKnot);
}
