namespace MLNetHyper.Engine;

/// <summary>Means and deviations of columns whose rows pass by once (Welford 1962).</summary>
internal sealed class ColumnMoments(int columns) : InputFitter
{
    private readonly double[] _means = new double[columns];
    private readonly double[] _squares = new double[columns];
    private long _count;

    internal override void Add(ReadOnlySpan<float> row)
    {
        _count++;
        for (int k = 0; k < row.Length; k++)
        {
            double difference = row[k] - _means[k];
            _means[k] += difference / _count;
            _squares[k] += difference * (row[k] - _means[k]);
        }
    }

    /// <summary>Columns that do not vary get scale 1.</summary>
    internal override Standardization ToTransform() =>
        new(_means, [.. _squares.Select(s => s > 0 && _count > 1 ? Math.Sqrt(s / (_count - 1)) : 1)]);

    internal int[] Constant() => [.. Enumerable.Range(0, columns).Where(k => _squares[k] == 0)];
}
