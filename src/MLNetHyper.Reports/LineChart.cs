namespace MLNetHyper.Reports;

/// <summary>Lines over a common axis: loss curves, trajectories, medians with quartile bands.</summary>
/// <param name="title">What the chart shows, in a few words.</param>
/// <param name="caption">One sentence that tells a stranger how to read it.</param>
public sealed partial class LineChart(string title, string caption) : Chart(title, caption)
{
    private readonly List<LineSeries> _series = [];
    private readonly List<(double Y, string Label)> _references = [];
    private readonly List<(string Label, IReadOnlyList<double> X)> _events = [];

    /// <summary>Name and unit of the horizontal axis.</summary>
    public required string XLabel { get; init; }

    /// <summary>Name and unit of the vertical axis.</summary>
    public required string YLabel { get; init; }

    /// <summary>Scale of the horizontal axis.</summary>
    public AxisScale XScale { get; init; }

    /// <summary>Scale of the vertical axis.</summary>
    public AxisScale YScale { get; init; }

    /// <summary>Values that the horizontal axis reaches to beside those of the lines, so that several charts can have the same. Default: none.</summary>
    public IReadOnlyList<double> XAxisIncludes { get; init; } = [];

    /// <summary>The same of the vertical axis.</summary>
    public IReadOnlyList<double> YAxisIncludes { get; init; } = [];

    /// <summary>Draws the line on which x equals y, dashed. Default false.</summary>
    public bool Diagonal { get; init; }

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

    /// <summary>Adds upright lines where something happened, explained in the key.</summary>
    /// <param name="label">What.</param>
    /// <param name="x">Where, once or several times; nothing is drawn of those beyond the axis.</param>
    public LineChart Event(string label, params IReadOnlyList<double> x)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(label);
        ArgumentNullException.ThrowIfNull(x);
        _events.Add((label, x));
        return this;
    }

    internal override IEnumerable<string> SeriesNames => _series.Select(series => series.Name);
}
