using System.Globalization;

namespace MLNetHyper.Cli;

/// <summary>A reproduced table as text, as Markdown and as JSON.</summary>
internal static class ReproductionOutput
{
    private static readonly string[] _columns = ["method", "mean", "median", "best", "runs", "failures", "s / run", "published mean", "published median", "published best"];

    internal static void WriteText(TextWriter output, ReproductionSetup setup, IReadOnlyList<ReproductionRow> rows)
    {
        output.WriteLine();
        var table = new TextTable(_columns);
        foreach (ReproductionRow row in rows)
            table.Add(Cells(row));
        table.WriteTo(output);
        output.WriteLine();
        output.WriteLine(Notes(setup));
        if (Departures(rows) is { } departures)
            output.WriteLine(departures);
    }

    /// <summary>A block for the documentation, with the command that makes it again.</summary>
    internal static void WriteMarkdown(TextWriter output, string command, ReproductionSetup setup, IReadOnlyList<ReproductionRow> rows)
    {
        MarkdownTable.Write(output, command, _columns, rows.Select(Cells));
        output.Write($"\n{Notes(setup)}\n");
        if (Departures(rows) is { } departures)
            output.Write($"\n{departures}\n");
    }

    internal static void WriteJson(TextWriter output, ReproductionSetup setup, IReadOnlyList<ReproductionRow> rows) => Json.Write(output, json =>
    {
        json.WriteString("dataset", setup.Experiment.Name);
        json.WriteNumber("initializations", setup.Initializations);
        json.WriteNumber("steps", setup.Steps);
        json.WriteNumber("seed", setup.Seed);
        json.WriteString("note", Notes(setup));
        json.WriteStartArray("rows");
        foreach (ReproductionRow row in rows)
        {
            json.WriteStartObject();
            json.WriteString("key", row.Key);
            json.WriteString("method", row.Title);
            json.Number("mean", row.Mean);
            json.Number("meanError", row.MeanError);
            json.Number("median", row.Median);
            json.Number("medianError", row.MedianError);
            json.Number("best", row.Best);
            json.Number("bestError", row.BestError);
            json.WriteNumber("runs", row.Runs);
            json.WriteNumber("failures", row.Failures);
            json.Number("secondsPerRun", row.MeanSeconds);
            json.WriteString("publishedMean", row.PublishedMean);
            json.WriteString("publishedMedian", row.PublishedMedian);
            json.WriteString("publishedBest", row.PublishedBest);
            json.Number("departure", row.Departure);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    });

    /// <summary>A value with three significant digits, or more where its error is smaller, which has as many decimals.</summary>
    internal static string WithError(double value, double error)
    {
        if (!double.IsFinite(value))
            return "-";
        int Behind(double number, int digits) => number == 0 || !double.IsFinite(number) ? 0 : digits - 1 - (int)Math.Floor(Math.Log10(Math.Abs(number)));
        int decimals = value == 0 ? 2 : Math.Clamp(Math.Clamp(Behind(error, 1), Behind(value, 3), Behind(value, 6)), 0, 12);
        string Fixed(double number) => number.ToString($"F{decimals}", CultureInfo.InvariantCulture);
        return $"{Fixed(value)} ± {Fixed(error)}";
    }

    private static string[] Cells(ReproductionRow row) =>
    [
        row.Title, WithError(row.Mean, row.MeanError), WithError(row.Median, row.MedianError), WithError(row.Best, row.BestError),
        row.Runs.ToString(CultureInfo.InvariantCulture), row.Failures.ToString(CultureInfo.InvariantCulture), CompactNumber.Format(row.MeanSeconds, 2),
        Published(row.PublishedMean), Published(row.PublishedMedian), Published(row.PublishedBest),
    ];

    /// <summary>Which means are not the published ones, by more than chance explains; null if all are.</summary>
    private static string? Departures(IReadOnlyList<ReproductionRow> rows)
    {
        string[] departures = [.. rows.Where(row => Math.Abs(row.Departure) > 2).Select(row => string.Create(CultureInfo.InvariantCulture,
            $"{row.Title} is {Math.Abs(row.Departure):F1} standard errors {(row.Departure < 0 ? "better" : "worse")} ({WithError(row.Mean, row.MeanError)} beside {Published(row.PublishedMean)})"))];
        return departures.Length == 0 ? null
            : $"Means that depart from the published ones by more than two standard errors: {string.Join("; ", departures)}. Why is not known: step by step, our methods agree with recorded runs of the reference implementation of Clarke et al. ('onepass verify-trace' shows it), but the paper's initial weights and draws are not published, so runs cannot be compared one by one.";
    }

    private static string Published(string? text) => text?.Replace("±", " ± ", StringComparison.Ordinal) ?? "-";

    /// <summary>Says so where ours and the published runs differ in number or length.</summary>
    private static string Notes(ReproductionSetup setup)
    {
        PaperExperiment experiment = setup.Experiment;
        string failures = double.IsFinite(experiment.FailureFrom) ? $" or from {CompactNumber.Format(experiment.FailureFrom)} on" : "";
        string note = $"{char.ToUpperInvariant(experiment.Metric[0])}{experiment.Metric[1..]} ± bootstrap standard error. Runs that ended in NaN{failures} are left out of all figures, as in the paper, and counted as failures.";
        return setup.Initializations == experiment.PublishedInitializations && setup.Steps == experiment.PublishedSteps
            ? note
            : $"{note} The published figures are of {experiment.PublishedInitializations} initializations of {experiment.PublishedSteps} steps, ours of {setup.Initializations} of {setup.Steps}.";
    }
}
