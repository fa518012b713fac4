namespace MLNetHyper.Reports;

/// <summary>A table for the documentation, beneath the command that makes it again.</summary>
public static class MarkdownTable
{
    /// <summary>Writes the command as a comment, then the table: the first column to the left, the others to the right.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="command">The command line or code that makes the table again; where it has the end of a comment, that is written <c>--&amp;gt;</c>.</param>
    /// <param name="columns">The column names.</param>
    /// <param name="rows">Rows with one cell per column. Cells are written as they are, so that they may hold Markdown.</param>
    public static void Write(TextWriter output, string command, IReadOnlyCollection<string> columns, IEnumerable<IReadOnlyList<string>> rows)
    {
        ArgumentNullException.ThrowIfNull(output);
        ArgumentException.ThrowIfNullOrWhiteSpace(command);
        ArgumentNullException.ThrowIfNull(columns);
        ArgumentNullException.ThrowIfNull(rows);
        // Hyphens alone do no harm in a comment, but before a > they would end it, and the rest of the command would be part of the page.
        string comment = command.Replace("-->", "--&gt;", StringComparison.Ordinal).Replace("--!>", "--!&gt;", StringComparison.Ordinal);
        output.Write($"<!-- {comment} -->\n| {string.Join(" | ", columns)} |\n|---|{string.Concat(Enumerable.Repeat("---:|", columns.Count - 1))}\n");
        foreach (IReadOnlyList<string> row in rows)
            output.Write($"| {string.Join(" | ", row)} |\n");
    }
}
