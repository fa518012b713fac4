namespace MLNetHyper.Cli;

/// <summary>A table for the documentation, beneath the command that makes it again.</summary>
internal static class MarkdownTable
{
    /// <summary>Writes the command as a comment, then the table: the first column to the left, the others to the right.</summary>
    internal static void Write(TextWriter output, string command, IReadOnlyCollection<string> columns, IEnumerable<string[]> rows)
    {
        // Two hyphens would end an HTML comment for some readers; Markdown's own do not mind them inside a command.
        output.Write($"<!-- {command} -->\n| {string.Join(" | ", columns)} |\n|---|{string.Concat(Enumerable.Repeat("---:|", columns.Count - 1))}\n");
        foreach (string[] row in rows)
            output.Write($"| {string.Join(" | ", row)} |\n");
    }
}
