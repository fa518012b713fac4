namespace MLNetHyper.Engine;

/// <summary>What chance may have made of a statistic (Efron 1979). The resamples are always the same.</summary>
internal static class Bootstrap
{
    private const int Resamples = 2000;

    /// <summary>A statistic of many resamples.</summary>
    /// <param name="count">How many values there are.</param>
    /// <param name="statistic">Given the places of those that are drawn, with replacement; the array is used again.</param>
    internal static double[] Distribution(int count, Func<int[], double> statistic)
    {
        SplitMix64 random = new(0);
        int[] drawn = new int[count];
        double[] results = new double[Resamples];
        for (int r = 0; r < Resamples; r++)
        {
            for (int i = 0; i < count; i++)
                drawn[i] = random.NextInt(count);
            results[r] = statistic(drawn);
        }
        return results;
    }

    /// <summary>The standard error of a statistic.</summary>
    internal static double StandardError(double[] values, Func<double[], double> statistic)
    {
        double[] resample = new double[values.Length];
        double[] results = Distribution(values.Length, drawn =>
        {
            for (int i = 0; i < drawn.Length; i++)
                resample[i] = values[drawn[i]];
            return statistic(resample);
        });
        double mean = results.Average();
        return Math.Sqrt(results.Sum(x => (x - mean) * (x - mean)) / (results.Length - 1));
    }
}
