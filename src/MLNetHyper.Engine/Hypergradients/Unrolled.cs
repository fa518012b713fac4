namespace MLNetHyper.Engine;

/// <summary>
/// Exact reverse-mode differentiation through the last i steps (Domke 2012; Shaban et al. 2019; "Diff-through-opt" in Clarke et
/// al. 2022), weights and state before them held constant.
/// </summary>
/// <param name="lookBack">The number of steps i, from 1 to the tuning interval T. Default 5.</param>
/// <param name="curvature">Hessian (default, exact) or Gauss-Newton products.</param>
/// <remarks>Keeps i steps: i batches' activations and 3i weight-sized vectors, 4i with Adam.</remarks>
public sealed class Unrolled(int lookBack = 5, Curvature curvature = Curvature.Hessian) : HypergradientMethod
{
    /// <summary>The number of steps i.</summary>
    public int LookBack { get; } = CheckLookBack(lookBack);

    /// <inheritdoc/>
    public override string Name => "unrolled";

    /// <inheritdoc/>
    public override string? Incompatibility(UpdateRule rule, IReadOnlyList<Hyperparameter> hyperparameters, int interval) =>
        LookBack > interval
            ? $"The method 'unrolled' looks back {LookBack} steps, but the hyperparameters change every {interval}. Make the look-back distance at most the tuning interval."
            : base.Incompatibility(rule, hyperparameters, interval);

    /// <inheritdoc/>
    public override string ToString() => $"{Name}, look-back {LookBack}, {curvature}";

    internal override bool EstimatesApart => true;

    /// <inheritdoc/>
    public override HypergradientEstimator<TVector> Create<TVector>(HypergradientContext<TVector> context) =>
        new Estimator<TVector>(context, LookBack, curvature);

    private sealed class Estimator<TVector>(HypergradientContext<TVector> context, int lookBack, Curvature curvature) : HypergradientEstimator<TVector>
        where TVector : class, IVector<TVector>
    {
        private readonly TVector _q = context.Objective.CreateVector();
        private readonly TVector _hq = context.Objective.CreateVector();
        private readonly TVector[] _b = context.Objective.CreateVectors(context.Rule.StateCount);

        public override int HistoryLength => lookBack;

        public override void Estimate(TVector validationGradient, TVector weights)
        {
            TVector a = validationGradient;
            foreach (TVector b in _b)
                b.Fill(0);
            for (int back = 0; back < context.RecordCount; back++)
            {
                StepRecord<TVector> record = context.Record(back);
                context.AddHypergradients(record, a, _b);
                if (back == context.RecordCount - 1)
                    break;
                context.Rule.PullBack(context.Hyperparameters, record, a, _b, _q);
                context.CurvatureVectorProduct(record, curvature, _q, _hq);
                a.Combine(1, 1, _hq);
            }
        }
    }
}
