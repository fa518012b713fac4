namespace MLNetHyper.Cli;

/// <summary>What came of a training run, as text and as JSON.</summary>
internal sealed record TrainOutcome(TrainRun Run, OnePassResult Result, CrossValidated? Folds, LearningCurve? Curve, Baselines Baselines, string? Model, string? Report, string? History, IReadOnlyList<string> Failures)
{
    internal int ExitCode => Result.Status switch
    {
        TrainingStatus.Canceled => Cli.ExitCode.Canceled,
        TrainingStatus.Diverged => Cli.ExitCode.Failed,
        _ => Failures.Count > 0 ? Cli.ExitCode.Failed : Cli.ExitCode.Success,
    };

    internal IEnumerable<string> Warnings => Result.Warnings.Select(Messages.InFlags);

    internal string StatusName => Result.Status switch
    {
        TrainingStatus.Completed => "completed",
        TrainingStatus.StoppedEarly => "stopped-early",
        TrainingStatus.TimeBudgetSpent => "time-budget-spent",
        TrainingStatus.Canceled => "canceled",
        _ => "diverged",
    };

    internal void WriteText(TextWriter output)
    {
        output.WriteLine();
        output.WriteLine($"{Sentence()} {Words.Count(Result.Steps, "step")}{(Result.ResumedFrom > 0 ? $" (from step {CompactNumber.Format(Result.ResumedFrom)} on, where the checkpoint was)" : "")} in {CompactNumber.Format(Result.Training.Elapsed.TotalSeconds, 3)} s, worth {Words.Count((long)Math.Round(Result.GradientEvaluations), "gradient evaluation")}; best validation loss at step {CompactNumber.Format(Result.BestStep)}; {Words.Count(Result.Training.Rollbacks, "rollback")}; seed {Result.Training.Seed}.");
        if (Advice() is { } advice)
            output.WriteLine(advice);
        if (Run.FewValidationRows is { } few)
            output.WriteLine(few);
        output.WriteLine();
        string title = Run.Prepared.Task == LearningTask.Regression ? $"errors in units of '{Run.Prepared.Target.LabelColumn}'" : "errors";
        Measure.WriteTables(output, title, Run.Prepared.Target.ClassNames, [("train", Result.Train), ("validation", Result.Validation), ("test", Result.Test), .. Baselines.Rows(Run.Prepared.Task)]);
        Curve?.WriteText(output);
        output.WriteLine();
        var table = new TextTable("hyperparameter", "initial", "best", "final");
        foreach ((string name, double initial) in Result.InitialHyperparameters)
            table.Add(name + (Result.TunedHyperparameters.Contains(name) ? "" : " (not tuned)"), CompactNumber.Format(initial), CompactNumber.Format(Result.Training.BestHyperparameters[name]), CompactNumber.Format(Result.FinalHyperparameters[name]));
        table.WriteTo(output);
        (string, string?)[] files = [("model", Written("model", Model)), ("report", Written("report", Report)), ("history", Written("history", History)), ("checkpoint", Run.Options.CheckpointPath)];
        if (files.Any(file => file.Item2 is not null))
            output.WriteLine();
        foreach ((string what, string? path) in files)
        {
            if (path is not null)
                output.WriteLine($"{what,-10}  {path}");
        }
    }

    internal void WriteJson(TextWriter output) => Json.Write(output, json =>
    {
        json.WriteString("status", StatusName);
        json.WriteString("task", Run.TaskName);
        json.WriteString("label", Run.Prepared.Target.LabelColumn);
        json.WriteStartObject("metrics");
        json.Metrics("train", Result.Train);
        json.Metrics("validation", Result.Validation);
        json.Metrics("test", Result.Test);
        json.WriteEndObject();
        if (Folds is not null)
            Folds.WriteJson(json);
        else
            json.WriteNull("crossValidation");
        if (Curve is not null)
            Curve.WriteJson(json);
        else
            json.WriteNull("learningCurve");
        json.WriteStartObject("baselines");
        json.WriteString("rows", Baselines.Part);
        json.Metrics("linear", Baselines.Linear);
        json.Metrics("constant", Baselines.Constant);
        json.WriteEndObject();
        json.Numbers("initialHyperparameters", Result.InitialHyperparameters);
        json.Numbers("bestHyperparameters", Result.Training.BestHyperparameters);
        json.Numbers("finalHyperparameters", Result.FinalHyperparameters);
        json.Texts("tunedHyperparameters", Result.TunedHyperparameters);
        json.WriteString("method", Run.Options.Method.Name);
        json.WriteString("rule", Run.Options.Rule.Name);
        json.WriteNumber("workers", Run.Options.Workers.Count);
        json.WriteNumber("steps", Result.Steps);
        json.WriteNumber("resumedFrom", Result.ResumedFrom);
        json.WriteNumber("bestStep", Result.BestStep);
        json.Number("gradientEvaluations", Result.GradientEvaluations);
        json.Number("seconds", Result.Training.Elapsed.TotalSeconds);
        json.WriteNumber("rollbacks", Result.Training.Rollbacks);
        json.WriteNumber("seed", Result.Training.Seed);
        json.WriteNumber("skippedRows", Result.Training.SkippedRows);
        json.WriteString("model", Written("model", Model));
        json.WriteString("report", Written("report", Report));
        json.WriteString("history", Written("history", History));
        json.Texts("warnings", Warnings);
        json.Trajectory(Result.Trajectory);
    });

    /// <summary>A path, unless writing there failed.</summary>
    private string? Written(string what, string? path) => Failures.Any(failure => failure.StartsWith($"the {what} ", StringComparison.Ordinal)) ? null : path;

    /// <summary>Whether more steps or fewer would do, as far as one run can tell.</summary>
    private string? Advice()
    {
        if (Result.Status != TrainingStatus.Completed || Run.Options.Method is Fixed)
            return null;
        string loss = Run.Options.MemberCount > 1 ? "The validation loss of the first network" : "The validation loss";
        if (Result.BestStep <= Result.Steps / 2)
            return $"{loss} was lowest in the first half: half the steps (--steps {Math.Max(1, Result.Steps / 2)}) may do just as well.";
        return Result.BestStep > Result.Steps - (Result.Steps / 10)
            ? $"{loss} was still falling at the end: twice the steps (--steps {2 * Result.Steps}) may lower it further, and --time-budget goes on as long as that helps."
            : null;
    }

    private string Sentence() => Result.Status switch
    {
        TrainingStatus.Completed => "Completed:",
        TrainingStatus.StoppedEarly when Run.Options.Patience is { } patience => $"Stopped early, since the validation loss had not improved for {Words.Count(patience, "step")}:",
        TrainingStatus.StoppedEarly when Run.Options.TimeBudget is not null => "Stopped before the time budget was spent, since a pass of twice the length was no better:",
        TrainingStatus.StoppedEarly => "Stopped early, since the validation loss was no longer falling (--steps sets a fixed length):",
        TrainingStatus.TimeBudgetSpent => "Stopped when the time budget was spent:",
        TrainingStatus.Canceled => "Canceled; this is what was reached:",
        _ => "Training kept diverging and was given up; these are the best weights before that. Try a smaller learning rate (--initial lr=0.01):",
    };
}
