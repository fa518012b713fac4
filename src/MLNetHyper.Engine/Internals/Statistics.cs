namespace MLNetHyper.Engine;

/// <summary>Summaries of a sample.</summary>
internal static class Statistics
{
    private const int Resamples = 2000;

    /// <summary>The quantile of ascending values, interpolated linearly between order statistics, as NumPy and R do by default.</summary>
    internal static double Quantile(ReadOnlySpan<double> ascending, double share)
    {
        double position = share * (ascending.Length - 1);
        int below = (int)position;
        int above = Math.Min(below + 1, ascending.Length - 1);
        return ascending[below] + ((position - below) * (ascending[above] - ascending[below]));
    }

    internal static double Median(IEnumerable<double> values) => Quantile([.. values.Order()], 0.5);

    /// <summary>The bootstrap's standard error of a statistic (Efron 1979), always from the same resamples.</summary>
    internal static double StandardError(double[] values, Func<double[], double> statistic)
    {
        SplitMix64 random = new(0);
        double[] resample = new double[values.Length], results = new double[Resamples];
        for (int r = 0; r < Resamples; r++)
        {
            for (int i = 0; i < resample.Length; i++)
                resample[i] = values[random.NextInt(values.Length)];
            results[r] = statistic(resample);
        }
        double mean = results.Average();
        return Math.Sqrt(results.Sum(x => (x - mean) * (x - mean)) / (Resamples - 1));
    }
}
