using System.Runtime.CompilerServices;

namespace MLNetHyper.Engine;

/// <summary>
/// <c>C = A·Bᵀ</c> where every element of C is a whole vector of partial sums, so that lanes are added once for many chunks.
/// </summary>
internal static unsafe class LaneSums<L, V, T> where L : struct, ILanes<V, T> where V : struct where T : unmanaged
{
    /// <summary>
    /// Writes the lane-wise inner products of rows of A and B to <paramref name="sums"/>, a row of vectors per row of A, or adds them.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Run(int rows, int columns, int length, T* a, nint aRow, T* b, nint bRow, T* sums, bool accumulate)
    {
        nint width = L.Count, sumsRow = columns * width;
        for (int column = 0; column < columns;)
        {
            // Nine columns suit the commonest small inputs, five the remainders.
            (int tileRows, int tileColumns) = !L.HasManyRegisters ? (4, 3) : columns - column > 5 ? (3, 9) : (5, 5);
            int columnCount = Math.Min(tileColumns, columns - column);
            T* q = b + (column * bRow);
            for (int row = 0; row < rows; row += tileRows)
            {
                int rowCount = Math.Min(tileRows, rows - row);
                T* p = a + (row * aRow);
                T* target = sums + (row * sumsRow) + (column * width);
                if (!L.HasManyRegisters)
                    Tile4x3(rowCount, columnCount, length, p, aRow, q, bRow, target, sumsRow, accumulate);
                else if (tileColumns == 9)
                    Tile3x9(rowCount, columnCount, length, p, aRow, q, bRow, target, sumsRow, accumulate);
                else
                    Tile5x5(rowCount, columnCount, length, p, aRow, q, bRow, target, sumsRow, accumulate);
            }
            column += columnCount;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Start(T* sums, bool accumulate) => accumulate ? L.Load(sums) : L.Zero;

    // Where rows or columns are fewer, the last one stands in for the missing ones: it is computed, and written, several times alike.
    [SkipLocalsInit, MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Tile3x9(int rows, int columns, int length, T* a0, nint aRow, T* b0, nint bRow, T* sums, nint sumsRow, bool accumulate)
    {
        T* a1 = a0 + (Math.Min(1, rows - 1) * aRow);
        T* a2 = a0 + (Math.Min(2, rows - 1) * aRow);
        T* b1 = b0 + (Math.Min(1, columns - 1) * bRow);
        T* b2 = b0 + (Math.Min(2, columns - 1) * bRow);
        T* b3 = b0 + (Math.Min(3, columns - 1) * bRow);
        T* b4 = b0 + (Math.Min(4, columns - 1) * bRow);
        T* b5 = b0 + (Math.Min(5, columns - 1) * bRow);
        T* b6 = b0 + (Math.Min(6, columns - 1) * bRow);
        T* b7 = b0 + (Math.Min(7, columns - 1) * bRow);
        T* b8 = b0 + (Math.Min(8, columns - 1) * bRow);
        nint w = L.Count;
        T* t1 = sums + (Math.Min(1, rows - 1) * sumsRow);
        T* t2 = sums + (Math.Min(2, rows - 1) * sumsRow);
        nint k1 = Math.Min(1, columns - 1) * w;
        nint k2 = Math.Min(2, columns - 1) * w;
        nint k3 = Math.Min(3, columns - 1) * w;
        nint k4 = Math.Min(4, columns - 1) * w;
        nint k5 = Math.Min(5, columns - 1) * w;
        nint k6 = Math.Min(6, columns - 1) * w;
        nint k7 = Math.Min(7, columns - 1) * w;
        nint k8 = Math.Min(8, columns - 1) * w;
        V s00 = Start(sums, accumulate), s01 = Start(sums + k1, accumulate), s02 = Start(sums + k2, accumulate), s03 = Start(sums + k3, accumulate), s04 = Start(sums + k4, accumulate), s05 = Start(sums + k5, accumulate), s06 = Start(sums + k6, accumulate), s07 = Start(sums + k7, accumulate), s08 = Start(sums + k8, accumulate);
        V s10 = Start(t1, accumulate), s11 = Start(t1 + k1, accumulate), s12 = Start(t1 + k2, accumulate), s13 = Start(t1 + k3, accumulate), s14 = Start(t1 + k4, accumulate), s15 = Start(t1 + k5, accumulate), s16 = Start(t1 + k6, accumulate), s17 = Start(t1 + k7, accumulate), s18 = Start(t1 + k8, accumulate);
        V s20 = Start(t2, accumulate), s21 = Start(t2 + k1, accumulate), s22 = Start(t2 + k2, accumulate), s23 = Start(t2 + k3, accumulate), s24 = Start(t2 + k4, accumulate), s25 = Start(t2 + k5, accumulate), s26 = Start(t2 + k6, accumulate), s27 = Start(t2 + k7, accumulate), s28 = Start(t2 + k8, accumulate);
        for (nint i = 0; i < length; i += w)
        {
            V p0 = L.Load(a0 + i), p1 = L.Load(a1 + i), p2 = L.Load(a2 + i);
            V q = L.Load(b0 + i);
            s00 = L.MultiplyAdd(p0, q, s00);
            s10 = L.MultiplyAdd(p1, q, s10);
            s20 = L.MultiplyAdd(p2, q, s20);
            q = L.Load(b1 + i);
            s01 = L.MultiplyAdd(p0, q, s01);
            s11 = L.MultiplyAdd(p1, q, s11);
            s21 = L.MultiplyAdd(p2, q, s21);
            q = L.Load(b2 + i);
            s02 = L.MultiplyAdd(p0, q, s02);
            s12 = L.MultiplyAdd(p1, q, s12);
            s22 = L.MultiplyAdd(p2, q, s22);
            q = L.Load(b3 + i);
            s03 = L.MultiplyAdd(p0, q, s03);
            s13 = L.MultiplyAdd(p1, q, s13);
            s23 = L.MultiplyAdd(p2, q, s23);
            q = L.Load(b4 + i);
            s04 = L.MultiplyAdd(p0, q, s04);
            s14 = L.MultiplyAdd(p1, q, s14);
            s24 = L.MultiplyAdd(p2, q, s24);
            q = L.Load(b5 + i);
            s05 = L.MultiplyAdd(p0, q, s05);
            s15 = L.MultiplyAdd(p1, q, s15);
            s25 = L.MultiplyAdd(p2, q, s25);
            q = L.Load(b6 + i);
            s06 = L.MultiplyAdd(p0, q, s06);
            s16 = L.MultiplyAdd(p1, q, s16);
            s26 = L.MultiplyAdd(p2, q, s26);
            q = L.Load(b7 + i);
            s07 = L.MultiplyAdd(p0, q, s07);
            s17 = L.MultiplyAdd(p1, q, s17);
            s27 = L.MultiplyAdd(p2, q, s27);
            q = L.Load(b8 + i);
            s08 = L.MultiplyAdd(p0, q, s08);
            s18 = L.MultiplyAdd(p1, q, s18);
            s28 = L.MultiplyAdd(p2, q, s28);
        }
        L.Store(s00, sums);
        L.Store(s01, sums + k1);
        L.Store(s02, sums + k2);
        L.Store(s03, sums + k3);
        L.Store(s04, sums + k4);
        L.Store(s05, sums + k5);
        L.Store(s06, sums + k6);
        L.Store(s07, sums + k7);
        L.Store(s08, sums + k8);
        L.Store(s10, t1);
        L.Store(s11, t1 + k1);
        L.Store(s12, t1 + k2);
        L.Store(s13, t1 + k3);
        L.Store(s14, t1 + k4);
        L.Store(s15, t1 + k5);
        L.Store(s16, t1 + k6);
        L.Store(s17, t1 + k7);
        L.Store(s18, t1 + k8);
        L.Store(s20, t2);
        L.Store(s21, t2 + k1);
        L.Store(s22, t2 + k2);
        L.Store(s23, t2 + k3);
        L.Store(s24, t2 + k4);
        L.Store(s25, t2 + k5);
        L.Store(s26, t2 + k6);
        L.Store(s27, t2 + k7);
        L.Store(s28, t2 + k8);
    }

    [SkipLocalsInit, MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Tile5x5(int rows, int columns, int length, T* a0, nint aRow, T* b0, nint bRow, T* sums, nint sumsRow, bool accumulate)
    {
        T* a1 = a0 + (Math.Min(1, rows - 1) * aRow);
        T* a2 = a0 + (Math.Min(2, rows - 1) * aRow);
        T* a3 = a0 + (Math.Min(3, rows - 1) * aRow);
        T* a4 = a0 + (Math.Min(4, rows - 1) * aRow);
        T* b1 = b0 + (Math.Min(1, columns - 1) * bRow);
        T* b2 = b0 + (Math.Min(2, columns - 1) * bRow);
        T* b3 = b0 + (Math.Min(3, columns - 1) * bRow);
        T* b4 = b0 + (Math.Min(4, columns - 1) * bRow);
        nint w = L.Count;
        T* t1 = sums + (Math.Min(1, rows - 1) * sumsRow);
        T* t2 = sums + (Math.Min(2, rows - 1) * sumsRow);
        T* t3 = sums + (Math.Min(3, rows - 1) * sumsRow);
        T* t4 = sums + (Math.Min(4, rows - 1) * sumsRow);
        nint k1 = Math.Min(1, columns - 1) * w;
        nint k2 = Math.Min(2, columns - 1) * w;
        nint k3 = Math.Min(3, columns - 1) * w;
        nint k4 = Math.Min(4, columns - 1) * w;
        V s00 = Start(sums, accumulate), s01 = Start(sums + k1, accumulate), s02 = Start(sums + k2, accumulate), s03 = Start(sums + k3, accumulate), s04 = Start(sums + k4, accumulate);
        V s10 = Start(t1, accumulate), s11 = Start(t1 + k1, accumulate), s12 = Start(t1 + k2, accumulate), s13 = Start(t1 + k3, accumulate), s14 = Start(t1 + k4, accumulate);
        V s20 = Start(t2, accumulate), s21 = Start(t2 + k1, accumulate), s22 = Start(t2 + k2, accumulate), s23 = Start(t2 + k3, accumulate), s24 = Start(t2 + k4, accumulate);
        V s30 = Start(t3, accumulate), s31 = Start(t3 + k1, accumulate), s32 = Start(t3 + k2, accumulate), s33 = Start(t3 + k3, accumulate), s34 = Start(t3 + k4, accumulate);
        V s40 = Start(t4, accumulate), s41 = Start(t4 + k1, accumulate), s42 = Start(t4 + k2, accumulate), s43 = Start(t4 + k3, accumulate), s44 = Start(t4 + k4, accumulate);
        for (nint i = 0; i < length; i += w)
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
        L.Store(s00, sums);
        L.Store(s01, sums + k1);
        L.Store(s02, sums + k2);
        L.Store(s03, sums + k3);
        L.Store(s04, sums + k4);
        L.Store(s10, t1);
        L.Store(s11, t1 + k1);
        L.Store(s12, t1 + k2);
        L.Store(s13, t1 + k3);
        L.Store(s14, t1 + k4);
        L.Store(s20, t2);
        L.Store(s21, t2 + k1);
        L.Store(s22, t2 + k2);
        L.Store(s23, t2 + k3);
        L.Store(s24, t2 + k4);
        L.Store(s30, t3);
        L.Store(s31, t3 + k1);
        L.Store(s32, t3 + k2);
        L.Store(s33, t3 + k3);
        L.Store(s34, t3 + k4);
        L.Store(s40, t4);
        L.Store(s41, t4 + k1);
        L.Store(s42, t4 + k2);
        L.Store(s43, t4 + k3);
        L.Store(s44, t4 + k4);
    }

    [SkipLocalsInit, MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Tile4x3(int rows, int columns, int length, T* a0, nint aRow, T* b0, nint bRow, T* sums, nint sumsRow, bool accumulate)
    {
        T* a1 = a0 + (Math.Min(1, rows - 1) * aRow);
        T* a2 = a0 + (Math.Min(2, rows - 1) * aRow);
        T* a3 = a0 + (Math.Min(3, rows - 1) * aRow);
        T* b1 = b0 + (Math.Min(1, columns - 1) * bRow);
        T* b2 = b0 + (Math.Min(2, columns - 1) * bRow);
        nint w = L.Count;
        T* t1 = sums + (Math.Min(1, rows - 1) * sumsRow);
        T* t2 = sums + (Math.Min(2, rows - 1) * sumsRow);
        T* t3 = sums + (Math.Min(3, rows - 1) * sumsRow);
        nint k1 = Math.Min(1, columns - 1) * w;
        nint k2 = Math.Min(2, columns - 1) * w;
        V s00 = Start(sums, accumulate), s01 = Start(sums + k1, accumulate), s02 = Start(sums + k2, accumulate);
        V s10 = Start(t1, accumulate), s11 = Start(t1 + k1, accumulate), s12 = Start(t1 + k2, accumulate);
        V s20 = Start(t2, accumulate), s21 = Start(t2 + k1, accumulate), s22 = Start(t2 + k2, accumulate);
        V s30 = Start(t3, accumulate), s31 = Start(t3 + k1, accumulate), s32 = Start(t3 + k2, accumulate);
        for (nint i = 0; i < length; i += w)
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
        L.Store(s00, sums);
        L.Store(s01, sums + k1);
        L.Store(s02, sums + k2);
        L.Store(s10, t1);
        L.Store(s11, t1 + k1);
        L.Store(s12, t1 + k2);
        L.Store(s20, t2);
        L.Store(s21, t2 + k1);
        L.Store(s22, t2 + k2);
        L.Store(s30, t3);
        L.Store(s31, t3 + k1);
        L.Store(s32, t3 + k2);
    }
}
