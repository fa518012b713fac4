using System.Numerics;
using System.Runtime.CompilerServices;

namespace MLNetHyper.Engine;

/// <summary>The matrix product of inner products of rows: <c>C = A·Bᵀ</c>, summed along the vectors.</summary>
/// <remarks>
/// It serves the weight gradient, where rows run along the examples, and the forward pass where examples are rows. Each tile
/// keeps whole vectors of partial sums and adds their lanes once at the end. Many rows are multiplied by panels of Bᵀ instead, with no lanes to add.
/// </remarks>
internal static unsafe class MultiplyTransposed<L, V, T>
    where L : struct, ILanes<V, T> where V : struct where T : unmanaged, INumberBase<T>
{
    // A panel of the other product's right factor stays in the first-level cache, the rows that it is multiplied by in the second.
    private const int PanelVectors = 3;
    private const int PanelLength = 256;
    private const int PanelRows = 120;
    private const int LeastRowsOfPanel = 16;

    // Of five by five sums, where there are registers for so many.
    private const int MostInTile = 25;

    private static int TileRows
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => L.HasManyRegisters ? 5 : 4;
    }

    private static int TileColumns
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => L.HasManyRegisters ? 5 : 3;
    }

    /// <summary>Where the products go.</summary>
    /// <param name="c">Row-major, <paramref name="cRow"/> elements from row to row.</param>
    /// <param name="cRow">The row stride.</param>
    /// <param name="lastColumn">Where the last column goes instead, densely; null if it has its place in the rows.</param>
    /// <param name="bias">Added to every product of a row; null for none, as where products are added.</param>
    /// <param name="accumulate">Whether the products are added to what is there.</param>
    internal readonly struct Target(T* c, nint cRow, T* lastColumn = null, T* bias = null, bool accumulate = false)
    {
        internal bool HasLastColumn => lastColumn != null;

        /// <summary>Puts the products of some rows with a panel of Bᵀ, of part of the length: those of the first part as was asked for, those of the others added to them.</summary>
        internal void PutPanel(int row, int rowCount, int inner, int column, int columnCount, T* a, nint aRow, T* panel, nint panelRow, bool isFirst) =>
            Multiply<L, V, T>.Run(
                rowCount, inner, columnCount, a, aRow, 1, panel, panelRow, c + (row * cRow) + column, cRow, isFirst && bias != null ? bias + row : null, accumulate || !isFirst);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        internal void Put(T* sums, int sumsRow, int row, int rowCount, int column, int columnCount, int columns)
        {
            bool withLast = lastColumn != null && column + columnCount == columns;
            int inRows = withLast ? columnCount - 1 : columnCount;
            for (int r = 0; r < rowCount; r++, sums += sumsRow)
            {
                T start = bias == null ? T.Zero : bias[row + r];
                T* place = c + ((row + r) * cRow) + column;
                for (int k = 0; k < inRows; k++)
                    place[k] = accumulate ? place[k] + (sums[k] + start) : sums[k] + start;
                if (withLast)
                    lastColumn[row + r] = accumulate ? lastColumn[row + r] + (sums[inRows] + start) : sums[inRows] + start;
            }
        }
    }

    /// <summary><c>C[r, k] = Σᵢ A[r, i]·B[k, i]</c> over <paramref name="length"/> elements, a whole number of vectors.</summary>
    [SkipLocalsInit, MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Run(int rows, int columns, int length, T* a, nint aRow, T* b, nint bRow, Target target)
    {
        int first = 0;
        // Adding lanes takes half the time where the length is a batch's; panels spare that. With many registers, whose tiles have more sums, longer rows are done sooner than laid out.
        if (typeof(T) == typeof(float) && (length <= PanelLength || !L.HasManyRegisters) && TransposedPanel.IsSupported && rows >= LeastRowsOfPanel)
        {
            first = target.HasLastColumn ? columns - 1 : columns;
            RunPanels(rows, first, length, a, aRow, b, bRow, target);
        }
        T* sums = stackalloc T[MostInTile];
        for (int row = 0; row < rows;)
        {
            int rowCount = Math.Min(TileRows, rows - row);
            // One or two rows are cheaper one by one than padded to a tile.
            if (rowCount < 3)
                rowCount = 1;
            T* left = a + (row * aRow);
            int tileColumns = rowCount == 1 ? 5 : TileColumns;
            for (int column = first; column < columns; column += tileColumns)
            {
                int columnCount = Math.Min(tileColumns, columns - column);
                T* right = b + (column * bRow);
                if (rowCount == 1)
                    Tile1x5(columnCount, length, left, right, bRow, sums);
                else if (L.HasManyRegisters)
                    Tile5x5(rowCount, columnCount, length, left, aRow, right, bRow, sums);
                else
                    Tile4x3(rowCount, columnCount, length, left, aRow, right, bRow, sums);
                target.Put(sums, tileColumns, row, rowCount, column, columnCount, columns);
            }
            row += rowCount;
        }
    }

    [SkipLocalsInit, MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void RunPanels(int rows, int columns, int length, T* a, nint aRow, T* b, nint bRow, Target target)
    {
        int width = PanelVectors * L.Count;
        float* panel = stackalloc float[PanelLength * width];
        for (int start = 0; start < length; start += PanelLength)
        {
            int inner = Math.Min(PanelLength, length - start);
            for (int row = 0; row < rows; row += PanelRows)
            {
                int rowCount = Math.Min(PanelRows, rows - row);
                for (int column = 0, columnCount; column < columns; column += columnCount)
                {
                    columnCount = Math.Min(width, columns - column);
                    // Four vectors are two and two, as in the other product.
                    if (columns - column > width && columns - column <= width + L.Count)
                        columnCount = 2 * L.Count;
                    TransposedPanel.Fill((float*)(b + (column * bRow) + start), bRow, columnCount, inner, panel, width);
                    target.PutPanel(row, rowCount, inner, column, columnCount, a + (row * aRow) + start, aRow, (T*)panel, width, isFirst: start == 0);
                }
            }
        }
    }

    // Where rows or columns are fewer, the last one stands in for the missing ones, whose sums nobody reads.
    [SkipLocalsInit, MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Tile5x5(int rows, int columns, int length, T* a0, nint aRow, T* b0, nint bRow, T* sums)
    {
        T* a1 = a0 + (Math.Min(1, rows - 1) * aRow);
        T* a2 = a0 + (Math.Min(2, rows - 1) * aRow);
        T* a3 = a0 + (Math.Min(3, rows - 1) * aRow);
        T* a4 = a0 + (Math.Min(4, rows - 1) * aRow);
        T* b1 = b0 + (Math.Min(1, columns - 1) * bRow);
        T* b2 = b0 + (Math.Min(2, columns - 1) * bRow);
        T* b3 = b0 + (Math.Min(3, columns - 1) * bRow);
        T* b4 = b0 + (Math.Min(4, columns - 1) * bRow);
        V s00 = L.Zero, s01 = L.Zero, s02 = L.Zero, s03 = L.Zero, s04 = L.Zero;
        V s10 = L.Zero, s11 = L.Zero, s12 = L.Zero, s13 = L.Zero, s14 = L.Zero;
        V s20 = L.Zero, s21 = L.Zero, s22 = L.Zero, s23 = L.Zero, s24 = L.Zero;
        V s30 = L.Zero, s31 = L.Zero, s32 = L.Zero, s33 = L.Zero, s34 = L.Zero;
        V s40 = L.Zero, s41 = L.Zero, s42 = L.Zero, s43 = L.Zero, s44 = L.Zero;
        for (nint i = 0; i < length; i += L.Count)
        {
            V p0 = L.Load(a0 + i), p1 = L.Load(a1 + i), p2 = L.Load(a2 + i), p3 = L.Load(a3 + i), p4 = L.Load(a4 + i);
            V q = L.Load(b0 + i);
            s00 = L.MultiplyAdd(p0, q, s00);
            s10 = L.MultiplyAdd(p1, q, s10);
            s20 = L.MultiplyAdd(p2, q, s20);
            s30 = L.MultiplyAdd(p3, q, s30);
            s40 = L.MultiplyAdd(p4, q, s40);
            q = L.Load(b1 + i);
            s01 = L.MultiplyAdd(p0, q, s01);
            s11 = L.MultiplyAdd(p1, q, s11);
            s21 = L.MultiplyAdd(p2, q, s21);
            s31 = L.MultiplyAdd(p3, q, s31);
            s41 = L.MultiplyAdd(p4, q, s41);
            q = L.Load(b2 + i);
            s02 = L.MultiplyAdd(p0, q, s02);
            s12 = L.MultiplyAdd(p1, q, s12);
            s22 = L.MultiplyAdd(p2, q, s22);
            s32 = L.MultiplyAdd(p3, q, s32);
            s42 = L.MultiplyAdd(p4, q, s42);
            q = L.Load(b3 + i);
            s03 = L.MultiplyAdd(p0, q, s03);
            s13 = L.MultiplyAdd(p1, q, s13);
            s23 = L.MultiplyAdd(p2, q, s23);
            s33 = L.MultiplyAdd(p3, q, s33);
            s43 = L.MultiplyAdd(p4, q, s43);
            q = L.Load(b4 + i);
            s04 = L.MultiplyAdd(p0, q, s04);
            s14 = L.MultiplyAdd(p1, q, s14);
            s24 = L.MultiplyAdd(p2, q, s24);
            s34 = L.MultiplyAdd(p3, q, s34);
            s44 = L.MultiplyAdd(p4, q, s44);
        }
        L.Sum(s00, s01, s02, s03, sums);
        L.Sum(s04, s10, s11, s12, sums + 4);
        L.Sum(s13, s14, s20, s21, sums + 8);
        L.Sum(s22, s23, s24, s30, sums + 12);
        L.Sum(s31, s32, s33, s34, sums + 16);
        L.Sum(s40, s41, s42, s43, sums + 20);
        sums[24] = L.Sum(s44);
    }

    [SkipLocalsInit, MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Tile4x3(int rows, int columns, int length, T* a0, nint aRow, T* b0, nint bRow, T* sums)
    {
        T* a1 = a0 + (Math.Min(1, rows - 1) * aRow);
        T* a2 = a0 + (Math.Min(2, rows - 1) * aRow);
        T* a3 = a0 + (Math.Min(3, rows - 1) * aRow);
        T* b1 = b0 + (Math.Min(1, columns - 1) * bRow);
        T* b2 = b0 + (Math.Min(2, columns - 1) * bRow);
        V s00 = L.Zero, s01 = L.Zero, s02 = L.Zero;
        V s10 = L.Zero, s11 = L.Zero, s12 = L.Zero;
        V s20 = L.Zero, s21 = L.Zero, s22 = L.Zero;
        V s30 = L.Zero, s31 = L.Zero, s32 = L.Zero;
        for (nint i = 0; i < length; i += L.Count)
        {
            V q0 = L.Load(b0 + i), q1 = L.Load(b1 + i), q2 = L.Load(b2 + i);
            V p = L.Load(a0 + i);
            s00 = L.MultiplyAdd(p, q0, s00);
            s01 = L.MultiplyAdd(p, q1, s01);
            s02 = L.MultiplyAdd(p, q2, s02);
            p = L.Load(a1 + i);
            s10 = L.MultiplyAdd(p, q0, s10);
            s11 = L.MultiplyAdd(p, q1, s11);
            s12 = L.MultiplyAdd(p, q2, s12);
            p = L.Load(a2 + i);
            s20 = L.MultiplyAdd(p, q0, s20);
            s21 = L.MultiplyAdd(p, q1, s21);
            s22 = L.MultiplyAdd(p, q2, s22);
            p = L.Load(a3 + i);
            s30 = L.MultiplyAdd(p, q0, s30);
            s31 = L.MultiplyAdd(p, q1, s31);
            s32 = L.MultiplyAdd(p, q2, s32);
        }
        L.Sum(s00, s01, s02, s10, sums);
        L.Sum(s11, s12, s20, s21, sums + 4);
        L.Sum(s22, s30, s31, s32, sums + 8);
    }

    [SkipLocalsInit, MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Tile1x5(int columns, int length, T* a, T* b0, nint bRow, T* sums)
    {
        T* b1 = b0 + (Math.Min(1, columns - 1) * bRow);
        T* b2 = b0 + (Math.Min(2, columns - 1) * bRow);
        T* b3 = b0 + (Math.Min(3, columns - 1) * bRow);
        T* b4 = b0 + (Math.Min(4, columns - 1) * bRow);
        V s0 = L.Zero, s1 = L.Zero, s2 = L.Zero, s3 = L.Zero, s4 = L.Zero;
        for (nint i = 0; i < length; i += L.Count)
        {
            V p = L.Load(a + i);
            s0 = L.MultiplyAdd(p, L.Load(b0 + i), s0);
            s1 = L.MultiplyAdd(p, L.Load(b1 + i), s1);
            s2 = L.MultiplyAdd(p, L.Load(b2 + i), s2);
            s3 = L.MultiplyAdd(p, L.Load(b3 + i), s3);
            s4 = L.MultiplyAdd(p, L.Load(b4 + i), s4);
        }
        L.Sum(s0, s1, s2, s3, sums);
        sums[4] = L.Sum(s4);
    }
}
