namespace MLNetHyper.Reports;

/// <summary>Points in a plane: predictions against actual values, residuals, one hyperparameter against another.</summary>
/// <param name="title">What the chart shows, in a few words.</param>
/// <param name="caption">One sentence that tells a stranger how to read it.</param>
public sealed class ScatterChart(string title, string caption) : Chart(title, caption)
{
    private const int MostPoints = 2000;
    private const double LargestSquare = 560;
    private const double DotRadius = 3;
    private const double ShapeRadius = 5;

    private readonly List<(string Name, IReadOnlyList<double> X, IReadOnlyList<double> Y)> _series = [];

    /// <summary>Name and unit of the horizontal axis.</summary>
    public required string XLabel { get; init; }

    /// <summary>Name and unit of the vertical axis.</summary>
    public required string YLabel { get; init; }

    /// <summary>Scale of the horizontal axis.</summary>
    public AxisScale XScale { get; init; }

    /// <summary>Scale of the vertical axis.</summary>
    public AxisScale YScale { get; init; }

    /// <summary>Draws both axes alike, with the line on which x equals y.</summary>
    public bool Diagonal { get; init; }

    /// <summary>A height to compare with, drawn dashed, such as zero for residuals; null for none.</summary>
    public double? ReferenceY { get; init; }

    /// <summary>Gives every series a shape beside its color, for many series of few points each. Default false: dots.</summary>
    public bool Shapes { get; init; }

    /// <summary>Adds points without copying them; they must not change until the report is written.</summary>
    /// <param name="name">Name in the key; equal names share a color throughout a report.</param>
    /// <param name="x">Horizontal positions.</param>
    /// <param name="y">As many heights.</param>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public ScatterChart Add(string name, IReadOnlyList<double> x, IReadOnlyList<double> y)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(y);
        if (x.Count != y.Count)
            throw new ArgumentException($"{x.Count} x values need as many y values, but there are {y.Count}.", nameof(y));
        _series.Add((name, x, y));
        return this;
    }

    internal override IEnumerable<string> SeriesNames => _series.Select(series => series.Name);

    internal override (SvgCanvas Picture, IReadOnlyList<KeyEntry> Key) Draw(SeriesPalette palette, double width)
    {
        double wide = Diagonal ? Math.Min(width, LargestSquare) : width;
        var canvas = new SvgCanvas(wide, wide > LargestSquare ? Math.Round((wide * 0.27) + 150) : wide);
        IEnumerable<double> xs = _series.SelectMany(series => series.X), ys = _series.SelectMany(series => series.Y);
        var xAxis = PlotAxis.Fit(XScale, Diagonal ? xs.Concat(ys) : xs);
        var yAxis = Diagonal ? PlotAxis.Fit(XScale, xs.Concat(ys)) : PlotAxis.Fit(YScale, ReferenceY is { } level ? ys.Append(level) : ys);
        var area = PlotArea.Within(canvas, xAxis, yAxis, rightMargin: 8);
        area.DrawVerticalAxis(yAxis, YLabel);
        area.DrawHorizontalAxis(xAxis, XLabel, gridLines: true);
        if (xAxis.IsEmpty || yAxis.IsEmpty)
        {
            area.DrawNothingToShow();
            return (canvas, []);
        }
        if (Diagonal)
            area.DrawDiagonal(xAxis, yAxis);
        if (ReferenceY is { } y0 && yAxis.CanShow(y0))
            canvas.Line(area.Left, area.Y(yAxis, y0), area.Right, area.Y(yAxis, y0), "reference");

        int drawn = 0, drawable = 0;
        // Later ones first, so that what is named first in the key lies on top.
        foreach ((string name, IReadOnlyList<double> x, IReadOnlyList<double> y) in Enumerable.Reverse(_series))
        {
            int[] shown = [.. Enumerable.Range(0, x.Count).Where(i => xAxis.CanShow(x[i]) && yAxis.CanShow(y[i]))];
            int[] kept = Thin(shown, x, y);
            string prefix = _series.Count > 1 ? name + "\n" : "";
            foreach (int i in kept)
            {
                double left = area.X(xAxis, x[i]), top = area.Y(yAxis, y[i]);
                string tooltip = $"{prefix}{CompactNumber.Format(x[i])}, {CompactNumber.Format(y[i])}";
                if (Shapes)
                    MarkShape.Draw(canvas, palette.Shape(name), left, top, ShapeRadius, $"point mark {palette.Style(name)}", tooltip);
                else
                    canvas.Dot(left, top, DotRadius, $"point {palette.Style(name)}", tooltip);
            }
            drawn += kept.Length;
            drawable += shown.Length;
        }
        if (drawn < drawable)
            canvas.Text(area.Right, 12, $"{CompactNumber.Format(drawn)} of {CompactNumber.Format(drawable)} points drawn", "tick end");
        return (canvas, _series.Count < 2 ? [] : [.. SeriesNames.Distinct().Select(name => new KeyEntry(name, palette.Style(name), Shapes ? palette.Shape(name) : null))]);
    }

    // A sample without choice, and the outliers that a reader must not miss.
    private int[] Thin(int[] shown, IReadOnlyList<double> x, IReadOnlyList<double> y)
    {
        int most = MostPoints / _series.Count;
        if (shown.Length <= most)
            return shown;
        IEnumerable<int> outliers = [shown.MinBy(i => x[i]), shown.MaxBy(i => x[i]), shown.MinBy(i => y[i]), shown.MaxBy(i => y[i]), shown.MinBy(i => y[i] - x[i]), shown.MaxBy(i => y[i] - x[i])];
        return [.. Downsampling.Evenly(shown.Length, Math.Max(2, most)).Select(i => shown[i]).Union(outliers).Order()];
    }
}
