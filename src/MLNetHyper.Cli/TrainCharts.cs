namespace MLNetHyper.Cli;

/// <summary>How predictions compare with actual labels, on test rows or else on validation rows: the pictures in the report of a training run.</summary>
internal static class TrainCharts
{
    // A larger table does not fit a page, and nobody reads it.
    private const int MostClasses = 25;

    internal static void AddPredictions(Report report, TrainRun run, OnePassResult result)
    {
        (string part, Table table, IReadOnlyList<int> rows) = result.Test is null
            ? ("validation rows", run.Table, run.Prepared.ValidationRows)
            : ("test rows", run.Data.TestTable ?? run.Table, run.Prepared.TestRows);
        Table chosen = table.Select([.. rows]);
        Predictions predictions = result.Model.Predict(chosen);
        string label = run.Prepared.Target.LabelColumn;
        if (run.Prepared.Task == LearningTask.Regression)
            AddValues(report, part, label, chosen[label].Numbers.ToArray(), predictions.Values);
        else
            AddClasses(report, part, label, Array.ConvertAll(run.Prepared.Target.Encode<double>(chosen), c => (int)c), predictions);
    }

    private static void AddValues(Report report, string part, string label, double[] actual, IReadOnlyList<double> predicted) => report.Add(
        new ScatterChart($"Predicted and actual '{label}' of the {part}", "Every point is a row; on the diagonal the prediction is right.") { XLabel = $"actual {label}", YLabel = $"predicted {label}", Diagonal = true }
            .Add(part, actual, predicted),
        new ScatterChart($"Residuals of the {part}", "Actual minus predicted. If the points are not a level cloud around 0, there is something the model has not learned; where the cloud widens, errors grow with the value.") { XLabel = $"predicted {label}", YLabel = $"actual minus predicted {label}", ReferenceY = 0 }
            .Add(part, predicted, [.. actual.Zip(predicted, (a, p) => a - p)]));

    private static void AddClasses(Report report, string part, string label, int[] actual, Predictions predictions)
    {
        IReadOnlyList<string> classes = predictions.ClassNames;
        int[] most = [.. Enumerable.Range(0, actual.Length).Select(row => Enumerable.Range(0, classes.Count).MaxBy(c => predictions.Probability(row, c)))];
        if (classes.Count == 2)
        {
            double[] scores = [.. Enumerable.Range(0, actual.Length).Select(row => predictions.Probability(row, 1))];
            bool[] isPositive = Array.ConvertAll(actual, c => c == 1);
            LineChart calibration = ClassCurves.Calibration(part, $"'{classes[1]}'", ClassCurves.Groups(scores, isPositive));
            report.Add(ClassCurves.Thresholds(scores, isPositive) is { Count: > 0 } points ? [ClassCurves.Roc(part, classes[1], points), ClassCurves.PrecisionRecall(part, classes[1], points), calibration] : [calibration]);
        }
        if (classes.Count > MostClasses)
        {
            report.Paragraph($"There is no confusion table, since {classes.Count} classes do not fit on a page.");
        }
        else
        {
            long[] counts = new long[classes.Count * classes.Count];
            for (int row = 0; row < actual.Length; row++)
                counts[(actual[row] * classes.Count) + most[row]]++;
            report.Add(ReportTable.ConfusionMatrix($"Which classes of '{label}' are taken for which, {part}", classes, counts));
        }
        if (classes.Count > 2)
            report.Add(ClassCurves.Calibration(part, "the most probable class", ClassCurves.Groups([.. most.Select((c, row) => predictions.Probability(row, c))], [.. most.Zip(actual, (c, is1) => c == is1)])));
    }
}
