namespace MLNetHyper.Reports;

/// <summary>The rectangle inside the axes, and the axes themselves.</summary>
internal sealed record PlotArea(SvgCanvas Canvas, double Left, double Top, double Right, double Bottom)
{
    /// <summary>Room below the plot for ticks and the axis' name.</summary>
    public const double BelowPlot = 42;

    /// <summary>Room above the plot for the vertical axis' name.</summary>
    public const double AbovePlot = 28;

    private const double TickGap = 8;

    /// <summary>The area that leaves room for the labels of two axes.</summary>
    public static PlotArea Within(SvgCanvas canvas, PlotAxis x, PlotAxis y, double rightMargin)
    {
        double left = y.Ticks.Select(tick => TextFit.Width(y.Label(tick))).DefaultIfEmpty(0).Max() + TickGap;
        double lastLabel = x.Ticks.Count == 0 ? 0 : TextFit.Width(x.Label(x.Ticks[^1])) / 2;
        return new(canvas, left, AbovePlot, canvas.Width - Math.Max(rightMargin, lastLabel + 2), canvas.Height - BelowPlot);
    }

    public double X(PlotAxis axis, double value) => Left + (axis.Position(value) * (Right - Left));

    public double Y(PlotAxis axis, double value) => Bottom - (axis.Position(value) * (Bottom - Top));

    public void DrawHorizontalAxis(PlotAxis axis, string label, bool gridLines)
    {
        Canvas.Line(Left, Bottom, Right, Bottom, "axis");
        int stride = LabelStride(axis);
        for (int i = 0; i < axis.Ticks.Count; i++)
        {
            double x = X(axis, axis.Ticks[i]);
            if (gridLines)
                Canvas.Line(x, Top, x, Bottom, "grid");
            Canvas.Line(x, Bottom, x, Bottom + 4, "axis");
            if (i % stride == 0)
                Canvas.Text(x, Bottom + 18, axis.Label(axis.Ticks[i]), "tick middle");
        }
        Canvas.Text((Left + Right) / 2, Bottom + 37, axis.Named(label), "label middle", Right - Left);
    }

    public void DrawVerticalAxis(PlotAxis axis, string label)
    {
        foreach (double tick in axis.Ticks)
        {
            double y = Y(axis, tick);
            Canvas.Line(Left, y, Right, y, "grid");
            Canvas.Text(Left - TickGap, y + 4, axis.Label(tick), "tick end");
        }
        // Upright text above the axis reads faster than text turned on its side.
        Canvas.Text(0, 12, axis.Named(label), "label", Right);
    }

    /// <summary>The line on which x equals y, as far as both axes reach.</summary>
    public void DrawDiagonal(PlotAxis x, PlotAxis y)
    {
        double start = Math.Max(x.Min, y.Min), end = Math.Min(x.Max, y.Max);
        if (start < end)
            Canvas.Line(X(x, start), Y(y, start), X(x, end), Y(y, end), "reference");
    }

    public void DrawNothingToShow() =>
        Canvas.Text((Left + Right) / 2, (Top + Bottom) / 2, "No values to show", "label middle");

    // The fewest labels are left out that keep the rest from touching.
    private int LabelStride(PlotAxis axis)
    {
        for (int stride = 1; ; stride++)
        {
            double free = double.NegativeInfinity;
            bool touching = false;
            for (int i = 0; i < axis.Ticks.Count; i += stride)
            {
                double x = X(axis, axis.Ticks[i]), half = TextFit.Width(axis.Label(axis.Ticks[i])) / 2;
                touching |= x - half < free + TickGap;
                free = x + half;
            }
            if (!touching)
                return stride;
        }
    }
}
