using MLNetHyper.Engine;

namespace MLNetHyper.Torch;

/// <summary>What one member of a population came to.</summary>
[TypeFormatterSource(typeof(NotebookFormatters))]
public sealed record PopulationMember : IPictured
{
    /// <summary>How its training ended: Completed, Canceled, TimeBudgetSpent or Diverged.</summary>
    public required TrainingStatus Status { get; init; }

    /// <summary>The weights with the lowest validation loss; the last ones where there was no validation data. Finite but for members that diverged without the guard.</summary>
    public required DenseVector<float> Weights { get; init; }

    /// <summary>The weights after the last step.</summary>
    public required DenseVector<float> FinalWeights { get; init; }

    /// <summary>The step of <see cref="Weights"/>.</summary>
    public required long BestStep { get; init; }

    /// <summary>Their validation loss; NaN where there was no validation data.</summary>
    public required double BestValidationLoss { get; init; }

    /// <summary>How often the guard rolled it back.</summary>
    public required int Rollbacks { get; init; }

    /// <summary>Losses and hyperparameters over time.</summary>
    public required Trajectory Trajectory { get; init; }

    Report IPictured.Picture => TrajectoryReport.Create($"A member of a population: {Status}, best weights at step {CompactNumber.Format(BestStep)}", Trajectory, BestStep);
}
