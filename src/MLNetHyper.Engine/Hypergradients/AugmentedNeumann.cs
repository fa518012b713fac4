namespace MLNetHyper.Engine;

/// <summary>
/// The Neumann series of <see cref="Neumann"/> for the whole state, weights and momentum together, at the same cost: adjoints
/// <c>(a, b)</c> are pulled back through the last step i-1 times and their sum differentiated. Unlike the original it sees that a
/// change of momentum or weight decay goes on through the momentum buffer.
/// </summary>
/// <param name="lookBack">The look-back distance i, from 1 to 1000. Default 5.</param>
/// <param name="curvature">Hessian (default) or Gauss-Newton products.</param>
public sealed class AugmentedNeumann(int lookBack = 5, Curvature curvature = Curvature.Hessian) : HypergradientMethod
{
    /// <summary>The look-back distance i.</summary>
    public int LookBack { get; } = CheckLookBack(lookBack);

    /// <inheritdoc/>
    public override string Name => "augmented-neumann";

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
        private readonly TVector _sum = context.Objective.CreateVector();
        private readonly TVector[] _b = context.Objective.CreateVectors(context.Rule.StateCount);
        private readonly TVector[] _stateSum = context.Objective.CreateVectors(context.Rule.StateCount);

        public override void Estimate(TVector validationGradient, TVector weights)
        {
            StepRecord<TVector> record = context.Record(0);
            TVector a = validationGradient;
            _sum.CopyFrom(a);
            for (int k = 0; k < _b.Length; k++)
            {
                _b[k].Fill(0);
                _stateSum[k].Fill(0);
            }
            for (int j = 1; j < lookBack; j++)
            {
                context.Rule.PullBack(context.Hyperparameters, record, a, _b, _q);
                context.CurvatureVectorProduct(record, curvature, _q, _hq);
                // a ← a + Hq, then the sum ← the sum + a, in one pass over memory.
                a.CombineInTurn(1, 1, _hq, 0, _sum, 1, 1);
                for (int k = 0; k < _b.Length; k++)
                    _stateSum[k].Combine(1, 1, _b[k]);
            }
            context.AddHypergradients(record, _sum, _stateSum);
        }
    }
}
