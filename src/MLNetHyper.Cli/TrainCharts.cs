namespace MLNetHyper.Cli;

/// <summary>The pictures in the report of a training run.</summary>
internal static class TrainCharts
{
    private const string XLabel = "weight steps";

    // A larger table does not fit a page, and nobody reads it.
    private const int MostClasses = 25;

    internal static LineChart Losses(Trajectory trajectory)
    {
        double[] steps = Steps(trajectory);
        return new LineChart("Losses", "Losses of the standardised label. Where the validation loss rises while the training loss still falls, the network learns noise; the weights of the lowest validation loss are kept.") { XLabel = XLabel, YLabel = "loss", YScale = AxisScale.Logarithmic }
            .Add(new LineSeries("training", steps, trajectory.TrainingLosses))
            .Add(new LineSeries("validation", steps, trajectory.ValidationLosses));
    }

    internal static LineChart Hyperparameter(string name, OnePassResult result)
    {
        bool logarithmic = name is Engine.Hyperparameter.LearningRate or Engine.Hyperparameter.WeightDecay;
        return new LineChart(Title(name), "The dashed line is the value that it started from.") { XLabel = XLabel, YLabel = name, YScale = logarithmic ? AxisScale.Logarithmic : AxisScale.Linear }
            .Add(new LineSeries(name, Steps(result.Trajectory), result.Trajectory.Values(name)))
            .Reference(result.InitialHyperparameters[name], "initial");
    }

    internal static LineChart Hypergradients(OnePassResult result)
    {
        var chart = new LineChart("Hypergradients", "Norms of the validation loss's derivatives by the raw hyperparameters (decades for lr and wd, logits for the others). Small ones mean that the value hardly matters or is near its best.") { XLabel = XLabel, YLabel = "norm", YScale = AxisScale.Logarithmic };
        foreach (string name in result.TunedHyperparameters)
            chart.Add(new LineSeries(name, Steps(result.Trajectory), result.Trajectory.HypergradientNorms(name)));
        return chart;
    }

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

    private static double[] Steps(Trajectory trajectory) => [.. trajectory.Steps.Select(step => (double)step)];

    private static string Title(string name) => name switch
    {
        Engine.Hyperparameter.LearningRate => "Learning rate",
        Engine.Hyperparameter.WeightDecay => "Weight decay",
        Engine.Hyperparameter.Momentum => "Momentum",
        _ => name,
    };
}

/// <summary>Exactly one of three ways to show predictions beside labels.</summary>
internal sealed record PredictionPicture(Chart? Chart, ReportTable? Table, string? Text);
