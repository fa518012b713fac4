using System.Globalization;
using System.Text;
using System.Text.Json;

namespace MLNetHyper.Cli;

/// <summary>A comparison as text, as JSON and as CSV.</summary>
internal static class ComparisonOutput
{
    /// <summary>Says before the work starts what is compared.</summary>
    internal static void WriteHeader(TextWriter output, Table table, ComparisonOptions options)
    {
        string[] lines =
        [
            $"data        {table.Source}, {table.RowCount} rows, label '{options.Data.LabelColumn}'",
            $"one pass    tunes learning rate, weight decay and momentum by '{options.Training.Method.Name}' while it trains once",
            $"plain       the same start and steps, nothing tuned",
            $"searches    {string.Join(", ", options.Searches.Select(s => s.Name))}: train again and again with other settings and keep the best by validation",
            $"budgets     {string.Join(", ", options.Multiples)} plain trainings' worth of steps for each search",
            $"repeats     {options.Repeats}, with seeds {options.Seed} to {unchecked(options.Seed + options.Repeats - 1)}, {(options.Data.RowOrder is null ? "each with another random division of the rows" : "all with the rows divided in file order")}",
            "",
        ];
        foreach (string line in lines)
            output.WriteLine(line);
        output.Flush();
    }

    internal static void WriteText(TextWriter output, ComparisonResult result, string? report, string? csv)
    {
        output.WriteLine();
        output.WriteLine(Note(result));
        output.WriteLine();
        var table = new TextTable(Columns(result));
        foreach (ComparisonRow row in result.Rows)
            table.Add(Cells(result, row));
        table.WriteTo(output);
        output.WriteLine();
        output.WriteLine(result.Conclusion);
        if (report is not null || csv is not null)
            output.WriteLine();
        if (report is not null && File.Exists(report))
            output.WriteLine($"report      {report}");
        if (csv is not null && File.Exists(csv))
            output.WriteLine($"results     {csv}");
    }

    /// <summary>A block for the documentation, with the command that makes it again.</summary>
    internal static void WriteMarkdown(TextWriter output, string command, ComparisonResult result)
    {
        MarkdownTable.Write(output, command, Columns(result), result.Rows.Select(row => Cells(result, row)));
        output.Write($"\n{Note(result)}. {result.Options.Repeats} repeats, seeds {result.Options.Seed} to {unchecked(result.Options.Seed + result.Options.Repeats - 1)}. {result.Conclusion}\n");
    }

    internal static void WriteJson(TextWriter output, ComparisonResult result, string? report, string? csv) => Json.Write(output, json =>
    {
        json.WriteString("task", result.Task.ToString().ToLowerInvariant());
        json.WriteString("data", result.Source);
        json.WriteString("label", result.Options.Data.LabelColumn);
        json.WriteString("error", result.ErrorName);
        json.Number("catchUpFactor", result.CatchUpFactor);
        json.WriteString("conclusion", result.Conclusion);
        WriteOptions(json, result.Options);
        json.WriteStartArray("rows");
        foreach (ComparisonRow row in result.Rows)
            WriteRow(json, row, IsSearch(result, row.Method));
        json.WriteEndArray();
        json.WriteStartArray("entries");
        foreach (ComparisonEntry entry in result.Entries)
            WriteEntry(json, entry, IsSearch(result, entry.Method));
        json.WriteEndArray();
        json.WriteString("report", report);
        json.WriteString("csv", csv);
    });

    /// <summary>Every result in one line; the file appears whole or not at all.</summary>
    internal static void SaveCsv(string path, ComparisonResult result)
    {
        string temporary = $"{path}.{Environment.ProcessId}.tmp";
        try
        {
            using (var writer = new StreamWriter(temporary, append: false, new UTF8Encoding(false)) { NewLine = "\n" })
            {
                writer.WriteLine("method,budget,seed,test_error,cost,seconds,failed,trials,diverged_trials");
                foreach (ComparisonEntry e in result.Entries)
                    writer.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{e.Method},{(IsSearch(result, e.Method) ? e.Multiple : null):R},{e.Repeat},{e.TestError:R},{e.Cost:R},{e.Seconds:R},{(e.Failed ? 1 : 0)},{e.Trials},{e.DivergedTrials}"));
            }
            File.Move(temporary, path, overwrite: true);
        }
        finally
        {
            File.Delete(temporary);
        }
    }

