namespace MLNetHyper.Engine;

/// <summary>
/// D-Adaptation of Adam (Defazio and Mishchenko 2023, "Learning-Rate-Free Learning by D-Adaptation", as in version 3 of the authors' code):
/// Adam with a step size d that is a lower bound of the distance from the start to a solution. With λ = γd and q = √β₂,
/// <c>r⁺ = qr + (1-q)λ Σ g∘s/(√v+ε)</c>; <c>s⁺ = qs + (1-q)λg</c>; <c>d⁺ = max(d, r⁺/((1-q)‖s⁺‖₁))</c>; <c>m⁺ = β₁m + (1-β₁)dg</c>;
/// <c>v⁺ = β₂v + (1-β₂)g²</c>; <c>w⁺ = w - ξλw - γm⁺/(√v⁺+ε)</c>.
/// </summary>
/// <param name="initialDistance">d before the first step: above 0, and well below any distance that may be needed, since d only grows. Default 1e-6.</param>
/// <remarks>
/// The authors have γ inside m, which is the same while it stays what it is; here a schedule and tuning act at once. Their default is
/// coupled weight decay; this is their decoupled one, as of AdamW. No growth limit and no bias corrections, as by their defaults. ε = 1e-8.
/// </remarks>
public sealed class DAdaptAdamUpdate(double initialDistance = 1e-6) : DistanceAdamUpdate(initialDistance)
{
    /// <inheritdoc/>
    public override string Name => "dadapt-adam";

    private protected override bool ScalesSquares => false;

    private protected override void Measure<TVector>(TVector weights, TVector[] state, TVector result) =>
        result.QuotientRoot(state[GradientSum], 1, state[SecondMoment], Epsilon);

    private protected override double Rate(double distance, double learningRate, double memory) => (1 - memory) * distance * learningRate;

    private protected override double Estimate(double numerator, double norm, double memory) => numerator / ((1 - memory) * norm);
}
