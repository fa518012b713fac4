namespace MLNetHyper.Engine;

/// <summary>An evenly spaced sample of rows that pass by, column by column: the same for the same rows, however many they are.</summary>
internal sealed class ColumnSample(int width)
{
    // Quantiles of so many rows are near enough, and very wide rows must not fill the memory.
    private readonly int _most = Math.Clamp((1 << 22) / width, 256, 1 << 14);
    private readonly List<float[]> _rows = [];
    private long _stride = 1;
    private long _seen;

    internal void Add(ReadOnlySpan<float> row)
    {
        if (_seen++ % _stride != 0)
            return;
        if (_rows.Count == _most)
        {
            for (int i = 0; 2 * i < _rows.Count; i++)
                _rows[i] = _rows[2 * i];
            _rows.RemoveRange((_rows.Count + 1) / 2, _rows.Count / 2);
            _stride *= 2;
            if ((_seen - 1) % _stride != 0)
                return;
        }
        _rows.Add(row.ToArray());
    }

    /// <summary>A column's values in the sample, ascending.</summary>
    internal float[] Sorted(int column)
    {
        float[] values = [.. _rows.Select(row => row[column])];
        Array.Sort(values);
        return values;
    }

    /// <summary>The quantile of ascending values, between two of them by their distance.</summary>
    internal static float Quantile(float[] sorted, double share)
    {
        double at = share * (sorted.Length - 1);
        int lower = (int)at, upper = Math.Min(lower + 1, sorted.Length - 1);
        return (float)(sorted[lower] + ((at - lower) * ((double)sorted[upper] - sorted[lower])));
    }
}
