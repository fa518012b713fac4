using System.Runtime.InteropServices;

namespace MLNetHyper.Engine;

/// <summary>Takes rows through transforms, one after the other. For one thread.</summary>
internal sealed class TransformedRow(IReadOnlyList<InputTransform> transforms)
{
    private readonly InputTransform[] _transforms = [.. transforms];
    private readonly float[][] _rows = [.. transforms.Select(transform => new float[transform.OutputWidth])];

    /// <summary>The transformed row, valid until the next call; where there are no transforms, the row itself.</summary>
    internal ReadOnlySpan<float> Apply(ReadOnlySpan<float> row)
    {
        for (int i = 0; i < _rows.Length; i++)
        {
            _transforms[i].Apply(row, _rows[i]);
            row = _rows[i];
        }
        return row;
    }

    /// <summary>The same for rows of any type, of which only single precision can be transformed.</summary>
    /// <exception cref="NotSupportedException">There are transforms, and the row is no float.</exception>
    internal ReadOnlySpan<T> Apply<T>(ReadOnlySpan<T> row) where T : unmanaged
    {
        if (_rows.Length == 0)
            return row;
        if (typeof(T) != typeof(float))
            throw new NotSupportedException($"Transforms of inputs take float, not {typeof(T).Name}.");
        return MemoryMarshal.Cast<float, T>(Apply(MemoryMarshal.Cast<T, float>(row)));
    }
}
