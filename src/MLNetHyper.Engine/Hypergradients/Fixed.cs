namespace MLNetHyper.Engine;

/// <summary>No tuning: plain training with the hyperparameters as given. The baseline, and what restart-based search sweeps.</summary>
public sealed class Fixed : HypergradientMethod
{
    /// <inheritdoc/>
    public override string Name => "fixed";

    /// <inheritdoc/>
    public override IReadOnlyList<string>? Tunes => [];

    /// <inheritdoc/>
    public override bool TunesObjective => false;

    /// <inheritdoc/>
    public override bool UsesValidation => false;

    /// <inheritdoc/>
    public override string? Incompatibility(UpdateRule rule, IReadOnlyList<Hyperparameter> hyperparameters, int interval) =>
        hyperparameters.FirstOrDefault(h => h.Tuned) is { } tuned
            ? $"The method 'fixed' tunes nothing, so it cannot tune '{tuned.Name}'. Tune nothing, or choose another method."
            : null;

    internal override bool EstimatesApart => true;

    /// <inheritdoc/>
    public override HypergradientEstimator<TVector> Create<TVector>(HypergradientContext<TVector> context) => new Estimator<TVector>();

    private sealed class Estimator<TVector> : HypergradientEstimator<TVector> where TVector : class, IVector<TVector>
    {
        public override int HistoryLength => 0;

        public override void Estimate(TVector validationGradient, TVector weights) { }
    }
}
