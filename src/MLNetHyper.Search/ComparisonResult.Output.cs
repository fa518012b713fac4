using System.Globalization;

namespace MLNetHyper.Search;

/// <summary>A comparison as text, as Markdown, as JSON and as CSV.</summary>
public sealed partial class ComparisonResult
{
    private const string CsvHeader = "method,budget,seed,test_error,cost,seconds,failed,trials,diverged_trials,learning_rate,weight_decay,momentum";

    /// <summary>What the numbers of <see cref="ToTable"/> mean, in one line.</summary>
    public string Note
    {
        get
        {
            string unit = Task == LearningTask.Regression ? $" in units of '{Options.Data.LabelColumn}'" : "";
            return $"Test {ErrorName}{unit}; budget and cost in plain trainings; seconds with other runs at the same time";
        }
    }

    /// <summary>The rows as people read them, the column names first.</summary>
    public IReadOnlyList<string[]> ToTable() =>
    [
        ["contestant", "budget", $"median {ErrorName}", "quartiles", "cost", "seconds", "diverged", "failed"],
        .. Rows.Select(row => new[]
        {
            row == OnePass ? $"one pass ({row.Method})" : row.Method, IsSearch(row.Method) ? Number(row.Multiple) : "-", Number(row.Median), $"{Number(row.LowerQuartile)} to {Number(row.UpperQuartile)}",
            Number(row.MeanCost), Number(row.MeanSeconds), Number(row.DivergedTrials), Number(row.Failures),
        }),
    ];

    /// <summary>A block for the documentation: the command as a comment, the table, and beneath it the conclusion.</summary>
    /// <param name="command">The command line or code that makes the comparison again.</param>
    public string ToMarkdown(string command)
    {
        using var output = new StringWriter();
        IReadOnlyList<string[]> table = ToTable();
        MarkdownTable.Write(output, command, table[0], table.Skip(1));
        output.Write($"\n{Note}. {Options.Repeats} repeats, seeds {Options.Seed} to {unchecked(Options.Seed + Options.Repeats - 1)}. {Conclusion}\n");
        return output.ToString();
    }

    /// <summary>Everything as one JSON object, its properties in camel case. JSON has no NaN and no infinity: they become null.</summary>
    public string ToJson() => ComparisonJson.Write(this);

    /// <summary>Writes every result in one line; the file appears whole or not at all, and replaces an older one.</summary>
    /// <param name="path">The file; its folder must exist.</param>
    public void SaveCsv(string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        AtomicFile.WriteText(path, writer =>
        {
            writer.WriteLine(CsvHeader);
            foreach (ComparisonEntry entry in Entries)
                writer.WriteLine(CsvLine(entry));
        });
    }

    private string CsvLine(ComparisonEntry e) => string.Create(CultureInfo.InvariantCulture,
        $"{e.Method},{(IsSearch(e.Method) ? e.Multiple : null):R},{e.Repeat},{e.TestError:R},{e.Cost:R},{e.Seconds:R},{(e.Failed ? 1 : 0)},{e.Trials},{e.DivergedTrials},{e.Setting?.LearningRate:R},{e.Setting?.WeightDecay:R},{e.Setting?.Momentum:R}");

    private static string Number(double value) => CompactNumber.Format(value, 3);
}
