namespace MLNetHyper.Engine;

/// <summary>
/// Gives every window the values that a shared schedule has for it, and at the end of the run differentiates the validation loss by them. A window that diverges halves its learning rate for good.
/// </summary>
/// <param name="state">What is trained.</param>
/// <param name="schedule">The schedule.</param>
/// <param name="estimator">Carries the tangents.</param>
/// <param name="validation">The loss that is differentiated; null where the schedule is followed and no more.</param>
/// <param name="steps">Has a vector that is free between steps.</param>
internal sealed class FollowShared<TVector>(RunState<TVector> state, SharedSchedule schedule, HypergradientEstimator<TVector> estimator, Validation<TVector>? validation, WeightSteps<TVector> steps)
    : WindowPolicy<TVector> where TVector : class, IVector<TVector>
{
    private readonly TVector? _gradient = validation is null ? null : state.Weights.CreateZero();

    internal override void BeginWindow()
    {
        schedule.MoveTo(state.Step);
        foreach (SharedRow row in schedule.Rows)
            state.Hyperparameters[row.Index].SetRaw(row.Value);
    }

    internal override void Act(Window window)
    {
        if (!window.HasFallenWhole || schedule.Rows.FirstOrDefault(row => row.Definition.Name == Hyperparameter.LearningRate) is not { } learningRates)
            return;
        learningRates.Halve();
        state.Hyperparameters[learningRates.Index].SetRaw(learningRates.Value);
    }

    internal override void EndRun()
    {
        if (validation is null)
            return;
        validation.FullGradient(state.Weights, _gradient!, steps.Spare);
        estimator.Estimate(_gradient!, state.Weights);
    }
}
