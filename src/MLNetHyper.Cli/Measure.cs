namespace MLNetHyper.Cli;

/// <summary>One measure of a model's errors, as tables and JSON name it.</summary>
internal readonly record struct Measure(string Key, string Title, double? Value)
{
    /// <summary>The measures that a task has.</summary>
    internal static IReadOnlyList<Measure> Of(Metrics metrics) => metrics.Rmse is not null
        ? [new("rmse", "RMSE", metrics.Rmse), new("mae", "MAE", metrics.Mae), new("r2", "R2", metrics.R2)]
        : [new("accuracy", "accuracy", metrics.Accuracy), new("log-loss", "log-loss", metrics.LogLoss), new("auc", "AUC", metrics.Auc)];

    /// <summary>The value for people; a dash where it is not defined.</summary>
    internal string Text => Value is { } value && double.IsFinite(value) ? CompactNumber.Format(value) : "-";

    /// <summary>Errors as a table with a row for each part of the data.</summary>
    internal static TextTable Table(string title, params (string Name, Metrics? Metrics)[] parts)
    {
        Metrics first = parts.First(part => part.Metrics is not null).Metrics!;
        var table = new TextTable([title, "rows", .. Of(first).Select(measure => measure.Title)]);
        foreach ((string name, Metrics? metrics) in parts)
        {
            if (metrics is not null)
                table.Add([name, CompactNumber.Format(metrics.Rows), .. Of(metrics).Select(measure => measure.Text)]);
        }
        return table;
    }
}
