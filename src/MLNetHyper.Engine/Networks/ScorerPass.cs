using System.Runtime.CompilerServices;

namespace MLNetHyper.Engine;

/// <summary>One row through a <see cref="NetworkScorer"/>.</summary>
internal static unsafe class ScorerPass<L, V> where L : struct, ILanes<V, float> where V : struct
{
    /// <summary>Bytes: the scratch's halves begin at a cache line, so that what one layer stores the next can load at once.</summary>
    internal const int Alignment = 64;

    private const int TileVectors = 4;

    [SkipLocalsInit, MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Run(NetworkScorer scorer, float* features, float* outputs, float* scratch) => Run(scorer, 0, features, outputs, Aligned(scratch));

    [SkipLocalsInit, MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void RunBinned(NetworkScorer scorer, NetworkScorer.BinnedRow row, float* outputs, float* scratch)
    {
        float* first = Aligned(scratch);
        ref readonly ScorerLayer layer = ref scorer.Layers[0];
        Binned(scorer.Weights + layer.Weight, scorer.BinSums, scorer.Weights + layer.Bias, row, layer.PaddedUnits, first);
        if (scorer.Layers.Length > 1)
            ActivationKernels<L, V, float>.Apply(scorer.Architecture.Activation, first, null, null, layer.PaddedUnits);
        Run(scorer, 1, first, outputs, first);
    }

    private static float* Aligned(float* scratch) => (float*)(((nint)scratch + Alignment - 1) & ~(nint)(Alignment - 1));

    /// <summary>From the inputs of a layer to the outputs of the last.</summary>
    [SkipLocalsInit, MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Run(NetworkScorer scorer, int from, float* x, float* outputs, float* first)
    {
        float* weights = scorer.Weights;
        ReadOnlySpan<ScorerLayer> layers = scorer.Layers;
        for (int l = from; l < layers.Length; l++)
        {
            ref readonly ScorerLayer layer = ref layers[l];
            float* next = l % 2 == 0 ? first : first + scorer.BufferLength;
            if (layer.IsInner)
            {
                if (l == 0)
                    x = PaddedCopy(x, layer.Inputs, layer.PaddedInputs, next);
                Inner(weights + layer.Weight, weights + layer.Bias, x, layer.PaddedInputs, layer.Units, outputs);
                return;
            }
            Broadcast(weights + layer.Weight, weights + layer.Bias, x, layer.Inputs, layer.PaddedUnits, next);
            if (l < layers.Length - 1)
                ActivationKernels<L, V, float>.Apply(scorer.Architecture.Activation, next, null, null, layer.PaddedUnits);
            x = next;
        }
        new Span<float>(x, layers[^1].Units).CopyTo(new Span<float>(outputs, layers[^1].Units));
    }

    private static float* PaddedCopy(float* values, int count, int padded, float* copy)
    {
        new Span<float>(values, count).CopyTo(new Span<float>(copy, count));
        new Span<float>(copy + count, padded - count).Clear();
        return copy;
    }

    /// <summary>Finite numbers as they are, infinite ones as the largest, and 0 for what is none.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Cut(V z) => L.Max(L.Min(L.WhereEqual(z, z, z), L.Create(float.MaxValue)), L.Create(-float.MaxValue));

    private static float Cut(float z) => float.IsNaN(z) ? 0 : Math.Clamp(z, -float.MaxValue, float.MaxValue);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Broadcast(float* weights, float* bias, float* x, int inputs, int units, float* z)
    {
        nint unit = 0, width = L.Count;
        for (; unit <= units - (TileVectors * width); unit += TileVectors * width)
            Tile4(weights + unit, bias + unit, x, inputs, units, z + unit);
        for (; unit < units; unit += width)
            Tile1(weights + unit, bias + unit, x, inputs, units, z + unit);
    }

    // Even and odd inputs apart: eight sums at once keep the multipliers busy.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Tile4(float* weights, float* bias, float* x, nint inputs, nint row, float* z)
    {
        nint w = L.Count;
        V a0 = L.Load(bias), a1 = L.Load(bias + w), a2 = L.Load(bias + (2 * w)), a3 = L.Load(bias + (3 * w));
        V b0 = L.Zero, b1 = L.Zero, b2 = L.Zero, b3 = L.Zero;
        nint k = 0;
        for (; k < inputs - 1; k += 2)
        {
            V even = L.Create(x[k]), odd = L.Create(x[k + 1]);
            a0 = L.MultiplyAdd(even, L.Load(weights), a0);
            a1 = L.MultiplyAdd(even, L.Load(weights + w), a1);
            a2 = L.MultiplyAdd(even, L.Load(weights + (2 * w)), a2);
            a3 = L.MultiplyAdd(even, L.Load(weights + (3 * w)), a3);
            weights += row;
            b0 = L.MultiplyAdd(odd, L.Load(weights), b0);
            b1 = L.MultiplyAdd(odd, L.Load(weights + w), b1);
            b2 = L.MultiplyAdd(odd, L.Load(weights + (2 * w)), b2);
            b3 = L.MultiplyAdd(odd, L.Load(weights + (3 * w)), b3);
            weights += row;
        }
        if (k < inputs)
        {
            V even = L.Create(x[k]);
            a0 = L.MultiplyAdd(even, L.Load(weights), a0);
            a1 = L.MultiplyAdd(even, L.Load(weights + w), a1);
            a2 = L.MultiplyAdd(even, L.Load(weights + (2 * w)), a2);
            a3 = L.MultiplyAdd(even, L.Load(weights + (3 * w)), a3);
        }
        L.Store(Cut(L.Add(a0, b0)), z);
        L.Store(Cut(L.Add(a1, b1)), z + w);
        L.Store(Cut(L.Add(a2, b2)), z + (2 * w));
        L.Store(Cut(L.Add(a3, b3)), z + (3 * w));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Tile1(float* weights, float* bias, float* x, nint inputs, nint row, float* z)
    {
        V a = L.Load(bias), b = L.Zero, c = L.Zero, d = L.Zero;
        nint k = 0;
        for (; k < inputs - 3; k += 4)
        {
            a = L.MultiplyAdd(L.Create(x[k]), L.Load(weights), a);
            b = L.MultiplyAdd(L.Create(x[k + 1]), L.Load(weights + row), b);
            c = L.MultiplyAdd(L.Create(x[k + 2]), L.Load(weights + (2 * row)), c);
            d = L.MultiplyAdd(L.Create(x[k + 3]), L.Load(weights + (3 * row)), d);
            weights += 4 * row;
        }
        for (; k < inputs; k++)
        {
            a = L.MultiplyAdd(L.Create(x[k]), L.Load(weights), a);
            weights += row;
        }
        L.Store(Cut(L.Add(L.Add(a, b), L.Add(c, d))), z);
    }

    /// <summary>
    /// A first layer on bins. Those before a value's own are full and those behind it empty, so that with the sums of the weights before each a feature costs one bin, and its own weight. Between <see cref="Knots"/>, as
    /// in training, a value of any size might become the difference of two infinite numbers.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Binned(float* weights, float* sums, float* bias, NetworkScorer.BinnedRow x, int units, float* z)
    {
        nint unit = 0, width = L.Count;
        for (; unit <= units - (TileVectors * width); unit += TileVectors * width)
            BinnedTile4(weights + unit, sums + unit, bias + unit, x, units, z + unit);
        for (; unit < units; unit += width)
            BinnedTile1(weights + unit, sums + unit, bias + unit, x, units, z + unit);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void BinnedTile4(float* weights, float* sums, float* bias, NetworkScorer.BinnedRow x, nint row, float* z)
    {
        nint w = L.Count;
        V a0 = L.Load(bias), a1 = L.Load(bias + w), a2 = L.Load(bias + (2 * w)), a3 = L.Load(bias + (3 * w));
        V b0 = L.Zero, b1 = L.Zero, b2 = L.Zero, b3 = L.Zero;
        for (nint j = 0; j < x.Bins; j++)
        {
            float* s = sums + (x.Places[j] * row);
            float* bin = weights + (x.Places[j] * row);
            V share = L.Create(x.Shares[j]);
            a0 = L.Add(a0, L.Load(s));
            a1 = L.Add(a1, L.Load(s + w));
            a2 = L.Add(a2, L.Load(s + (2 * w)));
            a3 = L.Add(a3, L.Load(s + (3 * w)));
            b0 = L.MultiplyAdd(share, L.Load(bin), b0);
            b1 = L.MultiplyAdd(share, L.Load(bin + w), b1);
            b2 = L.MultiplyAdd(share, L.Load(bin + (2 * w)), b2);
            b3 = L.MultiplyAdd(share, L.Load(bin + (3 * w)), b3);
        }
        for (nint k = 0; k < x.FeatureCount; k++, weights += row)
        {
            V feature = L.Create(x.Features[k]);
            b0 = L.MultiplyAdd(feature, L.Load(weights), b0);
            b1 = L.MultiplyAdd(feature, L.Load(weights + w), b1);
            b2 = L.MultiplyAdd(feature, L.Load(weights + (2 * w)), b2);
            b3 = L.MultiplyAdd(feature, L.Load(weights + (3 * w)), b3);
        }
        L.Store(Cut(L.Add(a0, b0)), z);
        L.Store(Cut(L.Add(a1, b1)), z + w);
        L.Store(Cut(L.Add(a2, b2)), z + (2 * w));
        L.Store(Cut(L.Add(a3, b3)), z + (3 * w));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void BinnedTile1(float* weights, float* sums, float* bias, NetworkScorer.BinnedRow x, nint row, float* z)
    {
        V a = L.Load(bias), b = L.Zero;
        for (nint j = 0; j < x.Bins; j++)
        {
            a = L.Add(a, L.Load(sums + (x.Places[j] * row)));
            b = L.MultiplyAdd(L.Create(x.Shares[j]), L.Load(weights + (x.Places[j] * row)), b);
        }
        for (nint k = 0; k < x.FeatureCount; k++)
            b = L.MultiplyAdd(L.Create(x.Features[k]), L.Load(weights + (k * row)), b);
        L.Store(Cut(L.Add(a, b)), z);
    }

    /// <summary>Inner products with rows of <paramref name="inputs"/> weights, a whole number of vectors.</summary>
    [SkipLocalsInit, MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Inner(float* weights, float* bias, float* x, nint inputs, int units, float* z)
    {
        float* sums = stackalloc float[4];
        int unit = 0;
        for (; unit <= units - 4; unit += 4)
        {
            float* w0 = weights + (unit * inputs);
            float* w1 = w0 + inputs;
            float* w2 = w1 + inputs;
            float* w3 = w2 + inputs;
            V a = L.Zero, b = L.Zero, c = L.Zero, d = L.Zero;
            for (nint k = 0; k < inputs; k += L.Count)
            {
                V v = L.Load(x + k);
                a = L.MultiplyAdd(v, L.Load(w0 + k), a);
                b = L.MultiplyAdd(v, L.Load(w1 + k), b);
                c = L.MultiplyAdd(v, L.Load(w2 + k), c);
                d = L.MultiplyAdd(v, L.Load(w3 + k), d);
            }
            L.Sum(a, b, c, d, sums);
            for (int i = 0; i < 4; i++)
                z[unit + i] = Cut(sums[i] + bias[unit + i]);
        }
        for (; unit < units; unit++)
            z[unit] = Cut(Product(weights + (unit * inputs), x, inputs) + bias[unit]);
    }

    private static float Product(float* weights, float* x, nint inputs)
    {
        nint w = L.Count, k = 0;
        V a = L.Zero, b = L.Zero, c = L.Zero, d = L.Zero;
        for (; k <= inputs - (4 * w); k += 4 * w)
        {
            a = L.MultiplyAdd(L.Load(x + k), L.Load(weights + k), a);
            b = L.MultiplyAdd(L.Load(x + k + w), L.Load(weights + k + w), b);
            c = L.MultiplyAdd(L.Load(x + k + (2 * w)), L.Load(weights + k + (2 * w)), c);
            d = L.MultiplyAdd(L.Load(x + k + (3 * w)), L.Load(weights + k + (3 * w)), d);
        }
        for (; k < inputs; k += w)
            a = L.MultiplyAdd(L.Load(x + k), L.Load(weights + k), a);
        return L.Sum(L.Add(L.Add(a, b), L.Add(c, d)));
    }
}
