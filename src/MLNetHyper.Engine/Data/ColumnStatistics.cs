namespace MLNetHyper.Engine;

/// <summary>A column's mean and unbiased standard deviation over the values that are there.</summary>
/// <param name="Mean">The mean; 0 without values.</param>
/// <param name="Deviation">The standard deviation; 0 if all values are equal or there are fewer than two.</param>
/// <param name="Missing">Number of missing values.</param>
readonly record struct ColumnStatistics(double Mean, double Deviation, int Missing)
{
    // Below the normal range 1/deviation overflows.
    private const double SmallestDeviation = 2.3e-308;

    /// <summary>
    /// Two passes over values scaled by a power of two, which is exact: columns of 1e-300 or 1e300 neither underflow nor overflow when squared.
    /// </summary>
    internal static ColumnStatistics Of(ReadOnlySpan<double> values)
    {
        double smallest = double.PositiveInfinity, largest = double.NegativeInfinity;
        int count = 0;
        foreach (double value in values)
        {
            if (double.IsNaN(value))
                continue;
            count++;
            smallest = Math.Min(smallest, value);
            largest = Math.Max(largest, value);
        }
        int missing = values.Length - count;
        if (count == 0)
            return new ColumnStatistics(0, 0, missing);
        if (smallest == largest)
            return new ColumnStatistics(smallest, 0, missing);

        int exponent = Math.ILogB(Math.Max(Math.Abs(smallest), Math.Abs(largest))) + 1;
        double sum = 0;
        foreach (double value in values)
            sum += double.IsNaN(value) ? 0 : Math.ScaleB(value, -exponent);
        double mean = sum / count;
        double squares = 0;
        foreach (double value in values)
        {
            double difference = double.IsNaN(value) ? 0 : Math.ScaleB(value, -exponent) - mean;
            squares += difference * difference;
        }
        double deviation = Math.Min(Math.ScaleB(Math.Sqrt(squares / (count - 1)), exponent), double.MaxValue);
        return new ColumnStatistics(Math.ScaleB(mean, exponent), deviation < SmallestDeviation ? 0 : deviation, missing);
    }
}
