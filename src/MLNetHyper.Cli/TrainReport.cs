namespace MLNetHyper.Cli;

/// <summary>The report of one training run.</summary>
internal static class TrainReport
{
    private const int MostScored = 500_000;
    private const int LeastExplained = 50;
    private const int MostDependences = 3;

    internal static Report Create(TrainRun run, OnePassResult result, CrossValidated? folds, LearningCurve? curve, Baselines baselines, string commandLine)
    {
        var outcome = new TrainOutcome(run, result, folds, curve, baselines, null, null, null, []);
        string label = run.Prepared.Target.LabelColumn;
        Report report = new Report($"Training on {Path.GetFileName(run.Table.Source)}") { Subtitle = $"{run.TaskName} of '{label}', network {run.Network}, method {run.Options.Method.Name}, seed {result.Training.Seed}" };
        report.Add(KeyFigures(run, result, outcome.StatusName));
        report.Heading("Errors").Add(Errors(run, result, baselines, Measure.Of));
        if (result.Train.HasPositiveClass)
            report.Add(Errors(run, result, baselines, Measure.OfPositiveClass));
        TrainCharts.AddPredictions(report, run, result);
        if (folds is not null)
            report.Heading("Cross-validation").Add(folds.ToReport());
        curve?.AddTo(report);
        if (result.Trajectory.Count > 1)
        {
            report.Heading("How training went").Add(TrajectoryCharts.Losses(result.Model.Network));
            if (result.TunedHyperparameters.Count > 0)
            {
                report.Heading("How the hyperparameters tuned themselves");
                if (run.Options.LearningRateSchedule != LearningRateSchedule.Constant)
                    report.Paragraph($"The learning rate follows the schedule '{TrainingOption.Words($"{run.Options.LearningRateSchedule}", '-')}' in any case; tuning moves a factor on it.");
                report.Add([.. TrajectoryCharts.Hyperparameters(result.Model.Network)]);
                report.Add(TrajectoryCharts.Hypergradients(result.Model.Network));
            }
        }
        report.Add(Explained(run, result));
        if (run.Options.MemberCount > 1 && run.Prepared.ValidatesAtRandom && run.Prepared.Training is Examples<float> { Share: null })
            report.Paragraph($"These are the validation rows. The model is the mean of {run.Options.MemberCount} networks, each of which validated on different rows and trained on the rest.");
        report.Heading("Hyperparameters").Add(Hyperparameters(result));
        DataSummary.AddTo(report, run);
        foreach (string warning in outcome.Warnings)
            report.Paragraph($"Warning: {warning}");
        return report.Heading("The command that made this report").Preformatted(commandLine);
    }

    /// <summary>Of validation rows, since those of the test are looked at once; of so many that a page is written in seconds.</summary>
    private static Explanation Explained(TrainRun run, OnePassResult result)
    {
        int scored = MostScored / (Explanation.DefaultPermutations * run.Prepared.Features.Columns.Count);
        Table rows = run.Table.Select([.. run.Prepared.ValidationRows.Take(Math.Max(LeastExplained, scored))]);
        var importance = Explanation.Of(result.Model, rows, labeled: true, Explanation.DefaultPermutations, [], run.Options.Seed, CancellationToken.None);
        string[] important = [.. importance.Importance.Where(column => column.Mean > 0).Take(MostDependences).Select(column => column.Column)];
        return importance with { Dependences = Explanation.Of(result.Model, rows, labeled: false, 1, important, 0, CancellationToken.None).Dependences };
    }

    private static KeyFigure[] KeyFigures(TrainRun run, OnePassResult result, string status)
    {
        (string part, Metrics metrics) = result.Test is { } test ? ("Test", test) : ("Validation", result.Validation);
        Measure[] measures = [.. Measure.Of(metrics)];
        return
        [
            new($"{part} {measures[0].Title}", measures[0].Text, run.Prepared.Task == LearningTask.Regression ? $"in units of '{run.Prepared.Target.LabelColumn}', {metrics.Rows} rows" : $"{metrics.Rows} rows"),
            new($"{part} {measures[^1].Title}", measures[^1].Text, run.Prepared.Task == LearningTask.Regression ? "1 is perfect, 0 no better than the mean" : "1 is perfect, 0.5 no better than chance"),
            new("Training time", $"{CompactNumber.Format(result.Training.Elapsed.TotalSeconds, 3)} s", $"{CompactNumber.Format(result.Steps)} steps"),
            new("Status", status, $"best weights at step {CompactNumber.Format(result.BestStep)}; {Words.Count(result.Training.Rollbacks, "rollback")}"),
            .. TrajectoryCharts.OfReturnedWeights(result.Model.Network),
        ];
    }

    private static ReportTable Errors(TrainRun run, OnePassResult result, Baselines baselines, Func<Metrics, IReadOnlyList<Measure>> measures)
    {
        TargetEncoder target = run.Prepared.Target;
        string caption = target.Task == LearningTask.Regression ? $"Errors in units of '{target.LabelColumn}'" : measures == Measure.OfPositiveClass ? $"How well class '{target.ClassNames[1]}' is told from '{target.ClassNames[0]}'" : "Errors";
        var table = new ReportTable(caption, ["rows that", "rows", .. measures(result.Train).Select(m => m.Title)]);
        Add("trained the weights", result.Train);
        Add("tuned the hyperparameters", result.Validation);
        if (result.Test is { } test)
            Add("were only tested", test);
        foreach ((string name, Metrics? metrics) in baselines.Rows(run.Prepared.Task))
            Add(name, metrics);
        return table;

        void Add(string name, Metrics? metrics)
        {
            if (metrics is not null)
                table.Add([name, CompactNumber.Format(metrics.Rows), .. measures(metrics).Select(m => m.Text == "-" ? "–" : m.Text)]);
        }
    }

    private static ReportTable Hyperparameters(OnePassResult result)
    {
        var table = new ReportTable("Hyperparameters at the start, at the best step (whose weights the model has) and at the end; means where there are several values", "name", "tuned", "initial", "best", "final");
        foreach ((string name, double initial) in result.InitialHyperparameters)
            table.Add(name, result.TunedHyperparameters.Contains(name) ? "yes" : "no", CompactNumber.Format(initial), CompactNumber.Format(result.Training.BestHyperparameters[name]), CompactNumber.Format(result.FinalHyperparameters[name]));
        return table;
    }
}
