using System.Security.Cryptography;
using System.Text;

namespace MLNetHyper.Reports;

/// <summary>
/// A report as one HTML file that stands alone: pictures, style and text inside, no script, nothing fetched.
/// It follows the reader's light or dark mode, prints, and is the same byte for byte for the same content.
/// In a notebook of .NET Interactive it shows as a picture, as do charts, tables, trajectories and the results that have one.
/// </summary>
[TypeFormatterSource(typeof(NotebookFormatters))]
public sealed class Report : IPictured
{
    private readonly List<Action<TextWriter, SeriesPalette, string>> _parts = [];
    private readonly List<Chart> _charts = [];

    /// <summary>Starts an empty report.</summary>
    /// <param name="title">Heading of the page.</param>
    public Report(string title)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(title);
        Title = title;
    }

    /// <summary>Heading of the page.</summary>
    public string Title { get; }

    /// <summary>A line beneath the title, such as the data set and the date.</summary>
    public string? Subtitle { get; init; }

    /// <summary>Starts a section.</summary>
    public Report Heading(string text) => Add(writer => writer.Write($"<h2>{Markup.Escape(text)}</h2>\n"), text);

    /// <summary>Adds running text.</summary>
    public Report Paragraph(string text) => Add(writer => writer.Write($"<p>{Markup.Escape(text)}</p>\n"), text);

    /// <summary>Adds text as typed, such as the command line that makes this report again.</summary>
    public Report Preformatted(string text) => Add(writer => writer.Write($"<pre>{Markup.Escape(text)}</pre>\n"), text);

    /// <summary>Adds a table.</summary>
    public Report Add(ReportTable table)
    {
        ArgumentNullException.ThrowIfNull(table);
        _parts.Add((writer, _, _) => table.WriteTo(writer));
        return this;
    }

    /// <summary>Adds the few numbers to take home, side by side.</summary>
    public Report Add(params KeyFigure[] figures)
    {
        ArgumentNullException.ThrowIfNull(figures);
        _parts.Add((writer, _, _) => WriteKeyFigures(writer, figures));
        return this;
    }

    /// <summary>Adds a chart in full width, or several smaller ones side by side.</summary>
    public Report Add(params Chart[] charts)
    {
        ArgumentNullException.ThrowIfNull(charts);
        int first = _charts.Count;
        _charts.AddRange(charts);
        _parts.Add((writer, palette, id) => WriteCharts(writer, palette, charts, id, first));
        return this;
    }

    /// <summary>Whether a part of a page shows title and subtitle; what is but a chart or a table has its own.</summary>
    internal bool HasHeader { get; init; } = true;

    Report IPictured.Picture => this;

    /// <summary>Writes the page.</summary>
    public void WriteTo(TextWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.Write("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n");
        writer.Write($"<title>{Markup.Escape(Title)}</title>\n<style>\n{ReportStyle.Sheet}\n</style>\n</head>\n<body>\n<main>\n");
        WriteContent(writer, "");
        writer.Write("</main>\n</body>\n</html>\n");
    }

    /// <summary>Writes the report as a part of a page that has others, such as the output of a notebook's cell.</summary>
    internal void WritePartTo(TextWriter writer)
    {
        var content = new StringWriter { NewLine = "\n" };
        WriteContent(content, "");
        // Names of elements count within the whole page, so each report's come from what it contains.
        string id = Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(content.ToString())))[..12];
        writer.Write($"<div class=\"onepass-report\">\n<style>\n{ReportStyle.Scoped}\n</style>\n");
        WriteContent(writer, $"report{id}-");
        writer.Write("</div>\n");
    }

    /// <summary>Writes the page to a file. The file appears complete or not at all, and replaces an older one.</summary>
    /// <param name="path">The file; its folder must exist.</param>
    public void Save(string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        AtomicFile.WriteText(path, WriteTo);
    }

    private void WriteContent(TextWriter writer, string id)
    {
        var palette = new SeriesPalette(_charts);
        if (HasHeader)
        {
            writer.Write($"<header>\n<h1>{Markup.Escape(Title)}</h1>\n");
            if (!string.IsNullOrWhiteSpace(Subtitle))
                writer.Write($"<p class=\"subtitle\">{Markup.Escape(Subtitle)}</p>\n");
            writer.Write("</header>\n");
        }
        foreach (Action<TextWriter, SeriesPalette, string> part in _parts)
            part(writer, palette, id);
    }

    private Report Add(Action<TextWriter> part, string text)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(text);
        _parts.Add((writer, _, _) => part(writer));
        return this;
    }

    private static void WriteKeyFigures(TextWriter writer, KeyFigure[] figures)
    {
        writer.Write("<dl class=\"figures\">\n");
        foreach ((string label, string value, string? note) in figures)
        {
            writer.Write($"<div><dt>{Markup.Escape(label)}</dt><dd>{Markup.Escape(value)}</dd>");
            writer.Write(note is null ? "</div>\n" : $"<dd class=\"note\">{Markup.Escape(note)}</dd></div>\n");
        }
        writer.Write("</dl>\n");
    }

    private static void WriteCharts(TextWriter writer, SeriesPalette palette, Chart[] charts, string id, int first)
    {
        (int columns, double width) = charts.Length == 1 ? (1, 920) : charts.Length % 3 == 0 ? (3, 290) : (2, 444);
        writer.Write($"<div class=\"charts across{columns}\">\n");
        for (int i = 0; i < charts.Length; i++)
            charts[i].WriteTo(writer, palette, width, $"{id}chart{first + i + 1}");
        writer.Write("</div>\n");
    }
}
