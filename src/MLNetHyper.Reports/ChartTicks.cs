namespace MLNetHyper.Reports;

/// <summary>Round positions for axis ticks: 1, 2 and 5 times powers of ten, 3 to 10 of them.</summary>
internal static class ChartTicks
{
    private const int Fewest = 3;
    private const int Most = 10;

    /// <summary>Multiples of the coarsest round step that gives at least four ticks, hence at most ten.</summary>
    public static (double[] Ticks, double Step) Linear(double min, double max)
    {
        for (int exponent = (int)Math.Ceiling(Math.Log10(max - min)); ; exponent--)
        {
            foreach (int mantissa in (ReadOnlySpan<int>)[5, 2, 1])
            {
                double step = Scaled(mantissa, exponent);
                // A tick that rounding alone pushes over the end still counts.
                double first = Math.Ceiling((min / step) - 1e-9), last = Math.Floor((max / step) + 1e-9);
                int count = (int)(last - first) + 1;
                if (count > Fewest)
                    return ([.. Enumerable.Range(0, count).Select(i => Math.Clamp(Scaled((first + i) * mantissa, exponent), min, max))], step);
            }
        }
    }

    /// <summary>Whole decades where there are enough, otherwise 1-2-5 within them, otherwise linear ticks (step above zero).</summary>
    public static (double[] Ticks, double Step) Logarithmic(double min, double max)
    {
        double[] decades = InDecades(min, max, [1]);
        if (decades.Length > Fewest)
        {
            int stride = (decades.Length + Most - 2) / (Most - 1);
            return ([.. decades.Where(tick => (int)Math.Round(Math.Log10(tick)) % stride == 0)], 0);
        }
        double[] fine = InDecades(min, max, [1, 2, 5]);
        if (fine.Length is >= Fewest and <= Most)
            return (fine, 0);
        return decades.Length >= Fewest ? (decades, 0) : Linear(min, max);
    }

    private static double[] InDecades(double min, double max, int[] mantissas)
    {
        int first = (int)Math.Floor(Math.Log10(min)), last = (int)Math.Ceiling(Math.Log10(max));
        return [.. from exponent in Enumerable.Range(first, last - first + 1)
                   from mantissa in mantissas
                   let tick = Scaled(mantissa, exponent)
                   where tick >= min && tick <= max
                   select tick];
    }

    // Dividing by an exact power of ten rounds once, so that 3 x 0.1 is 0.3.
    private static double Scaled(double mantissa, int exponent) =>
        exponent < 0 ? mantissa / Math.Pow(10, -exponent) : mantissa * Math.Pow(10, exponent);
}
