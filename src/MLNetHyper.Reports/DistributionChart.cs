namespace MLNetHyper.Reports;

/// <summary>How values spread in several groups: a box with quartiles, median and whiskers, and every value as a dot.</summary>
/// <param name="title">What the chart shows, in a few words.</param>
/// <param name="caption">One sentence that tells a stranger how to read it.</param>
public sealed class DistributionChart(string title, string caption) : Chart(title, caption)
{
    private const int FewestForBox = 5;
    private const int MostDots = 200;
    private const double RowHeight = 52;
    private const double NameHeight = 20;
    private const double MostForNames = 0.3;
    private const double BoxHeight = 12;
    private const double HeaderHeight = 24;
    // The golden ratio spreads successive dots evenly and the same way every time.
    private const double Golden = 0.6180339887498949;

    private readonly List<Group> _groups = [];

    /// <summary>Name and unit of the values.</summary>
    public required string ValueLabel { get; init; }

    /// <summary>Scale of the value axis.</summary>
    public AxisScale ValueScale { get; init; }

    /// <summary>Values that the axis reaches to beside those of the groups, so that several charts can have the same. Default: none.</summary>
    public IReadOnlyList<double> AxisIncludes { get; init; } = [];

    /// <summary>Whether all groups have the same color, since their names are no series of other charts. Default false.</summary>
    public bool OneColor { get; init; }

    /// <summary>Adds a group without copying its values; they must not change until the report is written.</summary>
    /// <param name="name">The group's name; equal names share a color throughout a report.</param>
    /// <param name="values">Its values; those that are not finite, or beyond 1e140, count as failures.</param>
    /// <param name="failures">Runs that gave no value at all.</param>
    public DistributionChart Add(string name, IReadOnlyList<double> values, int failures = 0)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentNullException.ThrowIfNull(values);
        ArgumentOutOfRangeException.ThrowIfNegative(failures);
        double[] finite = [.. values.Where(value => PlotAxis.CanShow(AxisScale.Linear, value)).Order()];
        _groups.Add(new(name, finite, failures + values.Count - finite.Length));
        return this;
    }

    internal override IEnumerable<string> SeriesNames => OneColor ? [] : _groups.Select(group => group.Name);

    internal override (SvgCanvas Picture, IReadOnlyList<KeyEntry> Key) Draw(SeriesPalette palette, double width)
    {
        var axis = PlotAxis.Fit(ValueScale, _groups.SelectMany(group => group.Sorted).Concat(AxisIncludes));
        double names = _groups.Select(group => TextFit.Width(group.Name)).DefaultIfEmpty(0).Max();
        // Cut off, long names that begin alike would be the same: they stand above their rows where they have no room beside them.
        bool above = names > width * MostForNames;
        double rowHeight = RowHeight + (above ? NameHeight : 0);
        double remarks = _groups.Select(group => TextFit.Width(Remark(group, axis))).Append(TextFit.Width("median")).Max();
        double height = HeaderHeight + (Math.Max(1, _groups.Count) * rowHeight) + PlotArea.BelowPlot;
        var canvas = new SvgCanvas(width, height);
        var area = new PlotArea(canvas, above ? 12 : names + 12, HeaderHeight, width - remarks - 14, height - PlotArea.BelowPlot);
        area.DrawHorizontalAxis(axis, ValueLabel, gridLines: true);
        if (axis.IsEmpty)
            area.DrawNothingToShow();
        canvas.Text(width, 14, "median", "tick end");
        for (int row = 0; row < _groups.Count; row++)
        {
            double middle = area.Top + ((row + 1) * rowHeight) - (RowHeight / 2);
            Group group = _groups[row];
            if (above)
                canvas.Text(0, middle - (RowHeight / 2) - 1, group.Name, "name", width);
            else
                canvas.Text(names, middle + 4, group.Name, "name end", names);
            DrawRemarks(canvas, group, axis, width, middle);
            DrawRow(area, axis, group, middle, OneColor ? SeriesPalette.First : palette.Style(group.Name));
        }
        return (canvas, []);
    }

    private void DrawRow(PlotArea area, PlotAxis axis, Group group, double middle, string style)
    {
        double dotsTop = middle - 18, boxMiddle = middle + 12;
        double[] shown = [.. group.Sorted.Where(axis.CanShow)];
        foreach (int i in Downsampling.Evenly(shown.Length, MostDots))
            area.Canvas.Dot(area.X(axis, shown[i]), dotsTop + (18 * (i * Golden % 1)), 2.8, $"point {style}", $"{group.Name}\n{ValueLabel}: {CompactNumber.Format(shown[i])}");
        if (shown.Length == 0)
            return;
        var five = FiveNumbers.Of(group.Sorted);
        // On a logarithmic axis a quartile can be at or below zero; it is then drawn at the axis' start.
        double X(double value) => axis.CanShow(value) ? area.X(axis, value) : area.Left;
        if (group.Sorted.Length >= FewestForBox)
        {
            string tooltip = $"{group.Name}, {group.Sorted.Length} values\nmedian: {CompactNumber.Format(five.Median)}\nmiddle half: {CompactNumber.Format(five.LowerQuartile)} to {CompactNumber.Format(five.UpperQuartile)}";
            area.Canvas.Line(X(five.LowerWhisker), boxMiddle, X(five.LowerQuartile), boxMiddle, $"whisker {style}");
            area.Canvas.Line(X(five.UpperQuartile), boxMiddle, X(five.UpperWhisker), boxMiddle, $"whisker {style}");
            area.Canvas.Box(X(five.LowerQuartile), boxMiddle - (BoxHeight / 2), X(five.UpperQuartile) - X(five.LowerQuartile), BoxHeight, $"box {style}", tooltip);
        }
        area.Canvas.Line(X(five.Median), boxMiddle - (BoxHeight / 2) - 2, X(five.Median), boxMiddle + (BoxHeight / 2) + 2, $"median {style}");
    }

    private static void DrawRemarks(SvgCanvas canvas, Group group, PlotAxis axis, double right, double middle)
    {
        string remark = Remark(group, axis);
        if (group.Sorted.Length > 0)
            canvas.Text(right, remark.Length == 0 ? middle + 4 : middle - 3, CompactNumber.Format(FiveNumbers.Of(group.Sorted).Median), "name end");
        if (remark.Length > 0)
            canvas.Text(right, group.Sorted.Length == 0 ? middle + 4 : middle + 13, remark, "tick end");
    }

    private static string Remark(Group group, PlotAxis axis)
    {
        int hidden = group.Sorted.Count(value => !axis.CanShow(value));
        string failed = group.Failures == 0 ? "" : $"{CompactNumber.Format(group.Failures)} failed";
        string offScale = hidden == 0 ? "" : $"{CompactNumber.Format(hidden)} off scale";
        return failed.Length > 0 && offScale.Length > 0 ? $"{failed}, {offScale}" : failed + offScale;
    }

    private sealed record Group(string Name, double[] Sorted, int Failures);
}
