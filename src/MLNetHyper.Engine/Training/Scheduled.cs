namespace MLNetHyper.Engine;

/// <summary>Moves the learning rate along a curve over the run, whatever else is done to it: the policy inside tunes a factor on the curve.</summary>
/// <param name="inner">The policy inside.</param>
/// <param name="state">What is trained.</param>
/// <param name="schedule">The curve.</param>
/// <param name="share">The share of the curve that is done.</param>
internal sealed class Scheduled<TVector>(WindowPolicy<TVector> inner, RunState<TVector> state, LearningRateSchedule schedule, Func<double> share) : WindowWrapper<TVector>(inner)
    where TVector : class, IVector<TVector>
{
    private readonly HyperparameterValue<TVector>? _learningRate = state.Hyperparameters.FirstOrDefault(h => h.Definition.Name == Hyperparameter.LearningRate);

    internal override void BeginWindow()
    {
        base.BeginWindow();
        _learningRate?.SetFactor(schedule.FactorAt(share()));
    }
}
