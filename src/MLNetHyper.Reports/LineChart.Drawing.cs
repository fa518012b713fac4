namespace MLNetHyper.Reports;

/// <summary>How the lines are drawn and named.</summary>
public sealed partial class LineChart
{
    private const double LabelHeight = 17;
    private const double LeaderWidth = 20;
    private const int MostEvents = 100;
    private const double MarkGap = 14;

    internal override (SvgCanvas Picture, IReadOnlyList<KeyEntry> Key) Draw(SeriesPalette palette, double width)
    {
        var canvas = new SvgCanvas(width, HeightFor(width));
        var xAxis = PlotAxis.Fit(XScale, _series.SelectMany(series => series.X).Concat(XAxisIncludes));
        var yAxis = PlotAxis.Fit(YScale, _series.SelectMany(ValuesOf).Concat(YAxisIncludes).Concat(_references.Select(reference => reference.Y)));
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

        double[] shifts = Shifts(area, xAxis);
        LineDrawing[] lines = [.. _series.Select((series, i) => new LineDrawing(series, area, xAxis, yAxis, shifts[i]))];
        string[] styles = [.. _series.Select(series => palette.Style(series.Name))];
        for (int i = 0; i < lines.Length; i++)
            lines[i].DrawBand(styles[i]);
        List<KeyEntry> key = DrawEvents(area, xAxis);
        if (Diagonal)
            area.DrawDiagonal(xAxis, yAxis);
        foreach ((double y, _) in references)
            canvas.Line(area.Left, area.Y(yAxis, y), area.Right, area.Y(yAxis, y), "reference");
        for (int i = 0; i < lines.Length; i++)
            lines[i].DrawLine(styles[i]);
        for (int i = 0; i < lines.Length; i++)
            lines[i].DrawPoints(styles[i], palette.Shape(_series[i].Name), XLabel, YLabel);

        List<EndLabel> ends = [.. references.Select(reference => new EndLabel(reference.Label, "reference", area.Right, area.Y(yAxis, reference.Y)))];
        for (int i = 0; direct && i < lines.Length; i++)
        {
            if (lines[i].End is { } end)
                ends.Add(new(_series[i].Name, styles[i], end.X, end.Y));
        }
        DrawEndLabels(area, ends, labels);
        // What stands at the right edge is out of sight on a narrow screen until somebody scrolls there.
        KeyEntry[] named = _series.Count < 2 ? [] : [.. _series.Zip(styles, (series, style) => new KeyEntry(series.Name, style, series.Whiskers ? palette.Shape(series.Name) : null) { IsForNarrow = direct }).Distinct()];
        return (canvas, [.. named, .. references.Where(reference => !SeriesNames.Contains(reference.Label)).Select(reference => new KeyEntry(reference.Label, "reference d1") { IsForNarrow = true }), .. key]);
    }

    /// <summary>How far single marks move aside so that those of nearly the same place stand side by side; 0 for lines.</summary>
    private double[] Shifts(PlotArea area, PlotAxis xAxis)
    {
        double[] shifts = new double[_series.Count];
        int[] marks = [.. Enumerable.Range(0, _series.Count).Where(i => _series[i] is { Whiskers: true, X.Count: 1 } series && xAxis.CanShow(series.X[0]))];
        double[] wanted = [.. marks.Select(i => area.X(xAxis, _series[i].X[0]))];
        if (marks.Length < 2 || (marks.Length - 1) * MarkGap > area.Right - area.Left)
            return shifts;
        double[] placed = TextFit.Spread(wanted, MarkGap, area.Left, area.Right);
        double aside = Enumerable.Range(0, marks.Length).Average(k => placed[k] - wanted[k]);
        for (int k = 0; k < marks.Length; k++)
            shifts[marks[k]] = Math.Clamp(placed[k] - aside, area.Left, area.Right) - wanted[k];
        return shifts;
    }

    /// <summary>Draws the upright lines, and says how the key explains them.</summary>
    private List<KeyEntry> DrawEvents(PlotArea area, PlotAxis xAxis)
    {
        List<KeyEntry> key = [];
        foreach ((int i, (string label, IReadOnlyList<double> x)) in _events.Index())
        {
            double[] shown = [.. x.Where(at => xAxis.CanShow(at) && at >= xAxis.Min && at <= xAxis.Max)];
            if (shown.Length == 0)
                continue;
            foreach (double at in Downsampling.Evenly(shown.Length, MostEvents).Select(k => shown[k]))
                area.Canvas.Line(area.X(xAxis, at), area.Top, area.X(xAxis, at), area.Bottom, $"event e{i}");
            key.Add(new(label, $"event e{i}"));
        }
        return key;
    }

    // Names beside the lines need no search through a key, but only lines that reach the right edge have room there.
    private bool CanLabelLinesDirectly(PlotAxis xAxis, double width)
    {
        double room = HeightFor(width) - PlotArea.AbovePlot - PlotArea.BelowPlot;
        return _series.Count > 1
            && !_series.Any(series => series.Whiskers)
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