    private static void WriteOptions(Utf8JsonWriter json, ComparisonOptions options)
    {
        json.WriteStartObject("options");
        json.WriteString("method", options.Training.Method.Name);
        json.Texts("searches", options.Searches.Select(s => s.Name));
        json.WriteStartArray("budgets");
        foreach (int multiple in options.Multiples)
            json.WriteNumberValue(multiple);
        json.WriteEndArray();
        json.WriteNumber("repeats", options.Repeats);
        json.WriteStartArray("hidden");
        foreach (int units in options.Training.Hidden)
            json.WriteNumberValue(units);
        json.WriteEndArray();
        json.WriteString("activation", options.Training.Activation.ToString().ToLowerInvariant());
        json.Number("steps", options.Training.Steps ?? (options.Training.Epochs is null ? OnePassOptions.Defaults.Steps : null));
        json.Number("epochs", options.Training.Epochs);
        json.Number("batchSize", options.Training.BatchSize is int.MaxValue ? null : options.Training.BatchSize);
        json.WriteNumber("interval", options.Training.Interval);
        json.WriteBoolean("randomInitial", options.RandomInitialHyperparameters);
        json.WriteNumber("validationFraction", options.Data.ValidationFraction);
        json.WriteNumber("testFraction", options.Data.TestFraction);
        json.WriteEndObject();
        json.WriteStartArray("seeds");
        for (int repeat = 0; repeat < options.Repeats; repeat++)
            json.WriteNumberValue(unchecked(options.Seed + repeat));
        json.WriteEndArray();
    }

    private static void WriteRow(Utf8JsonWriter json, ComparisonRow row, bool isSearch)
    {
        json.WriteStartObject();
        json.WriteString("method", row.Method);
        json.Number("budget", isSearch ? row.Multiple : null);
        json.Number("median", row.Median);
        json.Number("lowerQuartile", row.LowerQuartile);
        json.Number("upperQuartile", row.UpperQuartile);
        json.Number("cost", row.MeanCost);
        json.Number("seconds", row.MeanSeconds);
        json.WriteNumber("divergedTrials", row.DivergedTrials);
        json.WriteNumber("failures", row.Failures);
        json.WriteEndObject();
    }

    private static void WriteEntry(Utf8JsonWriter json, ComparisonEntry entry, bool isSearch)
    {
        json.WriteStartObject();
        json.WriteString("method", entry.Method);
        json.Number("budget", isSearch ? entry.Multiple : null);
        json.WriteNumber("seed", entry.Repeat);
        json.Number("testError", entry.TestError);
        json.Number("cost", entry.Cost);
        json.Number("seconds", entry.Seconds);
        json.WriteBoolean("failed", entry.Failed);
        json.WriteNumber("trials", entry.Trials);
        json.WriteNumber("divergedTrials", entry.DivergedTrials);
        json.WriteEndObject();
    }

    private static string[] Columns(ComparisonResult result) => ["contestant", "budget", $"median {result.ErrorName}", "quartiles", "cost", "seconds", "diverged", "failed"];

    private static string[] Cells(ComparisonResult result, ComparisonRow row) =>
    [
        Name(result, row), IsSearch(result, row.Method) ? Number(row.Multiple) : "-", Number(row.Median), $"{Number(row.LowerQuartile)} to {Number(row.UpperQuartile)}",
        Number(row.MeanCost), Number(row.MeanSeconds), Number(row.DivergedTrials), Number(row.Failures),
    ];

    private static string Note(ComparisonResult result)
    {
        string unit = result.Task == LearningTask.Regression ? $" in units of '{result.Options.Data.LabelColumn}'" : "";
        return $"Test {result.ErrorName}{unit}; budget and cost in plain trainings; seconds with other runs beside";
    }

    private static bool IsSearch(ComparisonResult result, string method) => result.Options.Searches.Any(s => s.Name == method);

    private static string Name(ComparisonResult result, ComparisonRow row) => row == result.OnePass ? $"one pass ({row.Method})" : row.Method;

    private static string Number(double value) => CompactNumber.Format(value, 3);
}
