namespace MLNetHyper.Engine;

/// <summary>What a run of <see cref="OnePassLoop{TVector}"/> came to.</summary>
/// <typeparam name="TVector">The engine's flat vector.</typeparam>
/// <param name="Status">How it ended.</param>
/// <param name="Weights">The weights with the lowest validation loss; the last ones where there was no validation data. Always finite.</param>
/// <param name="FinalWeights">
/// The weights after the last step. Always finite under the guard; where they are worse than the start, the best ones, or without
/// validation data the last good ones.
/// </param>
/// <param name="BestStep">After how many steps the run had <paramref name="Weights"/>; steps that a rollback undid count.</param>
/// <param name="BestValidationLoss">Their validation loss; NaN where there was no validation data.</param>
/// <param name="Steps">Weight steps taken.</param>
/// <param name="GradientEvaluations">All work, counted in gradients of one training batch.</param>
/// <param name="Elapsed">Wall-clock time of this run, without what was done before a checkpoint.</param>
/// <param name="Rollbacks">How often the guard rolled back.</param>
/// <param name="Trajectory">Losses and hyperparameters over time.</param>
/// <param name="Warnings">What went wrong without stopping the run, such as a checkpoint that could not be written.</param>
[TypeFormatterSource(typeof(NotebookFormatters))]
public sealed record LoopResult<TVector>(
    TrainingStatus Status,
    TVector Weights,
    TVector FinalWeights,
    long BestStep,
    double BestValidationLoss,
    long Steps,
    double GradientEvaluations,
    TimeSpan Elapsed,
    int Rollbacks,
    Trajectory Trajectory,
    IReadOnlyList<string> Warnings) : IPictured where TVector : class, IVector<TVector>
{
    Report IPictured.Picture => TrajectoryReport.Create(Status, Steps, BestStep, Elapsed, Trajectory);

    /// <summary>What each of <see cref="IObjective{TVector}.Models"/> came to; best step and loss, rollbacks and trajectory of the run are those of the first.</summary>
    internal IReadOnlyList<ModelResult> Models { get; init; } = [];

    /// <summary>Where each model's weights lie in <see cref="Weights"/>.</summary>
    internal IReadOnlyList<TensorSegment> Segments { get; init; } = [];

    /// <summary>The same with the weights in another engine's vectors.</summary>
    internal LoopResult<TOther> On<TOther>(Func<TVector, TOther> move) where TOther : class, IVector<TOther>
    {
        TOther best = move(Weights), final = ReferenceEquals(FinalWeights, Weights) ? best : move(FinalWeights);
        return new(Status, best, final, BestStep, BestValidationLoss, Steps, GradientEvaluations, Elapsed, Rollbacks, Trajectory, Warnings) { Models = Models, Segments = Segments, ResumedFrom = ResumedFrom };
    }

    /// <summary>The step of the checkpoint from which the run went on; 0 where it began at the beginning.</summary>
    public long ResumedFrom { get; init; }
}
