using System.Runtime.CompilerServices;

namespace MLNetHyper.Engine;

/// <summary>The matrix product whose right factor and result have vectors for rows: <c>C = A·B</c>.</summary>
/// <remarks>
/// The left factor's elements are broadcast, so it may have any strides: a transposed one costs the same. It serves the forward
/// pass, the backward pass and, where examples are rows, the weight gradient.
/// </remarks>
internal static unsafe class Multiply<L, V, T> where L : struct, ILanes<V, T> where V : struct where T : unmanaged
{
    private const int TileVectors = 3;

    // Of tiles that are one or two vectors wide.
    private const int NarrowTileRows = 5;

    // A tile's sums, one vector row of B and one broadcast element of A fill the registers.
    private static int TileRows
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => L.HasManyRegisters ? 5 : 4;
    }

    /// <summary>
    /// <c>C = A·B</c>, with <c>bias[r]</c> added to row r where it is not null, or <c>C += A·B</c>. Rows of B are read to a whole
    /// number of vectors; rows of C are written exactly.
    /// </summary>
    [SkipLocalsInit, MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Run(
        int rows, int inner, int columns, T* a, nint aRow, nint aColumn, T* b, nint bRow, T* c, nint cRow, T* bias, bool accumulate)
    {
        int width = L.Count;
        int column = 0, vectors = columns / width;
        // A tile of one vector leaves most of the registers empty, so that four vectors are two and two.
        int wide = vectors % TileVectors == 1 ? vectors - 4 : vectors;
        for (; column <= (wide - TileVectors) * width; column += TileVectors * width)
        {
            for (int row = 0; row < rows; row += TileRows)
            {
                int count = Math.Min(TileRows, rows - row);
                T* left = a + (row * aRow), result = c + (row * cRow) + column, start = bias == null ? null : bias + row;
                if (L.HasManyRegisters)
                    Tile5x3(count, inner, left, aRow, aColumn, b + column, bRow, result, cRow, start, accumulate);
                else
                    Tile4x3(count, inner, left, aRow, aColumn, b + column, bRow, result, cRow, start, accumulate);
            }
        }
        for (; column <= columns - (2 * width); column += 2 * width)
        {
            for (int row = 0; row < rows; row += NarrowTileRows)
            {
                Tile5x2(
                    Math.Min(NarrowTileRows, rows - row), inner, a + (row * aRow), aRow, aColumn, b + column, bRow,
                    c + (row * cRow) + column, cRow, bias == null ? null : bias + row, accumulate);
            }
        }
        for (; column <= columns - width; column += width)
        {
            for (int row = 0; row < rows; row += NarrowTileRows)
            {
                Tile5x1(
                    Math.Min(NarrowTileRows, rows - row), inner, a + (row * aRow), aRow, aColumn, b + column, bRow,
                    c + (row * cRow) + column, cRow, bias == null ? null : bias + row, accumulate);
            }
        }
        if (column < columns)
            Remainder(rows, inner, columns - column, a, aRow, aColumn, b + column, bRow, c + column, cRow, bias, accumulate);
    }

    /// <summary>The last columns, fewer than a vector: computed beside the matrix, then copied element by element.</summary>
    [SkipLocalsInit, MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Remainder(
        int rows, int inner, int columns, T* a, nint aRow, nint aColumn, T* b, nint bRow, T* c, nint cRow, T* bias, bool accumulate)
    {
        int width = L.Count;
        T* tile = stackalloc T[NarrowTileRows * width];
        for (int row = 0; row < rows; row += NarrowTileRows)
        {
            int count = Math.Min(NarrowTileRows, rows - row);
            T* target = c + (row * cRow);
            if (accumulate)
            {
                new Span<T>(tile, NarrowTileRows * width).Clear();
                for (int r = 0; r < count; r++)
                    new Span<T>(target + (r * cRow), columns).CopyTo(new Span<T>(tile + (r * width), columns));
            }
            Tile5x1(
                count, inner, a + (row * aRow), aRow, aColumn, b, bRow, tile, width, bias == null ? null : bias + row, accumulate);
            for (int r = 0; r < count; r++)
                new Span<T>(tile + (r * width), columns).CopyTo(new Span<T>(target + (r * cRow), columns));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Start(T* c, T* bias, nint row, bool accumulate) =>
        accumulate ? L.Load(c) : bias == null ? L.Zero : L.Create(bias[row]);

    // With fewer rows than a tile has the last one stands in for the missing ones: it is computed, and written, several times alike.
    [SkipLocalsInit, MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Tile5x3(
        int rows, int inner, T* a0, nint aRow, nint aColumn, T* b, nint bRow, T* c0, nint cRow, T* bias, bool accumulate)
    {
        nint last = rows - 1, r1 = Math.Min(1, last), r2 = Math.Min(2, last), r3 = Math.Min(3, last), r4 = Math.Min(4, last);
        T* a1 = a0 + (r1 * aRow);
        T* a2 = a0 + (r2 * aRow);
        T* a3 = a0 + (r3 * aRow);
        T* a4 = a0 + (r4 * aRow);
        T* c1 = c0 + (r1 * cRow);
        T* c2 = c0 + (r2 * cRow);
        T* c3 = c0 + (r3 * cRow);
        T* c4 = c0 + (r4 * cRow);
        nint w = L.Count;
        V s00 = Start(c0, bias, 0, accumulate), s01 = Start(c0 + w, bias, 0, accumulate), s02 = Start(c0 + w + w, bias, 0, accumulate);
        V s10 = Start(c1, bias, r1, accumulate), s11 = Start(c1 + w, bias, r1, accumulate), s12 = Start(c1 + w + w, bias, r1, accumulate);
        V s20 = Start(c2, bias, r2, accumulate), s21 = Start(c2 + w, bias, r2, accumulate), s22 = Start(c2 + w + w, bias, r2, accumulate);
        V s30 = Start(c3, bias, r3, accumulate), s31 = Start(c3 + w, bias, r3, accumulate), s32 = Start(c3 + w + w, bias, r3, accumulate);
        V s40 = Start(c4, bias, r4, accumulate), s41 = Start(c4 + w, bias, r4, accumulate), s42 = Start(c4 + w + w, bias, r4, accumulate);
        nint at = 0;
        for (int k = 0; k < inner; k++)
        {
            V b0 = L.Load(b), b1 = L.Load(b + w), b2 = L.Load(b + w + w);
            V x = L.Create(a0[at]);
            s00 = L.MultiplyAdd(x, b0, s00);
            s01 = L.MultiplyAdd(x, b1, s01);
            s02 = L.MultiplyAdd(x, b2, s02);
            x = L.Create(a1[at]);
            s10 = L.MultiplyAdd(x, b0, s10);
            s11 = L.MultiplyAdd(x, b1, s11);
            s12 = L.MultiplyAdd(x, b2, s12);
            x = L.Create(a2[at]);
            s20 = L.MultiplyAdd(x, b0, s20);
            s21 = L.MultiplyAdd(x, b1, s21);
            s22 = L.MultiplyAdd(x, b2, s22);
            x = L.Create(a3[at]);
            s30 = L.MultiplyAdd(x, b0, s30);
            s31 = L.MultiplyAdd(x, b1, s31);
            s32 = L.MultiplyAdd(x, b2, s32);
            x = L.Create(a4[at]);
            s40 = L.MultiplyAdd(x, b0, s40);
            s41 = L.MultiplyAdd(x, b1, s41);
            s42 = L.MultiplyAdd(x, b2, s42);
            at += aColumn;
            b += bRow;
        }
        Store3(c0, s00, s01, s02);
        Store3(c1, s10, s11, s12);
        Store3(c2, s20, s21, s22);
        Store3(c3, s30, s31, s32);
        Store3(c4, s40, s41, s42);
    }

    [SkipLocalsInit, MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Tile4x3(
        int rows, int inner, T* a0, nint aRow, nint aColumn, T* b, nint bRow, T* c0, nint cRow, T* bias, bool accumulate)
    {
        nint last = rows - 1, r1 = Math.Min(1, last), r2 = Math.Min(2, last), r3 = Math.Min(3, last);
        T* a1 = a0 + (r1 * aRow);
        T* a2 = a0 + (r2 * aRow);
        T* a3 = a0 + (r3 * aRow);
        T* c1 = c0 + (r1 * cRow);
        T* c2 = c0 + (r2 * cRow);
        T* c3 = c0 + (r3 * cRow);
        nint w = L.Count;
        V s00 = Start(c0, bias, 0, accumulate), s01 = Start(c0 + w, bias, 0, accumulate), s02 = Start(c0 + w + w, bias, 0, accumulate);
        V s10 = Start(c1, bias, r1, accumulate), s11 = Start(c1 + w, bias, r1, accumulate), s12 = Start(c1 + w + w, bias, r1, accumulate);
        V s20 = Start(c2, bias, r2, accumulate), s21 = Start(c2 + w, bias, r2, accumulate), s22 = Start(c2 + w + w, bias, r2, accumulate);
        V s30 = Start(c3, bias, r3, accumulate), s31 = Start(c3 + w, bias, r3, accumulate), s32 = Start(c3 + w + w, bias, r3, accumulate);
        nint at = 0;
        for (int k = 0; k < inner; k++)
        {
            V b0 = L.Load(b), b1 = L.Load(b + w), b2 = L.Load(b + w + w);
            V x = L.Create(a0[at]);
            s00 = L.MultiplyAdd(x, b0, s00);
            s01 = L.MultiplyAdd(x, b1, s01);
            s02 = L.MultiplyAdd(x, b2, s02);
            x = L.Create(a1[at]);
            s10 = L.MultiplyAdd(x, b0, s10);
            s11 = L.MultiplyAdd(x, b1, s11);
            s12 = L.MultiplyAdd(x, b2, s12);
            x = L.Create(a2[at]);
            s20 = L.MultiplyAdd(x, b0, s20);
            s21 = L.MultiplyAdd(x, b1, s21);
            s22 = L.MultiplyAdd(x, b2, s22);
            x = L.Create(a3[at]);
            s30 = L.MultiplyAdd(x, b0, s30);
            s31 = L.MultiplyAdd(x, b1, s31);
            s32 = L.MultiplyAdd(x, b2, s32);
            at += aColumn;
            b += bRow;
        }
        Store3(c0, s00, s01, s02);
        Store3(c1, s10, s11, s12);
        Store3(c2, s20, s21, s22);
        Store3(c3, s30, s31, s32);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store3(T* c, V x, V y, V z)
    {
        L.Store(x, c);
        L.Store(y, c + L.Count);
        L.Store(z, c + (2 * L.Count));
    }

    [SkipLocalsInit, MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Tile5x2(
        int rows, int inner, T* a0, nint aRow, nint aColumn, T* b, nint bRow, T* c0, nint cRow, T* bias, bool accumulate)
    {
        nint last = rows - 1, r1 = Math.Min(1, last), r2 = Math.Min(2, last), r3 = Math.Min(3, last), r4 = Math.Min(4, last);
        T* a1 = a0 + (r1 * aRow);
        T* a2 = a0 + (r2 * aRow);
        T* a3 = a0 + (r3 * aRow);
        T* a4 = a0 + (r4 * aRow);
        T* c1 = c0 + (r1 * cRow);
        T* c2 = c0 + (r2 * cRow);
        T* c3 = c0 + (r3 * cRow);
        T* c4 = c0 + (r4 * cRow);
        nint w = L.Count;
        V s00 = Start(c0, bias, 0, accumulate), s01 = Start(c0 + w, bias, 0, accumulate);
        V s10 = Start(c1, bias, r1, accumulate), s11 = Start(c1 + w, bias, r1, accumulate);
        V s20 = Start(c2, bias, r2, accumulate), s21 = Start(c2 + w, bias, r2, accumulate);
        V s30 = Start(c3, bias, r3, accumulate), s31 = Start(c3 + w, bias, r3, accumulate);
        V s40 = Start(c4, bias, r4, accumulate), s41 = Start(c4 + w, bias, r4, accumulate);
        nint at = 0;
        for (int k = 0; k < inner; k++)
        {
            V b0 = L.Load(b), b1 = L.Load(b + w);
            V x = L.Create(a0[at]);
            s00 = L.MultiplyAdd(x, b0, s00);
            s01 = L.MultiplyAdd(x, b1, s01);
            x = L.Create(a1[at]);
            s10 = L.MultiplyAdd(x, b0, s10);
            s11 = L.MultiplyAdd(x, b1, s11);
            x = L.Create(a2[at]);
            s20 = L.MultiplyAdd(x, b0, s20);
            s21 = L.MultiplyAdd(x, b1, s21);
            x = L.Create(a3[at]);
            s30 = L.MultiplyAdd(x, b0, s30);
            s31 = L.MultiplyAdd(x, b1, s31);
            x = L.Create(a4[at]);
            s40 = L.MultiplyAdd(x, b0, s40);
            s41 = L.MultiplyAdd(x, b1, s41);
            at += aColumn;
            b += bRow;
        }
        L.Store(s00, c0);
        L.Store(s01, c0 + w);
        L.Store(s10, c1);
        L.Store(s11, c1 + w);
        L.Store(s20, c2);
        L.Store(s21, c2 + w);
        L.Store(s30, c3);
        L.Store(s31, c3 + w);
        L.Store(s40, c4);
        L.Store(s41, c4 + w);
    }

    [SkipLocalsInit, MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Tile5x1(
        int rows, int inner, T* a0, nint aRow, nint aColumn, T* b, nint bRow, T* c0, nint cRow, T* bias, bool accumulate)
    {
        nint last = rows - 1, r1 = Math.Min(1, last), r2 = Math.Min(2, last), r3 = Math.Min(3, last), r4 = Math.Min(4, last);
        T* a1 = a0 + (r1 * aRow);
        T* a2 = a0 + (r2 * aRow);
        T* a3 = a0 + (r3 * aRow);
        T* a4 = a0 + (r4 * aRow);
        V s0 = Start(c0, bias, 0, accumulate);
        V s1 = Start(c0 + (r1 * cRow), bias, r1, accumulate);
        V s2 = Start(c0 + (r2 * cRow), bias, r2, accumulate);
        V s3 = Start(c0 + (r3 * cRow), bias, r3, accumulate);
        V s4 = Start(c0 + (r4 * cRow), bias, r4, accumulate);
        nint at = 0;
        for (int k = 0; k < inner; k++)
        {
            V b0 = L.Load(b);
            s0 = L.MultiplyAdd(L.Create(a0[at]), b0, s0);
            s1 = L.MultiplyAdd(L.Create(a1[at]), b0, s1);
            s2 = L.MultiplyAdd(L.Create(a2[at]), b0, s2);
            s3 = L.MultiplyAdd(L.Create(a3[at]), b0, s3);
            s4 = L.MultiplyAdd(L.Create(a4[at]), b0, s4);
            at += aColumn;
            b += bRow;
        }
        L.Store(s0, c0);
        L.Store(s1, c0 + (r1 * cRow));
        L.Store(s2, c0 + (r2 * cRow));
        L.Store(s3, c0 + (r3 * cRow));
        L.Store(s4, c0 + (r4 * cRow));
    }
}
