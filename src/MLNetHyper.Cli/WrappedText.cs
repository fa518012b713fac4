using System.Text;

namespace MLNetHyper.Cli;

/// <summary>
/// A terminal: lines that are longer than it is wide go on at a space, as far to the right as they began, or as the text behind a name and two spaces did. What is written without an end of line passes.
/// </summary>
/// <param name="terminal">The terminal.</param>
/// <param name="width">Its width in characters.</param>
internal sealed class WrappedText(TextWriter terminal, int width) : TextWriter
{
    // Narrower ones wrap by themselves; some do not know how wide they are.
    private const int Least = 40, Usual = 80;

    private const int LongestName = 34;

    /// <summary>How many characters fit a line.</summary>
    internal int Width { get; } = width > 0 ? Math.Max(Least, width) : Usual;

    public override Encoding Encoding => terminal.Encoding;

    public override void Write(char value) => terminal.Write(value);

    public override void Write(string? value) => terminal.Write(value);

    public override void WriteLine() => terminal.WriteLine();

    public override void WriteLine(string? value)
    {
        foreach (string line in (value ?? "").Split('\n'))
            WriteOne(line.TrimEnd('\r'));
    }

    public override void Flush() => terminal.Flush();

    private static int Indent(string line)
    {
        int start = line.Length - line.TrimStart().Length, gap = line.IndexOf("  ", start, StringComparison.Ordinal);
        return gap < 0 || gap > LongestName ? start : line.Length - line[gap..].TrimStart().Length;
    }

    private void WriteOne(string line)
    {
        int indent = Math.Min(Indent(line), Width / 2);
        while (line.Length > Width)
        {
            int end = line.LastIndexOf(' ', Width, Width - indent);
            // A word longer than the line is broken by the terminal.
            if (end <= indent)
                break;
            terminal.WriteLine(line[..end].TrimEnd());
            line = new string(' ', indent) + line[end..].TrimStart();
        }
        terminal.WriteLine(line);
    }
}
