namespace MLNetHyper.Cli;

/// <summary>An aligned table of plain text: the first column to the left, the others to the right.</summary>
internal sealed class TextTable(params string[] header)
{
    private const string Gap = "   ";

    private readonly List<string[]> _rows = [header];

    internal void Add(params string[] cells) => _rows.Add(cells);

    /// <summary>Writes it. On a terminal that is too narrow the last columns are left out, and named beneath.</summary>
    internal void WriteTo(TextWriter output)
    {
        int[] widths = [.. Enumerable.Range(0, header.Length).Select(column => _rows.Max(row => row[column].Length))];
        int columns = header.Length;
        if (output is WrappedText { Width: var limit })
        {
            while (columns > 2 && widths[..columns].Sum() + ((columns - 1) * Gap.Length) > limit)
                columns--;
        }
        foreach (string[] row in _rows)
        {
            IEnumerable<string> cells = row[..columns].Select((cell, column) => column == 0 ? cell.PadRight(widths[column]) : cell.PadLeft(widths[column]));
            output.WriteLine(string.Join(Gap, cells).TrimEnd());
        }
        if (columns < header.Length)
            output.WriteLine($"(A wider terminal also shows {string.Join(", ", header[columns..])}.)");
    }
}
