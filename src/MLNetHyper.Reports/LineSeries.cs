namespace MLNetHyper.Reports;

/// <summary>A named line of a <see cref="LineChart"/>. Values that are not finite, or not positive on a logarithmic axis, leave gaps.</summary>
public sealed class LineSeries
{
    /// <summary>Wraps the points without copying; they must not change until the report is written.</summary>
    /// <param name="name">Name in the key; equal names share a color throughout a report.</param>
    /// <param name="x">Horizontal positions, in drawing order.</param>
    /// <param name="y">As many heights.</param>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public LineSeries(string name, IReadOnlyList<double> x, IReadOnlyList<double> y)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(y);
        CheckCount(x, y, nameof(y));
        (Name, X, Y) = (name, x, y);
    }

    /// <summary>Name in the key.</summary>
    public string Name { get; }

    /// <summary>Horizontal positions.</summary>
    public IReadOnlyList<double> X { get; }

    /// <summary>Heights.</summary>
    public IReadOnlyList<double> Y { get; }

    /// <summary>The band around the line, such as the quartiles around a median; null for none.</summary>
    public LineBand? Band
    {
        get;
        init
        {
            if (value is not null)
            {
                CheckCount(X, value.Lower, nameof(Band));
                CheckCount(X, value.Upper, nameof(Band));
            }
            field = value;
        }
    }

    /// <summary>Marks every point; a series of more than a few hundred points is drawn without.</summary>
    public bool Markers { get; init; }

    /// <summary>Draws each point as a mark of the series' own shape, its band as whiskers and no line: for single runs beside lines. Default false.</summary>
    public bool Whiskers { get; init; }

    /// <summary>Holds each value until the next point, for values that change in jumps.</summary>
    public bool Steps { get; init; }

    private static void CheckCount(IReadOnlyList<double> x, IReadOnlyList<double> other, string parameter)
    {
        if (other.Count != x.Count)
            throw new ArgumentException($"{x.Count} x values need as many others, but there are {other.Count}.", parameter);
    }
}

/// <summary>A band around a line.</summary>
/// <param name="Lower">Its lower edge, one value per point of the line.</param>
/// <param name="Upper">Its upper edge, likewise.</param>
public sealed record LineBand(IReadOnlyList<double> Lower, IReadOnlyList<double> Upper);
