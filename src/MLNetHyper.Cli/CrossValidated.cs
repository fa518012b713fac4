using System.Text.Json;

namespace MLNetHyper.Cli;

/// <summary>What cross-validation came to: the errors on each fold, their mean and its standard error.</summary>
internal sealed record CrossValidated(IReadOnlyList<Metrics> Folds)
{
    internal void WriteText(TextWriter output)
    {
        output.WriteLine();
        output.WriteLine($"Cross-validation in {Folds.Count} folds, each tested by a model that never saw it:");
        output.WriteLine();
        ToTable().WriteTo(output);
        output.WriteLine();
        output.WriteLine("The model, of all rows:");
        output.Flush();
    }

    internal ReportTable ToReport()
    {
        var table = new ReportTable("Errors on each fold, by models that never saw it; the mean and its standard error, a little too small as folds share training rows", ["fold", "rows", .. Titles]);
        foreach (string[] row in Rows())
            table.Add(row);
        return table;
    }

    internal void WriteJson(Utf8JsonWriter json)
    {
        json.WriteStartObject("crossValidation");
        json.WriteStartArray("folds");
        foreach (Metrics fold in Folds)
            json.Metrics(fold);
        json.WriteEndArray();
        json.Numbers("mean", Keys.Select(key => KeyValuePair.Create(key, Mean(key))));
        json.Numbers("standardError", Keys.Select(key => KeyValuePair.Create(key, StandardError(key))));
        json.WriteEndObject();
    }

    private IEnumerable<string> Keys => Measure.All(Folds[0]).Select(measure => measure.Key);

    private IEnumerable<string> Titles => Measure.All(Folds[0]).Select(measure => measure.Title);

    private TextTable ToTable()
    {
        var table = new TextTable(["fold", "rows", .. Titles]);
        foreach (string[] row in Rows())
            table.Add(row);
        return table;
    }

    private IEnumerable<string[]> Rows() =>
    [
        .. Folds.Select((fold, k) => (string[])[$"{k + 1}", CompactNumber.Format(fold.Rows), .. Measure.All(fold).Select(measure => measure.Text)]),
        ["mean", "", .. Keys.Select(key => Text(Mean(key), 4))],
        ["± standard error", "", .. Keys.Select(key => Text(StandardError(key), 2))],
    ];

    /// <summary>The values of the folds where a measure is defined.</summary>
    private double[] Values(string key) => [.. Folds.Select(fold => Measure.All(fold).Single(measure => measure.Key == key).Value).OfType<double>().Where(double.IsFinite)];

    private double Mean(string key) => Values(key) is { Length: > 0 } values ? values.Average() : double.NaN;

    private double StandardError(string key) => Statistics.Deviation(Values(key)) / Math.Sqrt(Values(key).Length);

    private static string Text(double value, int digits) => double.IsFinite(value) ? CompactNumber.Format(value, digits) : "-";
}
