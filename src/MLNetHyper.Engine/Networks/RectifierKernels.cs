using System.Numerics;
using System.Runtime.CompilerServices;

namespace MLNetHyper.Engine;

/// <summary>The fused kernels of <see cref="RectifierPass{L, V, T}"/>.</summary>
internal static unsafe class RectifierKernels<L, V, T>
    where L : struct, ILanes<V, T> where V : struct where T : unmanaged, INumberBase<T>
{
    /// <summary>Rows of weights come in tiles of this many; missing ones are zeros.</summary>
    internal static int TileRows
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => L.HasManyRegisters ? 5 : 4;
    }

    /// <summary>What is done with a hidden unit's input when it is known.</summary>
    internal interface IStep;

    /// <summary>Rectify it, note whether it was positive, and add its weighted value to the output.</summary>
    internal readonly struct Record : IStep;

    /// <summary>Rectify it and add its weighted value to the output; there are no masks.</summary>
    internal readonly struct Evaluate : IStep;

    /// <summary>Add it to the output where the unit was noted as positive.</summary>
    internal readonly struct Replay : IStep;

    /// <summary>
    /// <c>output = start + Σₕ v[h]·max(0, W[h]·X + b[h])</c> with <c>mask[h] = 1</c> where positive and 0 elsewhere; or, replayed,
    /// <c>output = start + Σₕ mask[h]∘(W[h]·X + b[h])</c>.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Forward<TStep>(
        int rows, int inner, int columns, T* w, T* b, T* v, T start, T* x, nint xRow, T* mask, nint maskRow, T* output)
        where TStep : struct, IStep
    {
        int width = L.Count;
        if (columns < 3 * width)
        {
            for (nint c = 0; c < columns; c += width)
                Columns1<TStep>(rows, inner, w, b, v, start, x + c, xRow, mask + c, maskRow, output + c);
            return;
        }
        for (nint c = 0; c < columns; c += 3 * width)
        {
            // The last tile overlaps the one before and computes the same again.
            nint at = Math.Min(c, columns - (3 * width));
            if (L.HasManyRegisters)
                Tiles5x3<TStep>(rows, inner, w, b, v, start, x + at, xRow, mask + at, maskRow, output + at);
            else
                Tiles4x3<TStep>(rows, inner, w, b, v, start, x + at, xRow, mask + at, maskRow, output + at);
        }
    }

    [SkipLocalsInit, MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Tiles5x3<TStep>(
        int rows, int inner, T* w, T* b, T* v, T start, T* x, nint xRow, T* mask, nint maskRow, T* output)
        where TStep : struct, IStep
    {
        nint n = L.Count;
        V o0 = L.Create(start), o1 = o0, o2 = o0;
        for (int row = 0; row < rows; row += TileRows)
        {
            T* w1 = w + inner;
            T* w2 = w1 + inner;
            T* w3 = w2 + inner;
            T* w4 = w3 + inner;
            V s00 = L.Create(b[0]), s01 = s00, s02 = s00;
            V s10 = L.Create(b[1]), s11 = s10, s12 = s10;
            V s20 = L.Create(b[2]), s21 = s20, s22 = s20;
            V s30 = L.Create(b[3]), s31 = s30, s32 = s30;
            V s40 = L.Create(b[4]), s41 = s40, s42 = s40;
            T* p = x;
            for (nint k = 0; k < inner; k++)
            {
                V x0 = L.Load(p), x1 = L.Load(p + n), x2 = L.Load(p + n + n);
                V f = L.Create(w[k]);
                s00 = L.MultiplyAdd(f, x0, s00);
                s01 = L.MultiplyAdd(f, x1, s01);
                s02 = L.MultiplyAdd(f, x2, s02);
                f = L.Create(w1[k]);
                s10 = L.MultiplyAdd(f, x0, s10);
                s11 = L.MultiplyAdd(f, x1, s11);
                s12 = L.MultiplyAdd(f, x2, s12);
                f = L.Create(w2[k]);
                s20 = L.MultiplyAdd(f, x0, s20);
                s21 = L.MultiplyAdd(f, x1, s21);
                s22 = L.MultiplyAdd(f, x2, s22);
                f = L.Create(w3[k]);
                s30 = L.MultiplyAdd(f, x0, s30);
                s31 = L.MultiplyAdd(f, x1, s31);
                s32 = L.MultiplyAdd(f, x2, s32);
                f = L.Create(w4[k]);
                s40 = L.MultiplyAdd(f, x0, s40);
                s41 = L.MultiplyAdd(f, x1, s41);
                s42 = L.MultiplyAdd(f, x2, s42);
                p += xRow;
            }
            Three<TStep>(s00, s01, s02, v[0], mask, ref o0, ref o1, ref o2);
            Three<TStep>(s10, s11, s12, v[1], mask + maskRow, ref o0, ref o1, ref o2);
            Three<TStep>(s20, s21, s22, v[2], mask + (2 * maskRow), ref o0, ref o1, ref o2);
            Three<TStep>(s30, s31, s32, v[3], mask + (3 * maskRow), ref o0, ref o1, ref o2);
            Three<TStep>(s40, s41, s42, v[4], mask + (4 * maskRow), ref o0, ref o1, ref o2);
            w = w4 + inner;
            b += TileRows;
            v += TileRows;
            mask += TileRows * maskRow;
        }
        L.Store(o0, output);
        L.Store(o1, output + n);
        L.Store(o2, output + n + n);
    }

    [SkipLocalsInit, MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Tiles4x3<TStep>(
        int rows, int inner, T* w, T* b, T* v, T start, T* x, nint xRow, T* mask, nint maskRow, T* output)
        where TStep : struct, IStep
    {
        nint n = L.Count;
        V o0 = L.Create(start), o1 = o0, o2 = o0;
        for (int row = 0; row < rows; row += TileRows)
        {
            T* w1 = w + inner;
            T* w2 = w1 + inner;
            T* w3 = w2 + inner;
            V s00 = L.Create(b[0]), s01 = s00, s02 = s00;
            V s10 = L.Create(b[1]), s11 = s10, s12 = s10;
            V s20 = L.Create(b[2]), s21 = s20, s22 = s20;
            V s30 = L.Create(b[3]), s31 = s30, s32 = s30;
            T* p = x;
            for (nint k = 0; k < inner; k++)
            {
                V x0 = L.Load(p), x1 = L.Load(p + n), x2 = L.Load(p + n + n);
                V f = L.Create(w[k]);
                s00 = L.MultiplyAdd(f, x0, s00);
                s01 = L.MultiplyAdd(f, x1, s01);
                s02 = L.MultiplyAdd(f, x2, s02);
                f = L.Create(w1[k]);
                s10 = L.MultiplyAdd(f, x0, s10);
                s11 = L.MultiplyAdd(f, x1, s11);
                s12 = L.MultiplyAdd(f, x2, s12);
                f = L.Create(w2[k]);
                s20 = L.MultiplyAdd(f, x0, s20);
                s21 = L.MultiplyAdd(f, x1, s21);
                s22 = L.MultiplyAdd(f, x2, s22);
                f = L.Create(w3[k]);
                s30 = L.MultiplyAdd(f, x0, s30);
                s31 = L.MultiplyAdd(f, x1, s31);
                s32 = L.MultiplyAdd(f, x2, s32);
                p += xRow;
            }
            Three<TStep>(s00, s01, s02, v[0], mask, ref o0, ref o1, ref o2);
            Three<TStep>(s10, s11, s12, v[1], mask + maskRow, ref o0, ref o1, ref o2);
            Three<TStep>(s20, s21, s22, v[2], mask + (2 * maskRow), ref o0, ref o1, ref o2);
            Three<TStep>(s30, s31, s32, v[3], mask + (3 * maskRow), ref o0, ref o1, ref o2);
            w = w3 + inner;
            b += TileRows;
            v += TileRows;
            mask += TileRows * maskRow;
        }
        L.Store(o0, output);
        L.Store(o1, output + n);
        L.Store(o2, output + n + n);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Three<TStep>(V s0, V s1, V s2, T weight, T* mask, ref V o0, ref V o1, ref V o2) where TStep : struct, IStep
    {
        V f = L.Create(weight);
        o0 = One<TStep>(s0, f, mask, o0);
        o1 = One<TStep>(s1, f, mask + L.Count, o1);
        o2 = One<TStep>(s2, f, mask + (2 * L.Count), o2);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V One<TStep>(V s, V weight, T* mask, V output) where TStep : struct, IStep
    {
        if (typeof(TStep) == typeof(Replay))
            return L.MultiplyAdd(L.Load(mask), s, output);
        if (typeof(TStep) == typeof(Record))
            L.Store(L.WherePositive(s, L.Create(T.One)), mask);
        // This order of arguments lets a NaN through.
        return L.MultiplyAdd(weight, L.Max(L.Zero, s), output);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Columns1<TStep>(
        int rows, int inner, T* w, T* b, T* v, T start, T* x, nint xRow, T* mask, nint maskRow, T* output)
        where TStep : struct, IStep
    {
        V o = L.Create(start);
        for (nint row = 0; row < rows; row++)
        {
            V s = L.Create(b[row]);
            for (nint k = 0; k < inner; k++)
                s = L.MultiplyAdd(L.Create(w[(row * inner) + k]), L.Load(x + (k * xRow)), s);
            o = One<TStep>(s, L.Create(v[row]), mask + (row * maskRow), o);
        }
        L.Store(o, output);
    }

    /// <summary><c>e[k] = delta∘x[k]</c>; the sum of delta is written or added to <paramref name="total"/>, lane by lane.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Weigh(int rows, int columns, T* delta, T* x, nint xRow, T* e, nint eRow, T* total, bool accumulate)
    {
        V sum = accumulate ? L.Load(total) : L.Zero;
        for (nint i = 0; i < columns; i += L.Count)
        {
            V d = L.Load(delta + i);
            sum = L.Add(sum, d);
            for (nint k = 0; k < rows; k++)
                L.Store(L.Multiply(d, L.Load(x + (k * xRow) + i)), e + (k * eRow) + i);
        }
        L.Store(sum, total);
    }
}
