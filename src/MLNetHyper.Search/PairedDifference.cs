namespace MLNetHyper.Search;

/// <summary>
/// By how much two contestants differ that were tested on the same random divisions of the same rows. Divisions share most of their training rows, so that their errors are no independent draws: the variance of
/// the mean difference is taken <c>1/n + test/train</c> times that of a difference, in place of <c>1/n</c> times (Nadeau and Bengio 2003, "Inference for the generalization error", section 3.2.4).
/// </summary>
/// <param name="Mean">The mean difference of the errors' logarithms; below 0 where the first is better.</param>
/// <param name="HalfWidth">Half the interval around it that holds the true one with <see cref="Confidence"/>; NaN with fewer than two pairs.</param>
public sealed record PairedDifference(double Mean, double HalfWidth)
{
    /// <summary>The share of such intervals that hold the true difference.</summary>
    public const double Confidence = 0.95;

    /// <summary>The first one's error over the other's, as a ratio.</summary>
    public double Ratio => Math.Exp(Mean);

    /// <summary>The ratio's lower end.</summary>
    public double Lower => Math.Exp(Mean - HalfWidth);

    /// <summary>The ratio's upper end.</summary>
    public double Upper => Math.Exp(Mean + HalfWidth);

    /// <summary>Whether the first is better beyond chance.</summary>
    public bool IsBetter => Upper < 1;

    /// <summary>Whether the first is worse beyond chance.</summary>
    public bool IsWorse => Lower > 1;

    /// <summary>Compares errors, pair by pair.</summary>
    /// <param name="first">The first one's errors, above 0.</param>
    /// <param name="other">The other's, of the same divisions in the same order.</param>
    /// <param name="testFraction">The share of the rows that test.</param>
    /// <exception cref="ArgumentException">There are none, or not as many of both.</exception>
    public static PairedDifference Of(IReadOnlyList<double> first, IReadOnlyList<double> other, double testFraction)
    {
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(other);
        if (first.Count == 0 || first.Count != other.Count)
            throw new ArgumentException($"Errors are compared in pairs, but there are {first.Count} and {other.Count}.");
        double[] differences = [.. first.Zip(other, (a, b) => Math.Log(Math.Max(a, double.Epsilon)) - Math.Log(Math.Max(b, double.Epsilon)))];
        int n = differences.Length;
        double error = Statistics.Deviation(differences) * Math.Sqrt((1.0 / n) + (testFraction / (1 - testFraction)));
        return new(differences.Average(), n < 2 ? double.NaN : StudentT.Quantile(n - 1, Confidence) * error);
    }
}
