namespace MLNetHyper.Reports;

/// <summary>A range of values that holds the data with a little air, its ticks and their labels.</summary>
internal sealed class PlotAxis
{
    // Beyond these, ratios and ticks could overflow or lose all digits.
    private const double LargestMagnitude = 1e140;
    private const double SmallestSpan = 1e-140;
    // Below this relative span, labels would need so many digits that the axis would say nothing.
    private const double SmallestRelativeSpan = 1e-6;
    private const double Air = 0.04;

    private readonly AxisScale _scale;
    private readonly double _step;

    private PlotAxis(AxisScale scale, double min, double max, bool isEmpty)
    {
        (_scale, Min, Max, IsEmpty) = (scale, min, max, isEmpty);
        (Ticks, _step) = isEmpty ? ([], 0) : scale == AxisScale.Linear ? ChartTicks.Linear(min, max) : ChartTicks.Logarithmic(min, max);
    }

    public double Min { get; }

    public double Max { get; }

    /// <summary>Nothing can be drawn on this axis.</summary>
    public bool IsEmpty { get; }

    public IReadOnlyList<double> Ticks { get; }

    /// <summary>The axis' name, which says where equal distances are no equal differences.</summary>
    public string Named(string label) => _scale == AxisScale.Logarithmic ? $"{label}, log scale" : label;

    /// <summary>The axis for these values; those it cannot show are passed over.</summary>
    public static PlotAxis Fit(AxisScale scale, IEnumerable<double> values)
    {
        double min = double.PositiveInfinity, max = double.NegativeInfinity;
        foreach (double value in values)
        {
            if (!CanShow(scale, value))
                continue;
            min = Math.Min(min, value);
            max = Math.Max(max, value);
        }
        if (min > max)
            return new(scale, 1, 10, isEmpty: true);
        (min, max) = scale == AxisScale.Linear ? WidenLinear(min, max) : WidenLogarithmic(min, max);
        return new(scale, min, max, isEmpty: false);
    }

    public static bool CanShow(AxisScale scale, double value) =>
        Math.Abs(value) <= LargestMagnitude && (scale == AxisScale.Linear || value >= SmallestSpan);

    public bool CanShow(double value) => CanShow(_scale, value);

    /// <summary>Where a value lies: 0 at the axis' start, 1 at its end.</summary>
    public double Position(double value) => Math.Clamp(
        _scale == AxisScale.Linear
            ? (value - Min) / (Max - Min)
            : Math.Log10(value / Min) / Math.Log10(Max / Min), 0, 1);

    public string Label(double tick)
    {
        string text = _step == 0
            ? CompactNumber.Format(tick)
            : CompactNumber.FormatMultiple(tick, _step, Math.Max(Math.Abs(Ticks[0]), Math.Abs(Ticks[^1])));
        return text.StartsWith('-') ? "\u2212" + text[1..] : text;
    }

    private static (double Min, double Max) WidenLinear(double min, double max)
    {
        double magnitude = Math.Max(Math.Abs(min), Math.Abs(max));
        if (max - min < SmallestSpan || max - min < magnitude * SmallestRelativeSpan)
        {
            double half = magnitude < SmallestSpan ? 1 : magnitude / 10;
            return (min - half, max + half);
        }
        double air = (max - min) * Air;
        // Errors and counts never fall below zero; their axis should not suggest it.
        return (min >= 0 ? Math.Max(0, min - air) : min - air, max <= 0 ? Math.Min(0, max + air) : max + air);
    }

    private static (double Min, double Max) WidenLogarithmic(double min, double max)
    {
        if (max / min < 1 + SmallestRelativeSpan)
            return (min / 2, max * 2);
        double air = Math.Pow(10, Math.Log10(max / min) * Air);
        return (min / air, max * air);
    }
}
