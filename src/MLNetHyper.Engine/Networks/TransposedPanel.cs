using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace MLNetHyper.Engine;

/// <summary>Rows laid out as columns, eight by eight in the registers of AVX.</summary>
internal static unsafe class TransposedPanel
{
    private const int Side = 8;

    /// <summary>Whether the processor can do it fast.</summary>
    internal static bool IsSupported => Avx.IsSupported;

    /// <summary>
    /// <c>target[i, k] = source[k, i]</c> for some rows k. The columns up to the next multiple of eight are filled with the last row.
    /// </summary>
    /// <param name="source">The first row.</param>
    /// <param name="sourceRow">From row to row.</param>
    /// <param name="rows">How many there are, at least 1.</param>
    /// <param name="length">Elements of each, a multiple of eight.</param>
    /// <param name="target">Row-major.</param>
    /// <param name="targetRow">From row to row, at least <paramref name="rows"/> up to the next multiple of eight.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Fill(float* source, nint sourceRow, int rows, int length, float* target, nint targetRow)
    {
        for (nint k = 0; k < rows; k += Side)
        {
            nint last = Math.Min(Side, rows - k) - 1;
            float* s0 = source + (k * sourceRow);
            float* s1 = s0 + (Math.Min(1, last) * sourceRow);
            float* s2 = s0 + (Math.Min(2, last) * sourceRow);
            float* s3 = s0 + (Math.Min(3, last) * sourceRow);
            float* s4 = s0 + (Math.Min(4, last) * sourceRow);
            float* s5 = s0 + (Math.Min(5, last) * sourceRow);
            float* s6 = s0 + (Math.Min(6, last) * sourceRow);
            float* s7 = s0 + (Math.Min(7, last) * sourceRow);
            float* t = target + k;
            for (nint i = 0; i < length; i += Side)
            {
                Vector256<float> a = Vector256.Load(s0 + i), b = Vector256.Load(s1 + i), c = Vector256.Load(s2 + i), d = Vector256.Load(s3 + i);
                Vector256<float> e = Vector256.Load(s4 + i), f = Vector256.Load(s5 + i), g = Vector256.Load(s6 + i), h = Vector256.Load(s7 + i);
                // Pairs, fours, and then the halves change places.
                (a, b, c, d) = (Avx.UnpackLow(a, b), Avx.UnpackHigh(a, b), Avx.UnpackLow(c, d), Avx.UnpackHigh(c, d));
                (e, f, g, h) = (Avx.UnpackLow(e, f), Avx.UnpackHigh(e, f), Avx.UnpackLow(g, h), Avx.UnpackHigh(g, h));
                (a, b, c, d) = (Avx.Shuffle(a, c, 0x44), Avx.Shuffle(a, c, 0xEE), Avx.Shuffle(b, d, 0x44), Avx.Shuffle(b, d, 0xEE));
                (e, f, g, h) = (Avx.Shuffle(e, g, 0x44), Avx.Shuffle(e, g, 0xEE), Avx.Shuffle(f, h, 0x44), Avx.Shuffle(f, h, 0xEE));
                Avx.Permute2x128(a, e, 0x20).Store(t);
                Avx.Permute2x128(b, f, 0x20).Store(t + targetRow);
                Avx.Permute2x128(c, g, 0x20).Store(t + (2 * targetRow));
                Avx.Permute2x128(d, h, 0x20).Store(t + (3 * targetRow));
                Avx.Permute2x128(a, e, 0x31).Store(t + (4 * targetRow));
                Avx.Permute2x128(b, f, 0x31).Store(t + (5 * targetRow));
                Avx.Permute2x128(c, g, 0x31).Store(t + (6 * targetRow));
                Avx.Permute2x128(d, h, 0x31).Store(t + (7 * targetRow));
                t += Side * targetRow;
            }
        }
    }

    /// <summary><c>target[i, k] = source[k, i]</c> for matrices of any size, of which nothing else is written.</summary>
    /// <param name="source">The first row.</param>
    /// <param name="sourceRow">From row to row.</param>
    /// <param name="rows">The source's rows.</param>
    /// <param name="columns">The source's columns.</param>
    /// <param name="target">Row-major.</param>
    /// <param name="targetRow">From row to row.</param>
    internal static void Transpose<T>(T* source, nint sourceRow, int rows, int columns, T* target, nint targetRow) where T : unmanaged
    {
        int wholeRows = 0, wholeColumns = 0;
        if (typeof(T) == typeof(float) && IsSupported && rows >= Side && columns >= Side)
        {
            (wholeRows, wholeColumns) = (rows / Side * Side, columns / Side * Side);
            Fill((float*)source, sourceRow, wholeRows, wholeColumns, (float*)target, targetRow);
        }
        for (nint k = 0; k < rows; k++)
        {
            for (nint i = k < wholeRows ? wholeColumns : 0; i < columns; i++)
                target[(i * targetRow) + k] = source[(k * sourceRow) + i];
        }
    }
}
