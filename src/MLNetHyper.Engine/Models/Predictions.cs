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

    /// <summary>Number of rows.</summary>
    public int Rows => Task == LearningTask.Regression ? Values.Count : Probabilities.Count / ClassNames.Count;

    /// <summary>Classification: the most probable class of a row.</summary>
    public string Class(int row)
    {
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
    /// Writes a header and a line for each row: <c>prediction</c>, then for classification <c>probability_</c> and the class's name, and for intervals <c>lower</c> and <c>upper</c>. Numbers
    /// are invariant and exact; a value that is not finite is left empty.
    /// </summary>
    /// <remarks>
    /// Classes keep the names that they have in the data, so that predictions can be joined with them. A spreadsheet takes a name that begins with
    /// =, +, - or @ for a formula: import the column as text, if names come from somebody whom you do not trust.
    /// </remarks>
    /// <param name="output">Where to.</param>
    public void WriteCsv(TextWriter output)
    {
        ArgumentNullException.ThrowIfNull(output);
        string[] interval = IntervalHalfWidth is null ? [] : ["lower", "upper"];
        output.Write(string.Join(',', ["prediction", .. ClassNames.Select(name => Field($"probability_{name}")), .. interval]) + "\n");
        for (int row = 0; row < Rows; row++)
        {
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
    public void SaveCsv(string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        AtomicFile.WriteText(path, WriteCsv);
    }

    // Far outside the training data an output may overflow: a gap is honest, and "Infinity" is no number to most readers of CSV.
    private static string Number(double value) => double.IsFinite(value) ? value.ToString("R", CultureInfo.InvariantCulture) : "";

    private static string Field(string text) => text.AsSpan().ContainsAny(",\"\r\n") ? $"\"{text.Replace("\"", "\"\"")}\"" : text;
}
