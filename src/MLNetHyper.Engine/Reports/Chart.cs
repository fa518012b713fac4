namespace MLNetHyper.Engine;

/// <summary>A picture in a <see cref="Report"/>: a title, the picture, and one sentence that says how to read it.</summary>
public abstract class Chart
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

    /// <summary>The names that need a colour, in order.</summary>
    internal abstract IEnumerable<string> SeriesNames { get; }

    /// <summary>Draws the chart and names what its key must explain, if anything.</summary>
    internal abstract (SvgCanvas Picture, IReadOnlyList<KeyEntry> Key) Draw(SeriesPalette palette, double width);

    internal void WriteTo(TextWriter writer, SeriesPalette palette, double width, string id)
    {
        (SvgCanvas picture, IReadOnlyList<KeyEntry> key) = Draw(palette, width);
        writer.Write($"<figure>\n<h3>{Markup.Escape(Title)}</h3>\n");
        if (key.Count > 0)
        {
            writer.Write("<ul class=\"key\">");
            foreach (KeyEntry entry in key)
                writer.Write($"<li><i class=\"swatch {entry.Style}\"></i>{Markup.Escape(entry.Name)}</li>");
            writer.Write("</ul>\n");
        }
        writer.Write("<div class=\"picture\">");
        picture.WriteTo(writer, id, Title, Caption);
        writer.Write($"</div>\n<figcaption>{Markup.Escape(Caption)}</figcaption>\n</figure>\n");
    }
}

/// <summary>A name in a chart's key with the style of its swatch.</summary>
internal readonly record struct KeyEntry(string Name, string Style);
