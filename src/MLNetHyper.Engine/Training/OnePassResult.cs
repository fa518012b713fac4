namespace MLNetHyper.Engine;

/// <summary>What <see cref="OnePass"/> came to.</summary>
[TypeFormatterSource(typeof(NotebookFormatters))]
public sealed record OnePassResult : IPictured
{
    /// <summary>The trained model.</summary>
    public required OnePassModel Model { get; init; }

    /// <summary>Errors on the rows that the weights learned from.</summary>
    public required Metrics Train { get; init; }

    /// <summary>Errors on the rows that the hyperparameters learned from.</summary>
    public required Metrics Validation { get; init; }

    /// <summary>Errors on the rows that nothing learned from; null where there were none.</summary>
    public required Metrics? Test { get; init; }

    /// <summary>The step of the checkpoint from which the run went on; 0 where it began at the beginning.</summary>
    public long ResumedFrom { get; init; }

    /// <summary>What there is to know about the data (<see cref="PreparedData{T}.Warnings"/>), and what went wrong without stopping the run.</summary>
    public required IReadOnlyList<string> Warnings { get; init; }

    /// <summary>How the model was trained, as it remembers it; what is asked for most stands beside it.</summary>
    public TrainingRecord Training => Model.Network.Training;

    /// <inheritdoc cref="TrainingRecord.Status"/>
    public TrainingStatus Status => Training.Status;

    /// <inheritdoc cref="TrainingRecord.InitialHyperparameters"/>
    public IReadOnlyDictionary<string, double> InitialHyperparameters => Training.InitialHyperparameters;

    /// <inheritdoc cref="TrainingRecord.FinalHyperparameters"/>
    public IReadOnlyDictionary<string, double> FinalHyperparameters => Training.FinalHyperparameters;

    /// <inheritdoc cref="TrainingRecord.TunedHyperparameters"/>
    public IReadOnlyList<string> TunedHyperparameters => Training.TunedHyperparameters;

    /// <inheritdoc cref="TrainingRecord.Trajectory"/>
    public Trajectory Trajectory => Training.Trajectory;

    /// <inheritdoc cref="TrainingRecord.Steps"/>
    public long Steps => Training.Steps;

    /// <inheritdoc cref="TrainingRecord.BestStep"/>
    public long BestStep => Training.BestStep;

    /// <inheritdoc cref="TrainingRecord.GradientEvaluations"/>
    public double GradientEvaluations => Training.GradientEvaluations;

    Report IPictured.Picture => ((IPictured)Training).Picture;
}
