namespace MLNetHyper.Cli;

/// <summary>What is about to be trained.</summary>
/// <param name="Table">The table, or a sample of one that does not fit in memory.</param>
/// <param name="Data">What is predicted and how rows are divided.</param>
/// <param name="Prepared">The examples.</param>
/// <param name="Options">How to train.</param>
/// <param name="Place">Where the rows are.</param>
internal sealed record TrainRun(Table Table, DataOptions Data, PreparedData<float> Prepared, OnePassOptions Options, string Place)
{
    private const int Enough = 50;

    internal string TaskName => Prepared.Task.ToString().ToLowerInvariant();

    internal string Network =>
        string.Join('-', Options.HiddenLayers.Prepend(Inputs).Append(Prepared.Target.OutputCount)) + (Options.HiddenLayers.Count > 0 ? $", {Options.Activation.ToString().ToLowerInvariant()}" : "");

    /// <summary>Features, before bins.</summary>
    private int Inputs => Prepared.Features.Expansion is [.., var last] ? last.OutputWidth : Prepared.Features.FeatureCount;

    /// <summary>Weight steps to take; null where only time limits the run.</summary>
    internal long? Steps => Options.StepsFor(Prepared.TrainingCount);

    /// <summary>A sentence where what validates is too little to choose by.</summary>
    internal string? FewValidationRows
    {
        get
        {
            // Of several members others validate each.
            int rows = Prepared.Validation.Count * (Prepared.ValidatesAtRandom && Prepared.Training is Examples<float> { Share: null } ? Options.MemberCount : 1);
            return rows < Enough && Options.Method.UsesValidation
                ? $"Only {rows} rows validate: what so few choose, and the error on them, is largely chance. More rows help, or a larger --validation-fraction, or --members, each of which validates on different rows."
                : null;
        }
    }

    /// <summary>Says before the work starts what will be done, so that a misunderstanding shows at once.</summary>
    internal void WriteHeader(TextWriter output)
    {
        string classes = Prepared.Task == LearningTask.Regression ? "" : $" of {Prepared.Target.ClassNames.Count} classes";
        string tests = Data.TestTable is null ? "test" : $"test from {Data.TestTable.Source}";
        string budget = string.Join(", at most ", new[] { Steps is { } steps ? $"{CompactNumber.Format(steps)} steps" : null, Options.TimeBudget is { } time ? $"{CompactNumber.Format(time.TotalSeconds)} s{(Steps is null && Options.CheckpointPath is null ? " in passes of growing length" : "")}" : null }.OfType<string>());
        output.WriteLine($"data      {Table.Source}");
        output.WriteLine($"task      {TaskName}{classes}, label '{Prepared.Target.LabelColumn}'{(Data.Task is null ? " (inferred from the label; --task overrides it)" : "")}");
        output.WriteLine($"rows      {Prepared.TrainingCount} train, {Prepared.Validation.Count} validation, {Prepared.TestRows.Count} {tests}; {Prepared.SkippedRows} skipped; {Place}");
        string members = Options.MemberCount > 1 ? $"{Options.MemberCount} x " : "", bins = Options.Bins == 0 ? "" : " and in bins";
        output.WriteLine($"network   {members}{Network}; {Inputs} features from {Prepared.Features.Columns.Count} columns, standardized{bins}");
        output.WriteLine($"training  {budget}, {Options.Rule.Name}, batches of {Options.BatchSizeFor(Prepared.TrainingCount)} rows; tuned by '{Options.Method.Name}' every {Options.TuningInterval} steps");
        if (Options.Workers.Count > 1)
            output.WriteLine($"workers   {Options.Workers.Count}, {(Options.Divide == WorkerDivision.Rows ? "each with rows of its own" : "which share each batch")}; averaged every {(Options.AverageEvery.IsEveryStep ? "step" : $"{Options.AverageEvery} steps")}");
        output.WriteLine();
        output.Flush();
    }
}
