namespace MLNetHyper.Engine;

/// <summary>What <see cref="OnePass"/> came to.</summary>
[TypeFormatterSource(typeof(NotebookFormatters))]
public sealed record OnePassResult : IPictured
{
    /// <summary>How training ended. The model is usable whatever it says.</summary>
    public required TrainingStatus Status { get; init; }

    /// <summary>The trained model.</summary>
    public required OnePassModel Model { get; init; }

    /// <summary>Errors on the rows that the weights learned from.</summary>
    public required Metrics Train { get; init; }

    /// <summary>Errors on the rows that the hyperparameters learned from.</summary>
    public required Metrics Validation { get; init; }

    /// <summary>Errors on the rows that nothing learned from; null where there were none.</summary>
    public required Metrics? Test { get; init; }

    /// <summary>The hyperparameters' real values before training, by name.</summary>
    public required IReadOnlyDictionary<string, double> InitialHyperparameters { get; init; }

    /// <summary>Their real values (means where there are several) in the last whole window of T steps; those before training where there was none.</summary>
    public required IReadOnlyDictionary<string, double> FinalHyperparameters { get; init; }

    /// <summary>The names of those that the method tuned.</summary>
    public required IReadOnlyList<string> TunedHyperparameters { get; init; }

    /// <summary>Losses and hyperparameters over time. Losses are of standardized targets.</summary>
    public required Trajectory Trajectory { get; init; }

    /// <summary>Weight steps taken.</summary>
    public required long Steps { get; init; }

    /// <summary>The step whose weights the model has.</summary>
    public required long BestStep { get; init; }

    /// <summary>All work in gradients of one training batch, products and validation included.</summary>
    public required double GradientEvaluations { get; init; }

    /// <summary>Wall-clock time of training.</summary>
    public required TimeSpan Elapsed { get; init; }

    /// <summary>The step of the checkpoint from which the run went on; 0 where it began at the beginning.</summary>
    public long ResumedFrom { get; init; }

    /// <summary>How often the guard rolled back.</summary>
    public required int Rollbacks { get; init; }

    /// <summary>The seed.</summary>
    public required int Seed { get; init; }

    /// <summary>Rows left out because their label or weight is missing.</summary>
    public required int SkippedRows { get; init; }

    /// <summary>What there is to know about the data (<see cref="PreparedData{T}.Warnings"/>), and what went wrong without stopping the run.</summary>
    public required IReadOnlyList<string> Warnings { get; init; }

    Report IPictured.Picture => TrajectoryReport.Create(Status, Steps, BestStep, Elapsed, Trajectory);
}
