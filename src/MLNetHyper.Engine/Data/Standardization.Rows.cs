using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace MLNetHyper.Engine;

public sealed partial class Standardization
{
    /// <summary>
    /// Mean and unbiased standard deviation of every column, as a table's columns are standardized. A column that does not vary gets its
    /// value as offset and 1 as scale.
    /// </summary>
    /// <param name="rows">Row-major, at least one row, finite.</param>
    /// <param name="width">Number of columns, at least 1.</param>
    /// <exception cref="ArgumentException">There are no whole rows, or a value is not finite; the message says which.</exception>
    public static Standardization Of(ReadOnlySpan<float> rows, int width)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        if (rows.IsEmpty || rows.Length % width != 0)
            throw new ArgumentException($"{rows.Length} values are no whole rows of {width}, at least one.", nameof(rows));
        double[] offsets = new double[width], scales = new double[width], column = new double[rows.Length / width];
        for (int c = 0; c < width; c++)
        {
            for (int row = 0; row < column.Length; row++)
            {
                float value = rows[(row * width) + c];
                if (!float.IsFinite(value))
                    throw new ArgumentException($"Value {value} in column {c} of row {row} is not finite.", nameof(rows));
                column[row] = value;
            }
            ColumnStatistics statistics = ColumnStatistics.Of(column);
            offsets[c] = statistics.Mean;
            scales[c] = statistics.Deviation > 0 ? statistics.Deviation : 1;
        }
        return new Standardization(offsets, scales);
    }

    /// <summary>
    /// Standardizes a whole row as <see cref="Apply(double, int)"/> does, in double, and rounds to float. A value that is not a number becomes
    /// 0, the mean; an infinite one ±<see cref="MaximumMagnitude"/>.
    /// </summary>
    /// <param name="values">One value per offset.</param>
    /// <param name="transformed">As many; may be <paramref name="values"/> themselves.</param>
    /// <exception cref="ArgumentException">There are not <see cref="Count"/> of each.</exception>
    public override void Apply(ReadOnlySpan<float> values, Span<float> transformed)
    {
        if (values.Length != _offsets.Length || transformed.Length != _offsets.Length)
            throw new ArgumentException($"A row has {_offsets.Length} values, but {values.Length} are to become {transformed.Length}.", nameof(values));
        ref float source = ref MemoryMarshal.GetReference(values);
        ref float target = ref MemoryMarshal.GetReference(transformed);
        ref double offset = ref MemoryMarshal.GetArrayDataReference(_offsets);
        ref double scale = ref MemoryMarshal.GetArrayDataReference(_scales);
        nuint length = (nuint)values.Length;
        // The last vector overlaps the one before. It is read first, so that a row may be standardized in place.
        if (length >= (nuint)Vector256<float>.Count)
        {
            nuint step = (nuint)Vector256<float>.Count, last = length - step;
            Vector256<float> end = Vector256.LoadUnsafe(ref source, last);
            for (nuint i = 0; i < last; i += step)
                Eight(Vector256.LoadUnsafe(ref source, i), ref offset, ref scale, i).StoreUnsafe(ref target, i);
            Eight(end, ref offset, ref scale, last).StoreUnsafe(ref target, last);
        }
        else if (length >= (nuint)Vector128<float>.Count)
        {
            nuint last = length - (nuint)Vector128<float>.Count;
            Vector128<float> end = Vector128.LoadUnsafe(ref source, last);
            Four(Vector128.LoadUnsafe(ref source), ref offset, ref scale, 0).StoreUnsafe(ref target);
            Four(end, ref offset, ref scale, last).StoreUnsafe(ref target, last);
        }
        else
        {
            for (int i = 0; i < values.Length; i++)
                transformed[i] = float.IsNaN(values[i]) ? 0 : (float)Math.Clamp((values[i] - _offsets[i]) / _scales[i], -MaximumMagnitude, MaximumMagnitude);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Eight(Vector256<float> values, ref double offset, ref double scale, nuint at)
    {
        (Vector256<double> lower, Vector256<double> upper) = Vector256.Widen(values);
        return Vector256.Narrow(
            Cut((lower - Vector256.LoadUnsafe(ref offset, at)) / Vector256.LoadUnsafe(ref scale, at)),
            Cut((upper - Vector256.LoadUnsafe(ref offset, at + 4)) / Vector256.LoadUnsafe(ref scale, at + 4)));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> Four(Vector128<float> values, ref double offset, ref double scale, nuint at)
    {
        Vector256<double> z = Cut((Vector256.WidenLower(values.ToVector256Unsafe()) - Vector256.LoadUnsafe(ref offset, at)) / Vector256.LoadUnsafe(ref scale, at));
        return Vector256.Narrow(z, z).GetLower();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<double> Cut(Vector256<double> z)
    {
        Vector256<double> isNumber = Vector256.Equals(z, z);
        return Vector256.MaxNative(Vector256.MinNative(z, Vector256.Create(MaximumMagnitude)), Vector256.Create(-MaximumMagnitude)) & isNumber;
    }
}
