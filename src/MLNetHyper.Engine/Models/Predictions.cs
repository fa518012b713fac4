using System.Globalization;

namespace MLNetHyper.Engine;

/// <summary>A model's predictions for the rows of a table, in order.</summary>
/// <param name="Task">What was predicted.</param>
/// <param name="Values">Regression: one value per row, in the label's units. Otherwise empty.</param>
/// <param name="ClassNames">Classification: the classes, in the order of the probabilities. Otherwise empty.</param>
/// <param name="Probabilities">Classification: row-major, one column per class, every row summing to 1. Otherwise empty.</param>
public sealed record Predictions(LearningTask Task, IReadOnlyList<double> Values, IReadOnlyList<string> ClassNames, IReadOnlyList<double> Probabilities)
{
    /// <summary>
    /// What the table holds that training never met, a sentence for each column: texts, missing values, further columns. Empty where all is known.
    /// The predictions are made all the same.
    /// </summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];

    /// <summary>Regression: half the width of the interval around each value, where one was asked for and can be given.</summary>
    public double? IntervalHalfWidth { get; init; }

    /// <summary>Two classes: the second one's probability from which on a row is taken for it; null where the more probable class is.</summary>
    public double? Threshold { get; init; }

    /// <summary>Number of rows.</summary>
    public int Rows => Task == LearningTask.Regression ? Values.Count : Probabilities.Count / ClassNames.Count;

    /// <summary>Classification: the most probable class of a row, or what <see cref="Threshold"/> decides.</summary>
    public string Class(int row)
    {
        if (Threshold is { } threshold)
            return ClassNames[Probability(row, 1) >= threshold ? 1 : 0];
        int best = 0;
        for (int c = 1; c < ClassNames.Count; c++)
        {
            if (Probability(row, c) > Probability(row, best))
                best = c;
        }
        return ClassNames[best];
    }

    /// <summary>Classification: the probability of one class in one row.</summary>
    public double Probability(int row, int classIndex) => Probabilities[(row * ClassNames.Count) + classIndex];

    /// <summary>
    /// Writes a header and a line for each row: the columns to keep, <c>prediction</c>, then for classification <c>probability_</c> and the class's name, and for intervals <c>lower</c> and <c>upper</c>. Numbers
    /// are invariant and exact; a value that is not finite is left empty.
    /// </summary>
    /// <remarks>
    /// Classes keep the names that they have in the data, so that predictions can be joined with them. A spreadsheet takes a name that begins with
    /// =, +, - or @ for a formula: import the column as text, if names come from somebody whom you do not trust.
    /// </remarks>
    /// <param name="output">Where to.</param>
    /// <param name="kept">Columns of the table that was scored, to stand before the predictions. Default: none.</param>
    /// <exception cref="ArgumentException">A column to keep has another number of rows, or the name of a column of predictions.</exception>
    public void WriteCsv(TextWriter output, IReadOnlyList<TableColumn>? kept = null)
    {
        ArgumentNullException.ThrowIfNull(output);
        kept ??= [];
        WriteHeader(output, kept);
        WriteRows(output, kept);
    }

    /// <summary>The first line of <see cref="WriteCsv"/>.</summary>
    /// <exception cref="ArgumentException">A column to keep has another number of rows, or the name of a column of predictions.</exception>
    internal void WriteHeader(TextWriter output, IReadOnlyList<TableColumn> kept)
    {
        Check(kept);
        string[] columns = [.. Columns];
        if (kept.FirstOrDefault(column => columns.Contains(column.Name)) is { } twice)
            throw new ArgumentException($"Column '{twice.Name}' cannot be kept, since a column of predictions has its name.", nameof(kept));
        output.Write(string.Join(',', kept.Select(column => column.Name).Concat(columns).Select(Field)) + "\n");
    }

    /// <summary>The other lines.</summary>
    /// <exception cref="ArgumentException">A column to keep has another number of rows.</exception>
    internal void WriteRows(TextWriter output, IReadOnlyList<TableColumn> kept)
    {
        Check(kept);
        for (int row = 0; row < Rows; row++)
        {
            foreach (TableColumn column in kept)
                output.Write(Field(column.TextAt(row) ?? "") + ",");
            output.Write(Task == LearningTask.Regression ? Number(Values[row]) : Field(Class(row)));
            for (int c = 0; c < ClassNames.Count; c++)
            {
                output.Write(',');
                output.Write(Number(Probability(row, c)));
            }
            if (IntervalHalfWidth is { } half)
                output.Write($",{Number(Values[row] - half)},{Number(Values[row] + half)}");
            output.Write('\n');
        }
    }

    /// <summary>Writes the file of <see cref="WriteCsv"/>, in UTF-8; it appears whole or not at all, and replaces an older one.</summary>
    /// <param name="path">The file; its folder must exist.</param>
    /// <param name="kept">Columns of the table that was scored, to stand before the predictions. Default: none.</param>
    public void SaveCsv(string path, IReadOnlyList<TableColumn>? kept = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        AtomicFile.WriteText(path, writer => WriteCsv(writer, kept));
    }

    /// <summary>The names of the columns that <see cref="WriteCsv"/> makes of the predictions.</summary>
    internal IEnumerable<string> Columns => ["prediction", .. ClassNames.Select(name => $"probability_{name}"), .. IntervalHalfWidth is null ? Array.Empty<string>() : ["lower", "upper"]];

    private void Check(IReadOnlyList<TableColumn> kept)
    {
        if (kept.FirstOrDefault(column => column.Count != Rows) is { } other)
            throw new ArgumentException($"Column '{other.Name}' has {other.Count} rows, but there are {Rows} predictions.", nameof(kept));
    }

    // Far outside the training data an output may overflow: a gap is honest, and "Infinity" is no number to most readers of CSV.
    private static string Number(double value) => double.IsFinite(value) ? value.ToString("R", CultureInfo.InvariantCulture) : "";

    private static string Field(string text) => text.AsSpan().ContainsAny(",\"\r\n") ? $"\"{text.Replace("\"", "\"\"")}\"" : text;
}
