using System.Text.Json;

namespace MLNetHyper.Cli;

/// <summary>A comparison as text and as JSON.</summary>
internal static class ComparisonOutput
{
    /// <summary>Says before the work starts what is compared.</summary>
    internal static void WriteHeader(TextWriter output, Table table, ComparisonOptions options)
    {
        string[] lines =
        [
            $"data        {table.Source}, {table.RowCount} rows, label '{options.Data.LabelColumn}'",
            $"one pass    tunes its hyperparameters by '{options.Training.Method.Name}' while it trains once",
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
        output.WriteLine(result.Note);
        output.WriteLine();
        IReadOnlyList<string[]> rows = result.ToTable();
        var table = new TextTable(rows[0]);
        foreach (string[] row in rows.Skip(1))
            table.Add(row);
        table.WriteTo(output);
        output.WriteLine();
        output.WriteLine(result.Conclusion);
        if (report is not null || csv is not null)
            output.WriteLine();
        if (report is not null)
            output.WriteLine($"report      {report}");
        if (csv is not null)
            output.WriteLine($"results     {csv}");
    }

    /// <summary>The result's own JSON, and the files that were written beside.</summary>
    internal static void WriteJson(TextWriter output, ComparisonResult result, string? report, string? csv) => Json.Write(output, json =>
    {
        using var members = JsonDocument.Parse(result.ToJson());
        foreach (JsonProperty member in members.RootElement.EnumerateObject())
            member.WriteTo(json);
        json.WriteString("report", report);
        json.WriteString("csv", csv);
        json.Texts("warnings", result.Example.Warnings.Select(Messages.InFlags));
    });
}
