using System.Text;

namespace MLNetHyper.Reports;

/// <summary>Draws one line series into a plot: its band, its line, its points.</summary>
/// <param name="series">The series.</param>
/// <param name="area">Where to draw.</param>
/// <param name="xAxis">The horizontal axis.</param>
/// <param name="yAxis">The vertical axis.</param>
/// <param name="shift">How far beside its place it is drawn, so that marks of one place do not hide each other.</param>
internal sealed class LineDrawing(LineSeries series, PlotArea area, PlotAxis xAxis, PlotAxis yAxis, double shift = 0)
{
    private const int MostMarkers = 300;
    private const int MostHoverPoints = 60;
    private const double ShapeRadius = 6;
    private const double CapWidth = 5;
    // From here on a thick line would smear its noise into a bar.
    private const int Dense = 1000;

    /// <summary>The last point that can be drawn, if any can.</summary>
    public (double X, double Y)? End
    {
        get
        {
            int last = Enumerable.Range(0, series.X.Count).LastOrDefault(CanDraw, -1);
            return last < 0 ? null : (X(last), Y(series.Y[last]));
        }
    }

    public void DrawBand(string style)
    {
        if (series.Band is not { } band)
            return;
        if (series.Whiskers)
        {
            for (int i = 0; i < series.X.Count; i++)
                DrawWhisker(i, band, style);
            return;
        }
        bool CanDrawBand(int i) => xAxis.CanShow(series.X[i]) && yAxis.CanShow(band.Lower[i]) && yAxis.CanShow(band.Upper[i]);
        IEnumerable<int> kept = Downsampling.Indices(series.X.Count, CanDrawBand, i => band.Lower[i])
            .Union(Downsampling.Indices(series.X.Count, CanDrawBand, i => band.Upper[i])).Order();
        var data = new StringBuilder();
        foreach (List<int> run in Runs(kept, CanDrawBand))
        {
            AppendPolyline(data, run, band.Upper);
            // Steps must turn back along the same corners: the lower edge is stepped, then reversed.
            AppendReversed(data, run, band.Lower);
            data.Append('Z');
        }
        if (data.Length > 0)
            area.Canvas.Path(data.ToString(), $"band {style}");
    }

    public void DrawLine(string style)
    {
        if (series.Whiskers)
            return;
        var data = new StringBuilder();
        foreach (List<int> run in Runs(Downsampling.Indices(series.X.Count, CanDraw, i => series.Y[i]), CanDraw))
        {
            AppendPolyline(data, run, series.Y);
            // Round caps turn a line of no length into a dot: a lone point stays visible.
            if (run.Count == 1)
                data.Append("h0");
        }
        if (data.Length > 0)
            area.Canvas.Path(data.ToString(), $"line {(series.X.Count > Dense ? "dense " : "")}{style}");
    }

    /// <summary>Draws marks, or else points that appear under the pointer and tell their values.</summary>
    /// <param name="style">The color.</param>
    /// <param name="shape">The series' own <see cref="MarkShape"/>.</param>
    /// <param name="xLabel">Name of the horizontal axis.</param>
    /// <param name="yLabel">Name of the vertical axis.</param>
    public void DrawPoints(string style, int shape, string xLabel, string yLabel)
    {
        int[] drawn = [.. Enumerable.Range(0, series.X.Count).Where(CanDraw)];
        bool markers = (series.Markers || series.Whiskers) && drawn.Length <= MostMarkers;
        foreach (int i in Downsampling.Evenly(drawn.Length, markers ? MostMarkers : MostHoverPoints).Select(i => drawn[i]))
        {
            string tooltip = $"{series.Name}\n{xLabel}: {CompactNumber.Format(series.X[i])}\n{yLabel}: {CompactNumber.Format(series.Y[i])}";
            if (series.Band is { } band)
                tooltip += $" ({CompactNumber.Format(band.Lower[i])} to {CompactNumber.Format(band.Upper[i])})";
            if (markers && series.Whiskers)
                MarkShape.Draw(area.Canvas, shape, X(i), Y(series.Y[i]), ShapeRadius, $"point mark {style}", tooltip);
            else
                area.Canvas.Dot(X(i), Y(series.Y[i]), markers ? 3.5 : 5, $"{(markers ? "marker" : "hover")} {style}", tooltip);
        }
    }

    private void DrawWhisker(int i, LineBand band, string style)
    {
        if (!xAxis.CanShow(series.X[i]) || !yAxis.CanShow(band.Lower[i]) || !yAxis.CanShow(band.Upper[i]))
            return;
        double x = X(i), low = Y(band.Lower[i]), high = Y(band.Upper[i]);
        area.Canvas.Line(x, low, x, high, $"whisker {style}");
        foreach (double end in (ReadOnlySpan<double>)[low, high])
            area.Canvas.Line(x - CapWidth, end, x + CapWidth, end, $"whisker {style}");
    }

    private bool CanDraw(int i) => xAxis.CanShow(series.X[i]) && yAxis.CanShow(series.Y[i]);

    private double X(int i) => area.X(xAxis, series.X[i]) + shift;

    private double Y(double value) => area.Y(yAxis, value);

    private static IEnumerable<List<int>> Runs(IEnumerable<int> indices, Func<int, bool> canDraw)
    {
        List<int> run = [];
        foreach (int i in indices)
        {
            if (canDraw(i))
            {
                run.Add(i);
            }
            else if (run.Count > 0)
            {
                yield return run;
                run = [];
            }
        }
        if (run.Count > 0)
            yield return run;
    }

    private void AppendPolyline(StringBuilder data, List<int> run, IReadOnlyList<double> values)
    {
        for (int k = 0; k < run.Count; k++)
        {
            string x = SvgCanvas.Number(X(run[k])), y = SvgCanvas.Number(Y(values[run[k]]));
            data.Append(k == 0 ? $"M{x} {y}" : series.Steps ? $"H{x}V{y}" : $"L{x} {y}");
        }
    }

    private void AppendReversed(StringBuilder data, List<int> run, IReadOnlyList<double> values)
    {
        for (int k = run.Count - 1; k >= 0; k--)
        {
            string x = SvgCanvas.Number(X(run[k])), y = SvgCanvas.Number(Y(values[run[k]]));
            data.Append(k == run.Count - 1 ? $"L{x} {y}" : series.Steps ? $"V{y}H{x}" : $"L{x} {y}");
        }
    }
}
