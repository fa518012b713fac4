namespace MLNetHyper.Engine;

/// <summary>How a model was trained: what came of it, what was learned, and everything that happened on the way.</summary>
[TypeFormatterSource(typeof(NotebookFormatters))]
public sealed class TrainingRecord : IPictured
{
    internal TrainingRecord()
    {
    }

    /// <summary>How training ended. The model is usable whatever it says.</summary>
    public required TrainingStatus Status { get; init; }

    /// <summary>The hypergradient method's name; <c>fixed</c> for hyperparameters that stay what they are.</summary>
    public required string Method { get; init; }

    /// <summary>Rows that the weights learned from.</summary>
    public required long TrainingRows { get; init; }

    /// <summary>Rows that the hyperparameters learned from, and that the weights were chosen by.</summary>
    public required long ValidationRows { get; init; }

    /// <summary>Rows left out because features, label or weight are missing.</summary>
    public required long SkippedRows { get; init; }

    /// <summary>Examples in a batch.</summary>
    public required int BatchSize { get; init; }

    /// <summary>The seed of validation rows, initial weights and shuffling.</summary>
    public required int Seed { get; init; }

    /// <summary>Weight steps taken.</summary>
    public required long Steps { get; init; }

    /// <summary>The step whose weights the model has: those with the lowest validation loss.</summary>
    public required long BestStep { get; init; }

    /// <summary>How often training went back because it diverged.</summary>
    public required int Rollbacks { get; init; }

    /// <summary>All work in gradients of one training batch, hypergradients and validation included.</summary>
    public required double GradientEvaluations { get; init; }

    /// <summary>Wall-clock time of training, reading not included.</summary>
    public required TimeSpan Elapsed { get; init; }

    /// <summary>Error on the training rows at the end, as in <see cref="EpochErrors"/>; NaN where they did not fit in memory.</summary>
    public required double TrainingError { get; init; }

    /// <summary>Error on the validation rows at the end, as in <see cref="EpochErrors"/>.</summary>
    public required double ValidationError { get; init; }

    /// <summary>The names of the hyperparameters that were tuned.</summary>
    public required IReadOnlyList<string> TunedHyperparameters { get; init; }

    /// <summary>Real values before training, by name: <c>lr</c>, <c>wd</c>, <c>momentum</c>.</summary>
    public required IReadOnlyDictionary<string, double> InitialHyperparameters { get; init; }

    /// <summary>Real values (means where there are several) at <see cref="BestStep"/>: where a warm start goes on.</summary>
    public required IReadOnlyDictionary<string, double> BestHyperparameters { get; init; }

    /// <summary>Real values (means where there are several) at the end.</summary>
    public required IReadOnlyDictionary<string, double> FinalHyperparameters { get; init; }

    /// <summary>Losses, hyperparameters and hypergradient norms at every hyperparameter step. Losses are of standardized labels.</summary>
    public required Trajectory Trajectory { get; init; }

    /// <summary>The errors of every epoch.</summary>
    public required IReadOnlyList<EpochErrors> Epochs { get; init; }

    /// <summary>What went wrong without stopping the run.</summary>
    public required IReadOnlyList<string> Warnings { get; init; }

    /// <summary>Of a model whose file says no more than its last hyperparameters.</summary>
    internal static TrainingRecord Unknown(IReadOnlyDictionary<string, double> hyperparameters) => new()
    {
        Status = TrainingStatus.Completed,
        Method = "unknown",
        TrainingRows = 0,
        ValidationRows = 0,
        SkippedRows = 0,
        BatchSize = 0,
        Seed = 0,
        Steps = 0,
        BestStep = 0,
        Rollbacks = 0,
        GradientEvaluations = 0,
        Elapsed = TimeSpan.Zero,
        TrainingError = double.NaN,
        ValidationError = double.NaN,
        TunedHyperparameters = [],
        InitialHyperparameters = hyperparameters,
        BestHyperparameters = hyperparameters,
        FinalHyperparameters = hyperparameters,
        Trajectory = new(hyperparameters.Keys, 0),
        Epochs = [],
        Warnings = [],
    };

    Report IPictured.Picture => TrajectoryReport.Create(Status, Steps, BestStep, Elapsed, Trajectory);
}
