namespace MLNetHyper.Cli;

/// <summary>One measure of a model's errors, as tables and JSON name it.</summary>
internal readonly record struct Measure(string Key, string Title, double? Value)
{
    /// <summary>All measures of some errors.</summary>
    internal static IEnumerable<Measure> All(Metrics metrics) => [.. Of(metrics), .. OfPositiveClass(metrics)];

    /// <summary>The measures that a task has.</summary>
    internal static IReadOnlyList<Measure> Of(Metrics metrics) => metrics.Rmse is not null
        ? [new("rmse", "RMSE", metrics.Rmse), new("mae", "MAE", metrics.Mae), new("r2", "R2", metrics.R2)]
        : [new("accuracy", "accuracy", metrics.Accuracy), new("log-loss", "log-loss", metrics.LogLoss), new("auc", "AUC", metrics.Auc)];

    /// <summary>What two classes have beside: how well the second one, the positive one, is told from the first. Nothing for other tasks.</summary>
    internal static IReadOnlyList<Measure> OfPositiveClass(Metrics metrics) => !metrics.HasPositiveClass
        ? []
        : [new("precision", "precision", metrics.Precision), new("recall", "recall", metrics.Recall), new("f1", "F1", metrics.F1), new("pr-auc", "PR-AUC", metrics.PrAuc)];

    /// <summary>The value for people; a dash where it is not defined.</summary>
    internal string Text => Value is { } value && double.IsFinite(value) ? CompactNumber.Format(value) : "-";

    /// <summary>Writes errors as a table with a row for each part of the data, and a second one of the positive class where there are two.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="title">Heading of the parts.</param>
    /// <param name="classes">The classes' names; none for regression.</param>
    /// <param name="parts">What was measured on which rows; nothing is written of those without.</param>
    internal static void WriteTables(TextWriter output, string title, IReadOnlyList<string> classes, params (string Name, Metrics? Metrics)[] parts)
    {
        (string Name, Metrics Metrics)[] measured = [.. parts.Where(part => part.Metrics is not null).Select(part => (part.Name, part.Metrics!))];
        var table = new TextTable([title, "rows", .. Of(measured[0].Metrics).Select(measure => measure.Title)]);
        foreach ((string name, Metrics metrics) in measured)
            table.Add([name, CompactNumber.Format(metrics.Rows), .. Of(metrics).Select(measure => measure.Text)]);
        table.WriteTo(output);
        if (classes.Count != 2)
            return;
        output.WriteLine();
        var positive = new TextTable([$"of class '{classes[1]}'", .. OfPositiveClass(measured[0].Metrics).Select(measure => measure.Title)]);
        foreach ((string name, Metrics metrics) in measured)
            positive.Add([name, .. OfPositiveClass(metrics).Select(measure => measure.Text)]);
        positive.WriteTo(output);
    }
}
