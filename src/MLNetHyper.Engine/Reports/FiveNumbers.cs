namespace MLNetHyper.Engine;

/// <summary>What a box plot shows: the quartiles, and whiskers to the last value within 1.5 box lengths.</summary>
internal readonly record struct FiveNumbers(double LowerWhisker, double LowerQuartile, double Median, double UpperQuartile, double UpperWhisker)
{
    /// <summary>Summarizes sorted finite values, at least one.</summary>
    public static FiveNumbers Of(double[] sorted)
    {
        double lower = Quantile(sorted, 0.25), upper = Quantile(sorted, 0.75);
        double reach = 1.5 * (upper - lower);
        // An interpolated quartile can lie beyond the last value within reach; a whisker never points into the box.
        double lowest = Math.Min(lower, sorted.First(value => value >= lower - reach));
        double highest = Math.Max(upper, sorted.Last(value => value <= upper + reach));
        return new(lowest, lower, Quantile(sorted, 0.5), upper, highest);
    }

    // Linear interpolation between order statistics, as NumPy and R do by default.
    private static double Quantile(double[] sorted, double share)
    {
        double rank = share * (sorted.Length - 1);
        int below = (int)rank;
        int above = Math.Min(below + 1, sorted.Length - 1);
        return sorted[below] + ((rank - below) * (sorted[above] - sorted[below]));
    }
}
