namespace MLNetHyper.Engine;

/// <summary>From what a run came to, to what a model remembers of it.</summary>
internal static class TrainingRecords
{
    /// <param name="result">What the run came to.</param>
    /// <param name="options">How it was trained.</param>
    /// <param name="training">On what.</param>
    /// <param name="rows">Rows that validated, and rows left out.</param>
    /// <param name="errors">From losses to errors.</param>
    /// <param name="final">The errors on the training and the validation rows at the end.</param>
    internal static TrainingRecord Describe<TVector>(LoopResult<TVector> result, OnePassOptions options, ExampleSource<float> training, (long Validation, long Skipped) rows, Errors errors, (double Training, double Validation) final)
        where TVector : class, IVector<TVector>
    {
        IReadOnlyList<Hyperparameter> hyperparameters = options.Hyperparameters();
        Dictionary<string, double> initial = hyperparameters.ToDictionary(h => h.Name, h => h.Initial);
        int batchSize = options.BatchSizeFor(training.TrainingCount);
        IReadOnlyDictionary<string, double> At(long step) => step == 0 || result.Trajectory.Count == 0 ? initial : result.Trajectory.At(step);
        return new()
        {
            Status = result.Status,
            Method = options.Method.Name,
            TrainingRows = training.TrainingCount,
            ValidationRows = rows.Validation,
            SkippedRows = rows.Skipped,
            BatchSize = batchSize,
            Seed = options.Seed,
            Steps = result.Steps,
            BestStep = result.BestStep,
            Rollbacks = result.Rollbacks,
            GradientEvaluations = result.GradientEvaluations,
            Elapsed = result.Elapsed,
            TrainingError = final.Training,
            ValidationError = final.Validation,
            TunedHyperparameters = [.. hyperparameters.Where(h => h.Tuned).Select(h => h.Name)],
            InitialHyperparameters = initial,
            BestHyperparameters = At(result.BestStep),
            FinalHyperparameters = At(result.Steps),
            Trajectory = result.Trajectory,
            Epochs = errors.ByEpoch(result.Trajectory, training.TrainingCount, batchSize),
            Warnings = result.Warnings,
        };
    }
}
