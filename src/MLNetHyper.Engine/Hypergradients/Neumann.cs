namespace MLNetHyper.Engine;

/// <summary>
/// Clarke, Oldewage and Hernández-Lobato (ICLR 2022), equations 6 and 7: implicit differentiation of the weight update, its
/// inverse Jacobian a Neumann series cut after i terms, everything evaluated at the last step:
/// <c>dw/dλ ≈ -Σ_{j&lt;i} (I - ∂u/∂w)^j ∂u/∂λ</c>.
/// </summary>
/// <remarks>
/// As in the authors' code there are i terms, so i-1 Hessian products (the paper's pseudocode has one more). The state
/// (momentum) counts as a constant. Keep i odd: for even i the truncated sum changes sign where lr times curvature exceeds 2.
/// </remarks>
/// <param name="lookBack">The look-back distance i, from 1 to 1000. Default 5, the paper's.</param>
/// <param name="curvature">Hessian (default) or Gauss-Newton products.</param>
public sealed class Neumann(int lookBack = 5, Curvature curvature = Curvature.Hessian) : HypergradientMethod
{
    /// <summary>The look-back distance i.</summary>
    public int LookBack { get; } = CheckLookBack(lookBack);

    /// <inheritdoc/>
    public override string Name => "neumann";

    /// <inheritdoc/>
    public override string ToString() => $"{Name}, look-back {LookBack}, {curvature}";

    /// <inheritdoc/>
    public override string? Incompatibility(UpdateRule rule, IReadOnlyList<Hyperparameter> hyperparameters, int interval) =>
        base.Incompatibility(rule, hyperparameters, interval) ?? (LookBack == 1 || rule.CarriesWeights ? null
            : $"The method 'neumann' holds the rule's state constant, but the state of '{rule.Name}' is what its weights follow from. Choose the method 'augmented-neumann', or a look-back distance of 1.");

    internal override bool EstimatesApart => true;

    /// <inheritdoc/>
    public override HypergradientEstimator<TVector> Create<TVector>(HypergradientContext<TVector> context) =>
        new Estimator<TVector>(context, LookBack, curvature);

    private sealed class Estimator<TVector>(HypergradientContext<TVector> context, int lookBack, Curvature curvature) : HypergradientEstimator<TVector>
        where TVector : class, IVector<TVector>
    {
        private readonly TVector _sum = context.Objective.CreateVector();
        private readonly TVector _q = context.Objective.CreateVector();
        private readonly TVector _hq = context.Objective.CreateVector();

        public override void Estimate(TVector validationGradient, TVector weights)
        {
            StepRecord<TVector> record = context.Record(0);
            TVector a = validationGradient;
            _sum.CopyFrom(a);
            for (int j = 1; j < lookBack; j++)
            {
                // No adjoint of the state: it is held constant.
                context.Rule.PullBack(context.Hyperparameters, record, a, [], _q);
                context.CurvatureVectorProduct(record, curvature, _q, _hq);
                // a ← a + Hq, then the sum ← the sum + a, in one pass over memory.
                a.CombineInTurn(1, 1, _hq, 0, _sum, 1, 1);
            }
            context.AddHypergradients(record, _sum, []);
        }
    }
}
