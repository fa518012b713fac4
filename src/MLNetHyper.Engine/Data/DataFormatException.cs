namespace MLNetHyper.Engine;

/// <summary>Data that cannot be used as they are. The message says what is wrong, where, and what to do about it.</summary>
public sealed class DataFormatException : Exception
{
    /// <summary>Describes a problem; the message is <c>file, line n, column 'c': problem</c> with the parts that are known.</summary>
    /// <param name="problem">What is wrong and how to mend it, as whole sentences.</param>
    /// <param name="file">The file's path as the caller gave it, or null for data that came from memory.</param>
    /// <param name="line">The line in the file, or the row where there is no file, counted from 1; null if it concerns no single one.</param>
    /// <param name="column">The column's name, or null if it concerns no single one.</param>
    /// <param name="innerException">The cause, or null.</param>
    public DataFormatException(string problem, string? file = null, int? line = null, string? column = null, Exception? innerException = null)
        : base(Place(problem, file, line, column) + problem, innerException)
    {
        Problem = problem;
        File = file;
        Line = line;
        Column = column;
    }

    /// <summary>The message without the place.</summary>
    internal string Problem { get; }

    /// <summary>The columns that would have to be left out, where it concerns several; otherwise <see cref="Column"/>, if it concerns one.</summary>
    internal IReadOnlyList<string> Columns { get => field ?? (Column is null ? [] : [Column]); init; }

    /// <summary>The file's path as the caller gave it, or null for data that came from memory.</summary>
    public string? File { get; }

    /// <summary>The line in <see cref="File"/> where the record begins, the header being line 1; without a file the row, counted from 1. Null if the problem concerns no single one.</summary>
    public int? Line { get; }

    /// <summary>The column's name, or null if the problem concerns no single one.</summary>
    public string? Column { get; }

    private static string Place(string problem, string? file, int? line, string? column)
    {
        // A problem that names its column need not be told of it.
        string? named = column is null || problem.Contains($"column '{column}'", StringComparison.Ordinal) ? null : $"column '{column}'";
        string? numbered = line is null ? null : $"{(file is null ? "row" : "line")} {line}";
        string place = string.Join(", ", new[] { file, numbered, named }.OfType<string>());
        return place.Length == 0 ? "" : place + ": ";
    }
}
