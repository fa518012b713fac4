namespace MLNetHyper.Engine;

/// <summary>
/// Lorraine, Vicol and Duvenaud (AISTATS 2020): implicit differentiation of the training optimum,
/// <c>dL_V/dλ = ∂L_V/∂λ - (∂²L_T/∂w∂λ)ᵀ q</c> with <c>q ≈ (H + ξ)⁻¹ v</c> (theorem 1), for hyperparameters of the loss: all of an objective's own, be they millions, and
/// coupled weight decay ξ, one value, per tensor or per weight. Learning rate and momentum leave the optimum where it is, so they cannot be tuned this way.
/// </summary>
/// <param name="inverse">How to multiply with the inverse Hessian. Default: a <see cref="NeumannInverse"/>.</param>
/// <param name="curvature">The Hessian (default), or its Gauss-Newton part, which is positive semidefinite also where training has not converged.</param>
public sealed class ImplicitDifferentiation(InverseHessian? inverse = null, Curvature curvature = Curvature.Hessian) : HypergradientMethod
{
    /// <summary>How it multiplies with the inverse Hessian.</summary>
    public InverseHessian Inverse { get; } = inverse ?? new NeumannInverse();

    /// <summary>Whose inverse it is.</summary>
    public Curvature Curvature { get; } = curvature;

    /// <inheritdoc/>
    public override string Name => Inverse.Name;

    /// <inheritdoc/>
    public override string ToString() => $"{Name}, {Inverse}, {Curvature}";

    /// <remarks>One solve serves all weights, and its steps depend on all of them.</remarks>
    internal override bool SeparatesModels => false;

    /// <inheritdoc/>
    public override IReadOnlyList<string>? Tunes { get; } = [Hyperparameter.WeightDecay];

    /// <inheritdoc/>
    public override string? Incompatibility(UpdateRule rule, IReadOnlyList<Hyperparameter> hyperparameters, int interval) =>
        rule.FindsStepSize && Inverse is NeumannInverse
            ? $"The method '{Name}' scales its series by the learning rate, which is only a factor on the step size that '{rule.Name}' finds by itself. Choose 'implicit-cg', or another method."
        : rule.HasCoupledWeightDecay || !hyperparameters.Any(h => h.Tuned && h.Name == Hyperparameter.WeightDecay)
            ? base.Incompatibility(rule, hyperparameters, interval)
            : $"The method '{Name}' tunes weight decay as a term of the loss, but the update rule '{rule.Name}' has it decoupled. Choose 'sgd', 'nesterov' or 'adam', or another method.";

    /// <inheritdoc/>
    public override HypergradientEstimator<TVector> Create<TVector>(HypergradientContext<TVector> context) => new Estimator<TVector>(context, Inverse, Curvature);

    private sealed class Estimator<TVector> : HypergradientEstimator<TVector> where TVector : class, IVector<TVector>
    {
        private readonly HypergradientContext<TVector> _context;
        private readonly TrainingHessian<TVector> _hessian;
        private readonly InverseHessianProduct<TVector> _inverse;
        private readonly TVector _q;

        internal Estimator(HypergradientContext<TVector> context, InverseHessian inverse, Curvature curvature)
        {
            _context = context;
            _hessian = new(context, curvature);
            _inverse = inverse.Create(_hessian);
            _q = context.Objective.CreateVector();
        }

        public override int HistoryLength => 0;

        public override void Estimate(TVector validationGradient, TVector weights)
        {
            _hessian.MoveTo(weights);
            _inverse.Multiply(validationGradient, _q);
            _context.Hyperparameters[Hyperparameter.WeightDecay].AddHypergradient(-1, _q, weights);
            if (_context.Hyperparameters.TunesObjective)
                _hessian.AddHypergradients(_q, scratch: validationGradient);
        }

        public override void Reset() => _inverse.Reset();

        internal override void Serialize(StateArchive archive) => _inverse.Serialize(archive);
    }
}
