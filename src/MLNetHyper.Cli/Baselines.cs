namespace MLNetHyper.Cli;

/// <summary>What much simpler models come to on the same rows, so that a reader can tell whether the network learned anything.</summary>
/// <param name="Part">Which rows: those of the test, or of the validation where there is no test.</param>
/// <param name="Constant">Predicting the mean of the labels, or the frequencies of the classes.</param>
/// <param name="Linear">A linear, logistic or softmax model of the standardized features.</param>
internal sealed record Baselines(string Part, Metrics Constant, Metrics? Linear)
{
    internal static Baselines Of(TrainRun run, CancellationToken cancellation)
    {
        PreparedData<float> data = run.Prepared.Alone();
        bool tests = data.Test is { Count: > 0 };
        OnePassOptions linear = new()
        {
            HiddenLayers = [],
            Bins = 0,
            Members = 1,
            Method = new Fixed(),
            Tune = [],
            Seed = run.Options.Seed,
            // Rows that are read in blocks lie in such as the run's batches divide.
            BatchSize = data.Training is Examples<float> ? null : run.Options.BatchSize,
            Steps = OnePassOptions.Defaults.Steps(data.TrainingCount),
            TimeBudget = run.Options.TimeBudget,
        };
        Metrics? measured = null;
        if (!cancellation.IsCancellationRequested)
        {
            OnePassResult result = OnePass.Train(data, linear, cancellation: cancellation);
            if (result.Status != TrainingStatus.Canceled)
                measured = tests ? result.Test : result.Validation;
        }
        return new(tests ? "test" : "validation", Evaluation.MeanPredictor(data, tests ? data.Test! : data.Validation), measured);
    }

    internal (string, Metrics?)[] Rows(LearningTask task) =>
    [
        ($"{Part}, of a linear model", Linear),
        ($"{Part}, of {(task == LearningTask.Regression ? "the mean" : "class frequencies")}", Constant),
    ];
}
