namespace MLNetHyper.Cli;

/// <summary>The pictures in the report of a training run.</summary>
internal static class TrainCharts
{
    // A larger table does not fit a page, and nobody reads it.
    private const int MostClasses = 25;

    /// <summary>Adds how predictions compare with actual labels, on test rows or else on validation rows.</summary>
    internal static Report Add(this Report report, PredictionPicture picture) =>
        picture.Chart is { } chart ? report.Add(chart) : picture.Table is { } table ? report.Add(table) : report.Paragraph(picture.Text!);

    internal static PredictionPicture Predictions(TrainRun run, OnePassResult result)
    {
        (string part, Table table, IReadOnlyList<int> rows) = result.Test is null
            ? ("validation", run.Table, run.Prepared.ValidationRows)
            : ("test", run.Data.TestTable ?? run.Table, run.Prepared.TestRows);
        Table chosen = table.Select([.. rows]);
        Predictions predictions = result.Model.Predict(chosen);
        string label = run.Prepared.Target.LabelColumn;
        if (run.Prepared.Task == LearningTask.Regression)
        {
            return new(new ScatterChart($"Predicted and actual '{label}' of the {part} rows", "Every point is a row; on the diagonal the prediction is right.") { XLabel = $"actual {label}", YLabel = $"predicted {label}", Diagonal = true }
                .Add($"{part} rows", chosen[label].Numbers.ToArray(), predictions.Values), null, null);
        }
        IReadOnlyList<string> classes = predictions.ClassNames;
        if (classes.Count > MostClasses)
            return new(null, null, $"There is no table of confusions, since {classes.Count} classes do not fit a page.");
        long[] counts = new long[classes.Count * classes.Count];
        double[] actual = run.Prepared.Target.Encode<double>(chosen);
        for (int row = 0; row < actual.Length; row++)
            counts[((int)actual[row] * classes.Count) + Array.IndexOf([.. classes], predictions.Class(row))]++;
        return new(null, ReportTable.ConfusionMatrix($"Which classes of '{label}' are taken for which, {part} rows", classes, counts), null);
    }
}

/// <summary>Exactly one of three ways to show predictions beside labels.</summary>
internal sealed record PredictionPicture(Chart? Chart, ReportTable? Table, string? Text);
