using System.Numerics;
using System.Runtime.CompilerServices;

namespace MLNetHyper.Engine;

/// <summary>
/// The first layer where inputs are features and their bins. Bins before a value's own are 1, those behind it 0, so that with the sums of the weights before each bin a feature
/// costs one bin instead of all: <c>Σᵦ W[h, b]·e[b] = S[h, b*] + W[h, b*]·e[b*]</c> with <c>S[h, b*] = Σ_{b &lt; b*} W[h, b]</c>. The gradient goes the same way back:
/// deltas are summed where their bin is, and each bin gets the sums of those behind it.
/// </summary>
internal static unsafe class BinnedLayer<L, V, T>
    where L : struct, ILanes<V, T> where V : struct where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    // Their deltas, a tile of units wide, stay in the first-level cache beside a feature's bins.
    private const int BlockExamples = 64;

    /// <summary><c>Z = W·X + b</c> for some examples, a unit a row.</summary>
    /// <param name="tile">How the tables are cut.</param>
    /// <param name="tables">As in <see cref="FirstLayer{T}.Tables"/>.</param>
    /// <param name="rows">The examples.</param>
    /// <param name="from">The first of them, at a vector's beginning.</param>
    /// <param name="columns">How many, whole vectors.</param>
    /// <param name="inputs">Inputs of the layer.</param>
    /// <param name="z">The result, whose first column is the first example's.</param>
    /// <param name="zRow">From unit to unit.</param>
    [SkipLocalsInit, MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Forward(BinnedTile tile, T* tables, BinnedRows<T> rows, int from, int columns, int inputs, T* z, nint zRow)
    {
        nint w = L.Count, row = tile.Row;
        int features = rows.Features, bins = rows.Bins;
        T* block = stackalloc T[tile.Units * L.Count];
        for (int t = 0; t < tile.Count; t++)
        {
            T* table = tables + (t * (nint)tile.Length);
            T* bias = table + (inputs * row);
            // A feature's own weights come first, and have no sums before them.
            T* own = table + tile.Units;
            for (int c = 0; c < columns; c += L.Count)
            {
                T* target = block;
                for (int i = 0; i < L.Count; i++, target += tile.Units)
                {
                    nint example = from + c + i;
                    T* x = rows.FeaturesOf(example);
                    T* shares = rows.SharesOf(example);
                    int* places = rows.PlacesOf(example);
                    V s0 = L.Load(bias), s1 = L.Load(bias + w), s2 = L.Load(bias + w + w), s3 = L.Load(bias + w + w + w);
                    V p0 = L.Zero, p1 = L.Zero, p2 = L.Zero, p3 = L.Zero;
                    for (nint j = 0; j < bins; j++)
                    {
                        T* sums = table + (places[j] * row);
                        T* weights = sums + (4 * w);
                        V share = L.Create(shares[j]);
                        s0 = L.Add(s0, L.Load(sums));
                        s1 = L.Add(s1, L.Load(sums + w));
                        s2 = L.Add(s2, L.Load(sums + w + w));
                        s3 = L.Add(s3, L.Load(sums + w + w + w));
                        p0 = L.MultiplyAdd(share, L.Load(weights), p0);
                        p1 = L.MultiplyAdd(share, L.Load(weights + w), p1);
                        p2 = L.MultiplyAdd(share, L.Load(weights + w + w), p2);
                        p3 = L.MultiplyAdd(share, L.Load(weights + w + w + w), p3);
                    }
                    T* weight = own;
                    for (nint k = 0; k < features; k++, weight += row)
                    {
                        V value = L.Create(x[k]);
                        p0 = L.MultiplyAdd(value, L.Load(weight), p0);
                        p1 = L.MultiplyAdd(value, L.Load(weight + w), p1);
                        p2 = L.MultiplyAdd(value, L.Load(weight + w + w), p2);
                        p3 = L.MultiplyAdd(value, L.Load(weight + w + w + w), p3);
                    }
                    L.Store(L.Add(s0, p0), target);
                    L.Store(L.Add(s1, p1), target + w);
                    L.Store(L.Add(s2, p2), target + w + w);
                    L.Store(L.Add(s3, p3), target + w + w + w);
                }
                TransposedPanel.Transpose(block, tile.Units, L.Count, tile.UnitsOf(t), z + ((nint)t * tile.Units * zRow) + c, zRow);
            }
        }
    }

    /// <summary><c>∂W = Δ·Xᵀ</c>, written or added.</summary>
    /// <param name="tile">How the tables are cut.</param>
    /// <param name="table">Room for one tile's table.</param>
    /// <param name="rows">The examples.</param>
    /// <param name="from">The first of them, at a vector's beginning.</param>
    /// <param name="columns">How many, whole vectors.</param>
    /// <param name="inputs">Inputs of the layer.</param>
    /// <param name="delta">A unit a row, whose first column is the first example's.</param>
    /// <param name="deltaRow">From unit to unit.</param>
    /// <param name="gradient">Row-major, units × inputs.</param>
    /// <param name="accumulate">Whether it is added.</param>
    [SkipLocalsInit, MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Gradient(
        BinnedTile tile, T* table, BinnedRows<T> rows, int from, int columns, int inputs, T* delta, nint deltaRow, T* gradient, bool accumulate)
    {
        ReadOnlySpan<PiecewiseLinearEncoding.BinnedFeature> binned = rows.Encoding.Binned;
        T* deltas = stackalloc T[BlockExamples * tile.Units];
        for (int t = 0; t < tile.Count; t++)
        {
            int units = tile.UnitsOf(t);
            new Span<T>(table, checked((int)tile.Length)).Clear();
            // Units that there are not have no deltas, but what is computed for them must not be slow, as it is with some numbers.
            if (units < tile.Units)
                new Span<T>(deltas, BlockExamples * tile.Units).Clear();
            for (int c = 0; c < columns; c += BlockExamples)
            {
                int count = Math.Min(BlockExamples, columns - c);
                TransposedPanel.Transpose(delta + ((nint)t * tile.Units * deltaRow) + c, deltaRow, units, count, deltas, tile.Units);
                int next = 0;
                for (int k = 0; k < rows.Features; k++)
                {
                    bool isBinned = next < binned.Length && binned[next].Feature == k;
                    if (isBinned)
                        AddBinned(table, tile.Row, rows, from + c, count, k, next++, deltas);
                    else
                        AddFeature(table + (k * tile.Row), rows, from + c, count, k, deltas);
                }
            }
            Spread(table, tile.Row, binned);
            Write(tile, table, inputs, units, gradient + ((nint)t * tile.Units * inputs), accumulate);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void AddBinned(T* table, nint row, BinnedRows<T> rows, nint from, int count, int feature, int bin, T* deltas)
    {
        nint w = L.Count, features = rows.Features, bins = rows.Bins;
        T* x = rows.FeaturesOf(from) + feature;
        T* shares = rows.SharesOf(from) + bin;
        int* places = rows.PlacesOf(from) + bin;
        V g0 = L.Zero, g1 = L.Zero, g2 = L.Zero, g3 = L.Zero;
        for (int i = 0; i < count; i++)
        {
            V d0 = L.Load(deltas), d1 = L.Load(deltas + w), d2 = L.Load(deltas + w + w), d3 = L.Load(deltas + w + w + w);
            T* sums = table + (*places * row);
            T* weights = sums + (4 * w);
            V value = L.Create(*x), share = L.Create(*shares);
            g0 = L.MultiplyAdd(value, d0, g0);
            g1 = L.MultiplyAdd(value, d1, g1);
            g2 = L.MultiplyAdd(value, d2, g2);
            g3 = L.MultiplyAdd(value, d3, g3);
            L.Store(L.Add(L.Load(sums), d0), sums);
            L.Store(L.Add(L.Load(sums + w), d1), sums + w);
            L.Store(L.Add(L.Load(sums + w + w), d2), sums + w + w);
            L.Store(L.Add(L.Load(sums + w + w + w), d3), sums + w + w + w);
            L.Store(L.MultiplyAdd(share, d0, L.Load(weights)), weights);
            L.Store(L.MultiplyAdd(share, d1, L.Load(weights + w)), weights + w);
            L.Store(L.MultiplyAdd(share, d2, L.Load(weights + w + w)), weights + w + w);
            L.Store(L.MultiplyAdd(share, d3, L.Load(weights + w + w + w)), weights + w + w + w);
            deltas += 4 * w;
            x += features;
            shares += bins;
            places += bins;
        }
        AddTo(table + (feature * row) + (4 * w), g0, g1, g2, g3);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void AddFeature(T* target, BinnedRows<T> rows, nint from, int count, int feature, T* deltas)
    {
        nint w = L.Count, features = rows.Features;
        T* x = rows.FeaturesOf(from) + feature;
        V g0 = L.Zero, g1 = L.Zero, g2 = L.Zero, g3 = L.Zero;
        for (int i = 0; i < count; i++)
        {
            V value = L.Create(*x);
            g0 = L.MultiplyAdd(value, L.Load(deltas), g0);
            g1 = L.MultiplyAdd(value, L.Load(deltas + w), g1);
            g2 = L.MultiplyAdd(value, L.Load(deltas + w + w), g2);
            g3 = L.MultiplyAdd(value, L.Load(deltas + w + w + w), g3);
            deltas += 4 * w;
            x += features;
        }
        AddTo(target + (4 * w), g0, g1, g2, g3);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddTo(T* target, V g0, V g1, V g2, V g3)
    {
        nint w = L.Count;
        L.Store(L.Add(L.Load(target), g0), target);
        L.Store(L.Add(L.Load(target + w), g1), target + w);
        L.Store(L.Add(L.Load(target + w + w), g2), target + w + w);
        L.Store(L.Add(L.Load(target + w + w + w), g3), target + w + w + w);
    }

    // A bin is full for all examples whose own lies behind it.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Spread(T* table, nint row, ReadOnlySpan<PiecewiseLinearEncoding.BinnedFeature> binned)
    {
        nint w = L.Count;
        foreach ((_, int first, int count) in binned)
        {
            V s0 = L.Zero, s1 = L.Zero, s2 = L.Zero, s3 = L.Zero;
            for (int b = count - 1; b >= 0; b--)
            {
                T* sums = table + ((first + b) * row);
                AddTo(sums + (4 * w), s0, s1, s2, s3);
                s0 = L.Add(s0, L.Load(sums));
                s1 = L.Add(s1, L.Load(sums + w));
                s2 = L.Add(s2, L.Load(sums + w + w));
                s3 = L.Add(s3, L.Load(sums + w + w + w));
            }
        }
    }

    private static void Write(BinnedTile tile, T* table, int inputs, int units, T* gradient, bool accumulate)
    {
        T* weights = table + tile.Units;
        if (!accumulate)
        {
            TransposedPanel.Transpose(weights, tile.Row, inputs, units, gradient, inputs);
            return;
        }
        for (nint k = 0; k < inputs; k++)
        {
            for (nint h = 0; h < units; h++)
                gradient[(h * inputs) + k] += weights[(k * tile.Row) + h];
        }
    }
}
