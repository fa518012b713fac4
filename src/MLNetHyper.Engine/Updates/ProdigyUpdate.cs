namespace MLNetHyper.Engine;

/// <summary>
/// Prodigy (Mishchenko and Defazio 2024, "Prodigy: An Expeditiously Adaptive Parameter-Free Learner", algorithm 4, as in the authors' code):
/// Adam on the scale of an estimated distance d from the start w₀ to a solution. With λ = γd and q = √β₂,
/// <c>r⁺ = qr + (d/d₀)λ g·(w₀-w)</c>; <c>s⁺ = qs + (d/d₀)λ g</c>; <c>d⁺ = max(d, r⁺/‖s⁺‖₁)</c>; <c>m⁺ = β₁m + (1-β₁)dg</c>;
/// <c>v⁺ = β₂v + (1-β₂)d²g²</c>; <c>w⁺ = w - ξλw - λm⁺/(√v⁺ + d⁺ε)</c>.
/// </summary>
/// <param name="initialDistance">d₀, d before the first step: above 0, and well below any distance that may be needed, since d only grows. Default 1e-6.</param>
/// <remarks>No growth limit, no bias corrections, which are the authors' defaults. ε = 1e-8.</remarks>
public sealed class ProdigyUpdate(double initialDistance = 1e-6) : DistanceAdamUpdate(initialDistance)
{
    /// <inheritdoc/>
    public override string Name => "prodigy";

    internal override int ConstantCount => 4;

    private protected override bool ScalesSquares => true;

    internal override void Begin<TVector>(TVector weights, TVector[] state, RuleNumbers numbers, ReadOnlySpan<bool> models)
    {
        base.Begin(weights, state, numbers, models);
        state[Start].CopyFrom(weights, numbers.Models, models);
    }

    private protected override void Measure<TVector>(TVector weights, TVector[] state, TVector result)
    {
        result.CopyFrom(state[Start]);
        result.Combine(1, -1, weights);
    }

    private protected override double Rate(double distance, double learningRate, double memory) => distance / InitialDistance * distance * learningRate;

    private protected override double Estimate(double numerator, double norm, double memory) => numerator / norm;
}
