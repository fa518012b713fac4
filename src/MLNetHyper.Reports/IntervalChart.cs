namespace MLNetHyper.Reports;

/// <summary>Values with the intervals in which they may lie, a row for each: ratios of errors on several tables, beside the value at which there is no difference.</summary>
/// <param name="title">What the chart shows, in a few words.</param>
/// <param name="caption">One sentence that tells a stranger how to read it.</param>
public sealed class IntervalChart(string title, string caption) : Chart(title, caption)
{
    private const double RowHeight = 22;
    private const double MarkRadius = 4.5;
    private const double MostForNames = 0.34;
    private const double LeastReach = 1.1;

    private readonly List<(string Name, double Value, double Lower, double Upper)> _rows = [];

    /// <summary>Name and unit of the values.</summary>
    public required string ValueLabel { get; init; }

    /// <summary>Scale of the value axis.</summary>
    public AxisScale ValueScale { get; init; }

    /// <summary>A value to compare with, drawn dashed; null for none.</summary>
    public double? Reference { get; init; }

    /// <summary>Adds a row. One whose interval leaves the reference out is filled, another one hollow. What of an interval goes far beyond all values ends at the edge.</summary>
    /// <param name="name">Whose value it is.</param>
    /// <param name="value">The value.</param>
    /// <param name="lower">The interval's lower end; NaN where it is not known.</param>
    /// <param name="upper">The interval's upper end; NaN where it is not known.</param>
    public IntervalChart Add(string name, double value, double lower, double upper)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        _rows.Add((name, value, lower, upper));
        return this;
    }

    internal override IEnumerable<string> SeriesNames => [];

    internal override (SvgCanvas Picture, IReadOnlyList<KeyEntry> Key) Draw(SeriesPalette palette, double width)
    {
        PlotAxis axis = FitAxis();
        double names = Math.Min(_rows.Select(row => TextFit.Width(row.Name)).DefaultIfEmpty(0).Max(), width * MostForNames);
        double numbers = _rows.Select(row => TextFit.Width(CompactNumber.Format(row.Value, 3))).DefaultIfEmpty(0).Max();
        double height = 10 + (Math.Max(1, _rows.Count) * RowHeight) + PlotArea.BelowPlot;
        var canvas = new SvgCanvas(width, height);
        var area = new PlotArea(canvas, names + 12, 10, width - numbers - 14, height - PlotArea.BelowPlot);
        area.DrawHorizontalAxis(axis, ValueLabel, gridLines: true);
        if (axis.IsEmpty || _rows.Count == 0)
        {
            area.DrawNothingToShow();
            return (canvas, []);
        }
        if (Reference is { } reference && axis.CanShow(reference))
            canvas.Line(area.X(axis, reference), area.Top, area.X(axis, reference), area.Bottom, "reference");
        foreach ((int i, (string name, double value, double lower, double upper)) in _rows.Index())
        {
            double middle = area.Top + ((i + 0.5) * RowHeight);
            canvas.Text(names, middle + 4, name, "name end", names);
            canvas.Text(width, middle + 4, CompactNumber.Format(value, 3), "name end");
            if (axis.CanShow(lower) && axis.CanShow(upper))
                canvas.Line(area.X(axis, lower), middle, area.X(axis, upper), middle, $"whisker {SeriesPalette.First}");
            bool apart = Reference is { } level && (lower > level || upper < level);
            string interval = double.IsFinite(lower) && double.IsFinite(upper) ? $"\n{CompactNumber.Format(lower, 3)} to {CompactNumber.Format(upper, 3)}" : "";
            if (axis.CanShow(value))
                canvas.Dot(area.X(axis, value), middle, MarkRadius, $"{(apart ? "marker" : "hollow")} {SeriesPalette.First}", $"{name}: {CompactNumber.Format(value, 3)}{interval}");
        }
        return (canvas, []);
    }

    /// <summary>From intervals as far as they go no further from the values than these from each other, or from the reference; of few repeats they may be endless.</summary>
    private PlotAxis FitAxis()
    {
        double[] values = [.. _rows.Select(row => row.Value).Concat(Reference is { } reference ? [reference] : []).Where(value => PlotAxis.CanShow(ValueScale, value))];
        if (values.Length == 0)
            return PlotAxis.Fit(ValueScale, []);
        double least = values.Min(), greatest = values.Max();
        (double lowest, double highest) = ValueScale == AxisScale.Linear
            ? (least - (greatest - least), greatest + (greatest - least))
            : (least / Math.Max(LeastReach, greatest / least), greatest * Math.Max(LeastReach, greatest / least));
        return PlotAxis.Fit(ValueScale, values.Concat(_rows.SelectMany(row => new[] { row.Lower, row.Upper }).Where(double.IsFinite).Select(end => Math.Clamp(end, lowest, highest))));
    }
}
