namespace MLNetHyper.Experiments;

/// <summary>What chance may have made of a statistic.</summary>
internal static class Bootstrap
{
    private const int Resamples = 2000;

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
