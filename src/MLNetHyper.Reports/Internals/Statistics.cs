namespace MLNetHyper.Reports;

/// <summary>Summaries of a sample.</summary>
internal static class Statistics
{
    /// <summary>The quantile of ascending values, interpolated linearly between order statistics, as NumPy and R do by default.</summary>
    internal static double Quantile(ReadOnlySpan<double> ascending, double share)
    {
        double position = share * (ascending.Length - 1);
        int below = (int)position;
        int above = Math.Min(below + 1, ascending.Length - 1);
        return ascending[below] + ((position - below) * (ascending[above] - ascending[below]));
    }

    /// <summary>The unbiased standard deviation; NaN of fewer than two values.</summary>
    internal static double Deviation(IReadOnlyCollection<double> values)
    {
        if (values.Count < 2)
            return double.NaN;
        double mean = values.Average();
        return Math.Sqrt(values.Sum(value => (value - mean) * (value - mean)) / (values.Count - 1));
    }

    internal static double Median(IEnumerable<double> values) => Quantile([.. values.Order()], 0.5);
}
