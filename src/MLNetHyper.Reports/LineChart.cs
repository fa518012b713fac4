namespace MLNetHyper.Reports;

/// <summary>Lines over a common axis: loss curves, trajectories, medians with quartile bands.</summary>
/// <param name="title">What the chart shows, in a few words.</param>
/// <param name="caption">One sentence that tells a stranger how to read it.</param>
public sealed class LineChart(string title, string caption) : Chart(title, caption)
{
    private const double LabelHeight = 17;
    private const double LeaderWidth = 20;

    private readonly List<LineSeries> _series = [];
    private readonly List<(double Y, string Label)> _references = [];

    /// <summary>Name and unit of the horizontal axis.</summary>
    public required string XLabel { get; init; }

    /// <summary>Name and unit of the vertical axis.</summary>
    public required string YLabel { get; init; }

    /// <summary>Scale of the horizontal axis.</summary>
    public AxisScale XScale { get; init; }

    /// <summary>Scale of the vertical axis.</summary>
    public AxisScale YScale { get; init; }

    /// <summary>Adds a line.</summary>
    public LineChart Add(LineSeries series)
    {
        ArgumentNullException.ThrowIfNull(series);
        _series.Add(series);
        return this;
    }

    /// <summary>Adds a dashed horizontal line at a value to compare with.</summary>
    public LineChart Reference(double y, string label)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(label);
        _references.Add((y, label));
        return this;
    }

    internal override IEnumerable<string> SeriesNames => _series.Select(series => series.Name);

    internal override (SvgCanvas Picture, IReadOnlyList<KeyEntry> Key) Draw(SeriesPalette palette, double width)
    {
        var canvas = new SvgCanvas(width, HeightFor(width));
        var xAxis = PlotAxis.Fit(XScale, _series.SelectMany(series => series.X));
        var yAxis = PlotAxis.Fit(YScale, _series.SelectMany(ValuesOf).Concat(_references.Select(reference => reference.Y)));
        bool direct = CanLabelLinesDirectly(xAxis, width);
        (double Y, string Label)[] references = [.. _references.Where(reference => yAxis.CanShow(reference.Y))];

        IEnumerable<string> names = references.Select(reference => reference.Label).Concat(direct ? SeriesNames : []);
        double labels = Math.Min(names.Select(TextFit.Width).DefaultIfEmpty(0).Max(), width * 0.28);
        var area = PlotArea.Within(canvas, xAxis, yAxis, labels == 0 ? 8 : labels + LeaderWidth + 2);
        area.DrawVerticalAxis(yAxis, YLabel);
        area.DrawHorizontalAxis(xAxis, XLabel, gridLines: false);
        if (xAxis.IsEmpty || yAxis.IsEmpty)
        {
            area.DrawNothingToShow();
            return (canvas, []);
        }

        LineDrawing[] lines = [.. _series.Select(series => new LineDrawing(series, area, xAxis, yAxis))];
        string[] styles = [.. _series.Select(series => palette.Style(series.Name))];
        for (int i = 0; i < lines.Length; i++)
            lines[i].DrawBand(styles[i]);
        foreach ((double y, _) in references)
            canvas.Line(area.Left, area.Y(yAxis, y), area.Right, area.Y(yAxis, y), "reference");
        for (int i = 0; i < lines.Length; i++)
            lines[i].DrawLine(styles[i]);
        for (int i = 0; i < lines.Length; i++)
            lines[i].DrawPoints(styles[i], XLabel, YLabel);

        List<EndLabel> ends = [.. references.Select(reference => new EndLabel(reference.Label, "reference", area.Right, area.Y(yAxis, reference.Y)))];
        for (int i = 0; direct && i < lines.Length; i++)
        {
            if (lines[i].End is { } end)
                ends.Add(new(_series[i].Name, styles[i], end.X, end.Y));
        }
        DrawEndLabels(area, ends, labels);
        return (canvas, direct || _series.Count < 2 ? [] : [.. SeriesNames.Zip(styles, (name, style) => new KeyEntry(name, style)).Distinct()]);
    }

    // Names beside the lines need no search through a key, but only lines that reach the right edge have room there.
    private bool CanLabelLinesDirectly(PlotAxis xAxis, double width)
    {
        double room = HeightFor(width) - PlotArea.AbovePlot - PlotArea.BelowPlot;
        return _series.Count > 1
            && (_series.Count + _references.Count) * LabelHeight <= room
            && _series.All(series => TextFit.Width(series.Name) <= width * 0.28)
            && SeriesNames.Distinct().Count() == _series.Count
            && _series.All(series => series.X.Any(xAxis.CanShow) && xAxis.Position(series.X.Last(xAxis.CanShow)) > 0.93);
    }

    private static void DrawEndLabels(PlotArea area, List<EndLabel> labels, double room)
    {
        double[] placed = TextFit.Spread([.. labels.Select(label => label.Y)], LabelHeight, area.Top, area.Bottom);
        for (int i = 0; i < labels.Count; i++)
        {
            (string name, string style, double x, double y) = labels[i];
            double textLeft = area.Right + LeaderWidth;
            area.Canvas.Path($"M{SvgCanvas.Number(x)} {SvgCanvas.Number(y)}L{SvgCanvas.Number(textLeft - 9)} {SvgCanvas.Number(placed[i])}H{SvgCanvas.Number(textLeft - 3)}", $"leader {style}");
            area.Canvas.Text(textLeft, placed[i] + 4, name, "name", room);
        }
    }

    private static IEnumerable<double> ValuesOf(LineSeries series) =>
        series.Band is { } band ? series.Y.Concat(band.Lower).Concat(band.Upper) : series.Y;

    private static double HeightFor(double width) => Math.Round((width * 0.27) + 150);

    private readonly record struct EndLabel(string Name, string Style, double X, double Y);
}
