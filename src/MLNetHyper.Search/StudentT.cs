namespace MLNetHyper.Search;

/// <summary>Student's t distribution with whole degrees of freedom, in closed form (Abramowitz and Stegun 1964, 26.7.3 and 26.7.4).</summary>
internal static class StudentT
{
    /// <summary>The value that is exceeded, to either side, with a probability of 1 less the confidence.</summary>
    /// <param name="degrees">Degrees of freedom, at least 1.</param>
    /// <param name="confidence">Above 0 and below 1.</param>
    internal static double Quantile(int degrees, double confidence)
    {
        // The angle of t/√ν is bounded, and the probability rises with it.
        double low = 0, high = Math.PI / 2;
        for (int i = 0; i < 60; i++)
        {
            double middle = (low + high) / 2;
            if (Within(degrees, middle) < confidence)
                low = middle;
            else
                high = middle;
        }
        return Math.Sqrt(degrees) * Math.Tan(low);
    }

    /// <summary>The probability of a value between ±√ν·tan θ.</summary>
    private static double Within(int degrees, double angle)
    {
        (double sine, double cosine) = Math.SinCos(angle);
        bool isOdd = int.IsOddInteger(degrees);
        double term = isOdd ? cosine : 1, sum = 0;
        for (int power = isOdd ? 1 : 0; power <= degrees - 2; power += 2)
        {
            sum += term;
            term *= cosine * cosine * (power + 1) / (power + 2);
        }
        return isOdd ? 2 / Math.PI * (angle + (sine * sum)) : sine * sum;
    }
}
