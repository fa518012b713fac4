using System.Numerics;
using System.Runtime.CompilerServices;

namespace MLNetHyper.Engine;

/// <summary>
/// The first layer where inputs are features and their bins. A unit takes a piecewise linear function of each feature, so that with its values at the <see cref="Knots"/> a feature costs two of them instead of all
/// bins. The gradient goes the same way back: deltas are summed at the knots, and from there to the weights of which the values are sums.
/// </summary>
internal static unsafe class BinnedLayer<L, V, T>
    where L : struct, ILanes<V, T> where V : struct where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    // Their deltas, a tile of units wide, stay in the first-level cache beside a feature's knots.
    private const int BlockExamples = 64;

    /// <summary>Makes the table of one tile: the functions' values at the knots, the weights of features without bins, and the biases.</summary>
    /// <param name="tile">How tables are cut.</param>
    /// <param name="number">Which tile.</param>
    /// <param name="weights">Row-major, units × inputs.</param>
    /// <param name="biases">The units'.</param>
    /// <param name="transposed">Room for the tile's weights.</param>
    /// <param name="table">Overwritten but for units that there are not.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Tabulate(BinnedTile tile, int number, T* weights, T* biases, T* transposed, T* table)
    {
        Knots knots = tile.Knots;
        nint row = tile.Units;
        int inputs = knots.Inputs, units = tile.UnitsOf(number);
        if (units < tile.Units)
            new Span<T>(transposed, checked((int)tile.TransposedLength)).Clear();
        TransposedPanel.Transpose(weights + (number * row * inputs), inputs, units, inputs, transposed, row);
        foreach ((int feature, int firstBin, int bins, int first) in knots.Features)
        {
            ReadOnlySpan<float> positions = knots.Positions.AsSpan(first, bins + Knots.More);
            T* own = transposed + (feature * row);
            for (nint u = 0; u < row; u += L.Count)
            {
                T* bin = transposed + (firstBin * row) + u;
                T* value = table + (first * row) + u;
                V slope = L.Load(own + u), sum = L.Zero;
                for (int i = 0; i < positions.Length; i++, value += row)
                {
                    L.Store(L.MultiplyAdd(slope, L.Create(T.CreateTruncating(positions[i])), sum), value);
                    if (i == 0 || i > bins)
                        continue;
                    // From an edge to the next a bin fills.
                    sum = L.Add(sum, L.Load(bin));
                    bin += row;
                }
            }
        }
        T* plain = table + tile.Plain;
        foreach (int feature in knots.Plain)
        {
            new ReadOnlySpan<T>(transposed + (feature * row), tile.Units).CopyTo(new Span<T>(plain, tile.Units));
            plain += row;
        }
        new ReadOnlySpan<T>(biases + (number * row), units).CopyTo(new Span<T>(table + tile.Bias, units));
    }

    /// <summary><c>Z = W·X + b</c> for some examples, a unit a row.</summary>
    /// <param name="tile">How the tables are cut.</param>
    /// <param name="tables">Those of all tiles.</param>
    /// <param name="rows">The examples.</param>
    /// <param name="from">The first of them, at a vector's beginning.</param>
    /// <param name="columns">How many, whole vectors.</param>
    /// <param name="z">The result, whose first column is the first example's.</param>
    /// <param name="zRow">From unit to unit.</param>
    [SkipLocalsInit, MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Forward(BinnedTile tile, T* tables, KnotRows<T> rows, int from, int columns, T* z, nint zRow)
    {
        nint w = L.Count, row = 4 * w, features = rows.Features, plain = rows.Plain;
        V one = L.Create(T.One);
        T* block = stackalloc T[tile.Units * L.Count];
        for (int t = 0; t < tile.Count; t++)
        {
            T* table = tables + (t * (nint)tile.Length);
            T* bias = table + tile.Bias;
            for (int c = 0; c < columns; c += L.Count)
            {
                T* target = block;
                for (int i = 0; i < L.Count; i++, target += row)
                {
                    nint example = from + c + i;
                    T* shares = rows.SharesOf(example);
                    int* places = rows.PlacesOf(example);
                    V s0 = L.Load(bias), s1 = L.Load(bias + w), s2 = L.Load(bias + w + w), s3 = L.Load(bias + w + w + w);
                    V p0 = L.Zero, p1 = L.Zero, p2 = L.Zero, p3 = L.Zero;
                    for (nint j = 0; j < features; j++)
                    {
                        T* lower = table + (places[j] * row);
                        T* upper = lower + row;
                        V share = L.Create(shares[j]), rest = L.Subtract(one, share);
                        s0 = L.MultiplyAdd(rest, L.Load(lower), s0);
                        s1 = L.MultiplyAdd(rest, L.Load(lower + w), s1);
                        s2 = L.MultiplyAdd(rest, L.Load(lower + w + w), s2);
                        s3 = L.MultiplyAdd(rest, L.Load(lower + w + w + w), s3);
                        p0 = L.MultiplyAdd(share, L.Load(upper), p0);
                        p1 = L.MultiplyAdd(share, L.Load(upper + w), p1);
                        p2 = L.MultiplyAdd(share, L.Load(upper + w + w), p2);
                        p3 = L.MultiplyAdd(share, L.Load(upper + w + w + w), p3);
                    }
                    T* x = rows.PlainOf(example);
                    T* weight = table + tile.Plain;
                    for (nint k = 0; k < plain; k++, weight += row)
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
                TransposedPanel.Transpose(block, row, L.Count, tile.UnitsOf(t), z + (t * row * zRow) + c, zRow);
            }
        }
    }

    /// <summary><c>∂W = Δ·Xᵀ</c> and the sums of Δ, written or added.</summary>
    /// <param name="tile">How the tables are cut.</param>
    /// <param name="table">Room for one tile's table and, behind it, its weights.</param>
    /// <param name="rows">The examples.</param>
    /// <param name="from">The first of them, at a vector's beginning.</param>
    /// <param name="columns">How many, whole vectors.</param>
    /// <param name="delta">A unit a row, whose first column is the first example's.</param>
    /// <param name="deltaRow">From unit to unit.</param>
    /// <param name="gradient">Row-major, units × inputs.</param>
    /// <param name="biases">The biases' part of it.</param>
    /// <param name="accumulate">Whether they are added.</param>
    [SkipLocalsInit, MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Gradient(BinnedTile tile, T* table, KnotRows<T> rows, int from, int columns, T* delta, nint deltaRow, T* gradient, T* biases, bool accumulate)
    {
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
                for (int j = 0; j < rows.Features; j++)
                    AddToKnots(table, rows, from + c, count, j, deltas);
                for (int k = 0; k < rows.Plain; k++)
                    AddToWeights(table + tile.Plain + ((nint)k * tile.Units), rows, from + c, count, k, deltas);
                AddToBiases(table + tile.Bias, count, deltas);
            }
            T* transposed = table + tile.Length;
            Spread(tile, table, transposed);
            Write(tile, transposed, units, gradient + ((nint)t * tile.Units * tile.Knots.Inputs), accumulate);
            for (int h = 0; h < units; h++)
            {
                T* bias = biases + (t * tile.Units) + h;
                *bias = accumulate ? *bias + table[tile.Bias + h] : table[tile.Bias + h];
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void AddToKnots(T* table, KnotRows<T> rows, nint from, int count, int feature, T* deltas)
    {
        nint w = L.Count, row = 4 * w, features = rows.Features;
        T* shares = rows.SharesOf(from) + feature;
        int* places = rows.PlacesOf(from) + feature;
        V one = L.Create(T.One);
        for (int i = 0; i < count; i++)
        {
            V d0 = L.Load(deltas), d1 = L.Load(deltas + w), d2 = L.Load(deltas + w + w), d3 = L.Load(deltas + w + w + w);
            T* lower = table + (*places * row);
            T* upper = lower + row;
            V share = L.Create(*shares), rest = L.Subtract(one, share);
            L.Store(L.MultiplyAdd(rest, d0, L.Load(lower)), lower);
            L.Store(L.MultiplyAdd(rest, d1, L.Load(lower + w)), lower + w);
            L.Store(L.MultiplyAdd(rest, d2, L.Load(lower + w + w)), lower + w + w);
            L.Store(L.MultiplyAdd(rest, d3, L.Load(lower + w + w + w)), lower + w + w + w);
            L.Store(L.MultiplyAdd(share, d0, L.Load(upper)), upper);
            L.Store(L.MultiplyAdd(share, d1, L.Load(upper + w)), upper + w);
            L.Store(L.MultiplyAdd(share, d2, L.Load(upper + w + w)), upper + w + w);
            L.Store(L.MultiplyAdd(share, d3, L.Load(upper + w + w + w)), upper + w + w + w);
            deltas += row;
            shares += features;
            places += features;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void AddToWeights(T* target, KnotRows<T> rows, nint from, int count, int feature, T* deltas)
    {
        nint w = L.Count, plain = rows.Plain;
        T* x = rows.PlainOf(from) + feature;
        V g0 = L.Load(target), g1 = L.Load(target + w), g2 = L.Load(target + w + w), g3 = L.Load(target + w + w + w);
        for (int i = 0; i < count; i++)
        {
            V value = L.Create(*x);
            g0 = L.MultiplyAdd(value, L.Load(deltas), g0);
            g1 = L.MultiplyAdd(value, L.Load(deltas + w), g1);
            g2 = L.MultiplyAdd(value, L.Load(deltas + w + w), g2);
            g3 = L.MultiplyAdd(value, L.Load(deltas + w + w + w), g3);
            deltas += 4 * w;
            x += plain;
        }
        L.Store(g0, target);
        L.Store(g1, target + w);
        L.Store(g2, target + w + w);
        L.Store(g3, target + w + w + w);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void AddToBiases(T* target, int count, T* deltas)
    {
        nint w = L.Count;
        V g0 = L.Load(target), g1 = L.Load(target + w), g2 = L.Load(target + w + w), g3 = L.Load(target + w + w + w);
        for (int i = 0; i < count; i++)
        {
            g0 = L.Add(g0, L.Load(deltas));
            g1 = L.Add(g1, L.Load(deltas + w));
            g2 = L.Add(g2, L.Load(deltas + w + w));
            g3 = L.Add(g3, L.Load(deltas + w + w + w));
            deltas += 4 * w;
        }
        L.Store(g0, target);
        L.Store(g1, target + w);
        L.Store(g2, target + w + w);
        L.Store(g3, target + w + w + w);
    }

    // The way back from the knots: a feature's own weight counts at each by its position, a bin at all from its upper edge on.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Spread(BinnedTile tile, T* table, T* transposed)
    {
        Knots knots = tile.Knots;
        nint row = tile.Units;
        foreach ((int feature, int firstBin, int bins, int first) in knots.Features)
        {
            ReadOnlySpan<float> positions = knots.Positions.AsSpan(first, bins + Knots.More);
            for (nint u = 0; u < row; u += L.Count)
            {
                T* bin = transposed + ((firstBin + bins - 1) * row) + u;
                V own = L.Zero, sum = L.Zero;
                for (int i = positions.Length - 1; i >= 0; i--)
                {
                    V value = L.Load(table + ((first + i) * row) + u);
                    own = L.MultiplyAdd(value, L.Create(T.CreateTruncating(positions[i])), own);
                    sum = L.Add(sum, value);
                    if (i < 2 || i == positions.Length - 1)
                        continue;
                    L.Store(sum, bin);
                    bin -= row;
                }
                L.Store(own, transposed + (feature * row) + u);
            }
        }
        T* plain = table + tile.Plain;
        foreach (int feature in knots.Plain)
        {
            new ReadOnlySpan<T>(plain, tile.Units).CopyTo(new Span<T>(transposed + (feature * row), tile.Units));
            plain += row;
        }
    }

    private static void Write(BinnedTile tile, T* transposed, int units, T* gradient, bool accumulate)
    {
        int inputs = tile.Knots.Inputs;
        nint row = tile.Units;
        if (!accumulate)
        {
            TransposedPanel.Transpose(transposed, row, inputs, units, gradient, inputs);
            return;
        }
        for (nint k = 0; k < inputs; k++)
        {
            for (nint h = 0; h < units; h++)
                gradient[(h * inputs) + k] += transposed[(k * row) + h];
        }
    }
}
