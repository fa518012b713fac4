namespace MLNetHyper.Reports;

/// <summary>What a box plot shows: the quartiles, and whiskers to the last value within 1.5 box lengths.</summary>
internal readonly record struct FiveNumbers(double LowerWhisker, double LowerQuartile, double Median, double UpperQuartile, double UpperWhisker)
{
    /// <summary>Summarizes sorted finite values, at least one.</summary>
    public static FiveNumbers Of(double[] sorted)
    {
        double lower = Statistics.Quantile(sorted, 0.25), upper = Statistics.Quantile(sorted, 0.75);
        double reach = 1.5 * (upper - lower);
        // An interpolated quartile can lie beyond the last value within reach; a whisker never points into the box.
        double lowest = Math.Min(lower, sorted.First(value => value >= lower - reach));
        double highest = Math.Max(upper, sorted.Last(value => value <= upper + reach));
        return new(lowest, lower, Statistics.Quantile(sorted, 0.5), upper, highest);
    }
}
