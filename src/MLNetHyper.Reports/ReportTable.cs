using System.Globalization;

namespace MLNetHyper.Reports;

/// <summary>A table in a <see cref="Report"/>. The first column names the rows; columns of numbers are aligned to the right.</summary>
[TypeFormatterSource(typeof(NotebookFormatters))]
public sealed class ReportTable : IPictured
{
    private readonly string _caption;
    private readonly string[] _columns;
    private readonly List<Row> _rows = [];

    /// <summary>Starts a table without rows.</summary>
    /// <param name="caption">What the table shows.</param>
    /// <param name="columns">The column names, at least one.</param>
    public ReportTable(string caption, params string[] columns)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(caption);
        ArgumentNullException.ThrowIfNull(columns);
        ArgumentOutOfRangeException.ThrowIfZero(columns.Length);
        (_caption, _columns) = (caption, columns);
    }

    Report IPictured.Picture => new Report(_caption) { HasHeader = false }.Add(this);

    /// <summary>Adds a row with one cell per column.</summary>
    public ReportTable Add(params string[] cells) => Add(new Row(cells, [], Emphasized: false));

    /// <summary>Adds a row that stands out, such as the winner.</summary>
    public ReportTable AddEmphasized(params string[] cells) => Add(new Row(cells, [], Emphasized: true));

    /// <summary>Which classes a classifier confuses: a row per actual class, a column per predicted one, shaded by the row's share.</summary>
    /// <param name="caption">What the table shows.</param>
    /// <param name="classes">The class names.</param>
    /// <param name="counts">Row by row, <c>classes.Count²</c> counts of examples.</param>
    /// <exception cref="ArgumentException">There are not <c>classes.Count²</c> counts.</exception>
    public static ReportTable ConfusionMatrix(string caption, IReadOnlyList<string> classes, IReadOnlyList<long> counts)
    {
        ArgumentNullException.ThrowIfNull(classes);
        ArgumentNullException.ThrowIfNull(counts);
        if (counts.Count != (long)classes.Count * classes.Count)
            throw new ArgumentException($"{classes.Count} classes need {(long)classes.Count * classes.Count} counts, but there are {counts.Count}.", nameof(counts));
        var table = new ReportTable(caption, ["actual \u2193 predicted \u2192", .. classes, "correct"]);
        for (int actual = 0; actual < classes.Count; actual++)
        {
            long[] row = [.. counts.Skip(actual * classes.Count).Take(classes.Count)];
            long total = row.Sum();
            double[] shares = [.. row.Select(count => total == 0 ? 0 : (double)count / total)];
            string correct = total == 0 ? "" : (100 * shares[actual]).ToString("0.0", CultureInfo.InvariantCulture) + " %";
            table.Add(new Row([classes[actual], .. row.Select(count => count.ToString("N0", CultureInfo.InvariantCulture)), correct], shares, Emphasized: false));
        }
        return table;
    }

    internal void WriteTo(TextWriter writer)
    {
        string[] alignment = [.. Enumerable.Range(0, _columns.Length).Select(column => column > 0 && IsNumeric(column) ? " class=\"number\"" : "")];
        writer.Write($"<div class=\"table\"><table>\n<caption>{Markup.Escape(_caption)}</caption>\n<thead><tr>");
        for (int column = 0; column < _columns.Length; column++)
            writer.Write($"<th scope=\"col\"{alignment[column]}>{Markup.Escape(_columns[column])}</th>");
        writer.Write("</tr></thead>\n<tbody>\n");
        foreach (Row row in _rows)
        {
            writer.Write($"<tr{(row.Emphasized ? " class=\"emphasized\"" : "")}><th scope=\"row\">{Markup.Escape(row.Cells[0])}</th>");
            for (int column = 1; column < _columns.Length; column++)
                writer.Write($"<td{alignment[column]}{row.Shade(column - 1)}>{Markup.Escape(row.Cells[column])}</td>");
            writer.Write("</tr>\n");
        }
        writer.Write("</tbody>\n</table></div>\n");
    }

    private ReportTable Add(Row row)
    {
        ArgumentNullException.ThrowIfNull(row.Cells);
        if (row.Cells.Length != _columns.Length)
            throw new ArgumentException($"{_columns.Length} columns need as many cells, but there are {row.Cells.Length}.");
        _rows.Add(row);
        return this;
    }

    private bool IsNumeric(int column) =>
        _rows.All(row => row.Cells[column] is "" or "–" or "-" || char.IsAsciiDigit(row.Cells[column].TrimStart('-', '+', '\u2212', '<', '>', ' ').FirstOrDefault()));

    private sealed record Row(string[] Cells, double[] Shares, bool Emphasized)
    {
        public string Shade(int cell) => cell < Shares.Length && Shares[cell] > 0
            ? string.Create(CultureInfo.InvariantCulture, $" style=\"--share:{Shares[cell]:0.###}\"")
            : "";
    }
}
