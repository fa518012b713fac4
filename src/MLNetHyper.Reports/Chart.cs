namespace MLNetHyper.Reports;

/// <summary>A picture in a <see cref="Report"/>: a title, the picture, and one sentence that says how to read it.</summary>
[TypeFormatterSource(typeof(NotebookFormatters))]
public abstract class Chart : IPictured
{
    private protected Chart(string title, string caption)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(title);
        ArgumentException.ThrowIfNullOrWhiteSpace(caption);
        Title = title;
        Caption = caption;
    }

    /// <summary>What the chart shows, in a few words.</summary>
    public string Title { get; }

    /// <summary>One sentence for a stranger: what to look at and what it means.</summary>
    public string Caption { get; }

    Report IPictured.Picture => new Report(Title) { HasHeader = false }.Add(this);

    /// <summary>The names that need a color, in order.</summary>
    internal abstract IEnumerable<string> SeriesNames { get; }

    /// <summary>Draws the chart and names what its key must explain, if anything.</summary>
    internal abstract (SvgCanvas Picture, IReadOnlyList<KeyEntry> Key) Draw(SeriesPalette palette, double width);

    internal void WriteTo(TextWriter writer, SeriesPalette palette, double width, string id)
    {
        (SvgCanvas picture, IReadOnlyList<KeyEntry> key) = Draw(palette, width);
        writer.Write($"<figure>\n<h3>{Markup.Escape(Title)}</h3>\n");
        if (key.Count > 0)
        {
            writer.Write($"<ul class=\"key{(key.All(entry => entry.IsForNarrow) ? " narrow" : "")}\">");
            foreach (KeyEntry entry in key)
                writer.Write($"<li{(entry.IsForNarrow ? " class=\"narrow\"" : "")}>{entry.Swatch}{Markup.Escape(entry.Name)}</li>");
            writer.Write("</ul>\n");
        }
        writer.Write("<div class=\"picture\">");
        picture.WriteTo(writer, id, Title, Caption);
        writer.Write($"</div>\n<figcaption>{Markup.Escape(Caption)}</figcaption>\n</figure>\n");
    }
}

/// <summary>A name in a chart's key with the style of its swatch.</summary>
/// <param name="Name">The name.</param>
/// <param name="Style">The style sheet classes of its color and dash pattern.</param>
/// <param name="Shape">Its <see cref="MarkShape"/>; null where it is drawn as a line or as dots.</param>
internal readonly record struct KeyEntry(string Name, string Style, int? Shape = null)
{
    /// <summary>Whether it stands at the right edge of the picture, where a narrow screen does not reach.</summary>
    internal bool IsForNarrow { get; init; }

    internal string Swatch => Shape is { } shape
        ? $"<i class=\"swatch mark {Style}\" style=\"clip-path:{MarkShape.Clip(shape)}\"></i>"
        : $"<i class=\"swatch {Style}\"></i>";
}
