namespace MLNetHyper.Search;

/// <summary>
/// Between which bounds <see cref="ComparisonResult.CatchUpFactor"/> lies, as far as the repeats tell: the middle 95 % of what it is in resamples of them (percentile bootstrap, Efron 1979), the same repeats for all
/// contestants. Where none catches up within its budget, it is infinite.
/// </summary>
/// <param name="Lower">The lower bound.</param>
/// <param name="Upper">The upper bound.</param>
public sealed record CatchUpInterval(double Lower, double Upper)
{
    private const double Tail = (1 - PairedDifference.Confidence) / 2;

    /// <param name="onePass">The one-pass run's errors, repeat by repeat.</param>
    /// <param name="others">The others' errors on the same repeats, and what they cost, in one-pass runs.</param>
    internal static CatchUpInterval Of(double[] onePass, IReadOnlyList<(double[] Errors, double Cost)> others)
    {
        double[] sorted = new double[onePass.Length];
        double Median(double[] errors, int[] drawn)
        {
            for (int i = 0; i < drawn.Length; i++)
                sorted[i] = errors[drawn[i]];
            Array.Sort(sorted);
            return Statistics.Quantile(sorted, 0.5);
        }
        (double[] Errors, double Cost)[] byCost = [.. others.OrderBy(other => other.Cost)];
        double[] factors = Bootstrap.Distribution(onePass.Length, drawn =>
        {
            double median = Median(onePass, drawn);
            foreach ((double[] errors, double cost) in byCost)
            {
                if (Median(errors, drawn) <= median)
                    return cost;
            }
            return double.PositiveInfinity;
        });
        Array.Sort(factors);
        // No interpolation, which infinite ones do not have.
        return new(factors[(int)(Tail * factors.Length)], factors[^(1 + (int)(Tail * factors.Length))]);
    }
}
