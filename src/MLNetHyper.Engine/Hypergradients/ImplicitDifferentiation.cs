using System.Globalization;

namespace MLNetHyper.Engine;

/// <summary>How <see cref="ImplicitDifferentiation"/> multiplies with the inverse Hessian.</summary>
public enum InverseHessian
{
    /// <summary>Neumann series scaled by the learning rate (Lorraine et al. 2020, algorithm 3).</summary>
    Neumann,

    /// <summary>Conjugate gradients, stopped where the Hessian turns out not to be positive definite.</summary>
    ConjugateGradient,
}

/// <summary>
/// Lorraine, Vicol and Duvenaud (AISTATS 2020): implicit differentiation of the training optimum,
/// <c>dL_V/dλ = ∂L_V/∂λ - (∂²L_T/∂w∂λ)ᵀ q</c> with <c>q ≈ (H + ξ)⁻¹ v</c>, for hyperparameters of the loss: all of an objective's own, be they millions, and
/// coupled weight decay ξ, one value, per tensor or per weight. Learning rate and momentum leave the optimum where it is, so they cannot be tuned this way.
/// </summary>
/// <param name="products">The number K of Hessian products, from 0 (identity) to 1000. Default 5.</param>
/// <param name="inverse">Neumann series (default) or conjugate gradients.</param>
/// <param name="damping">δ ≥ 0 added to the Hessian's diagonal. Default 0.</param>
public sealed class ImplicitDifferentiation(int products = 5, InverseHessian inverse = InverseHessian.Neumann, double damping = 0) : HypergradientMethod
{
    /// <summary>The number K of Hessian products.</summary>
    public int ProductCount { get; } = products is >= 0 and <= 1000 ? products : throw new ArgumentOutOfRangeException(nameof(products), products, "The number of Hessian products must be from 0 to 1000.");

    /// <summary>δ.</summary>
    public double Damping { get; } = damping >= 0 && double.IsFinite(damping) ? damping : throw new ArgumentOutOfRangeException(nameof(damping), damping, "The damping must be a finite number, 0 or more.");

    /// <inheritdoc/>
    public override string Name => inverse == InverseHessian.Neumann ? "implicit" : "implicit-cg";

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Name}, {ProductCount} products, damping {Damping:R}");

    /// <remarks>One solve serves all weights, and its steps depend on all of them.</remarks>
    internal override bool SeparatesModels => false;

    /// <inheritdoc/>
    public override IReadOnlyList<string>? Tunes { get; } = [Hyperparameter.WeightDecay];

    /// <inheritdoc/>
    public override string? Incompatibility(UpdateRule rule, IReadOnlyList<Hyperparameter> hyperparameters, int interval) =>
        rule.FindsStepSize && inverse == InverseHessian.Neumann
            ? $"The method '{Name}' scales its series by the learning rate, which is only a factor on the step size that '{rule.Name}' finds by itself. Choose 'implicit-cg', or another method."
        : rule.HasCoupledWeightDecay || !hyperparameters.Any(h => h.Tuned && h.Name == Hyperparameter.WeightDecay)
            ? base.Incompatibility(rule, hyperparameters, interval)
            : $"The method '{Name}' tunes weight decay as a term of the loss, but the update rule '{rule.Name}' has it decoupled. Choose 'sgd', 'nesterov' or 'adam', or another method.";

    /// <inheritdoc/>
    public override HypergradientEstimator<TVector> Create<TVector>(HypergradientContext<TVector> context) =>
        new Estimator<TVector>(context, ProductCount, inverse, Damping);

    private sealed class Estimator<TVector>(HypergradientContext<TVector> context, int products, InverseHessian inverse, double damping) : HypergradientEstimator<TVector>
        where TVector : class, IVector<TVector>
    {
        private readonly ILinearization<TVector> _linearization = context.Objective.CreateTraining(context.Hyperparameters.OfObjective, withProducts: true);
        private readonly bool _tunesObjective = context.Hyperparameters.TunesObjective;
        private readonly TVector _term = context.Objective.CreateVector();
        private readonly TVector _product = context.Objective.CreateVector();
        private readonly TVector _q = context.Objective.CreateVector();

        public override int HistoryLength => 0;

        public override void Estimate(TVector validationGradient, TVector weights)
        {
            if (products > 0 || _tunesObjective)
            {
                Batch batch = context.Training.BatchAt(context.StepsTaken);
                _linearization.Gradient(weights, batch, _product);
                context.Work.AddGradient(batch.Count);
            }
            if (inverse == InverseHessian.Neumann)
                NeumannSeries(validationGradient);
            else
                ConjugateGradient(validationGradient);
            context.Hyperparameters[Hyperparameter.WeightDecay].AddHypergradient(-1, _q, weights);
            if (!_tunesObjective)
                return;
            _linearization.AddHypergradients(-1, _q);
            context.Work.AddProducts(Curvature.Hessian, 1, 1);
        }

        private void NeumannSeries(TVector v)
        {
            double rate = context.Hyperparameters[Hyperparameter.LearningRate].Mean;
            _term.CopyFrom(v);
            _q.CopyFrom(v);
            for (int k = 0; k < products; k++)
            {
                Multiply(_term);
                _term.Combine(1, -rate, _product);
                _q.Combine(1, 1, _term);
            }
            _q.Scale(rate);
        }

        private void ConjugateGradient(TVector v)
        {
            TVector residual = v;
            double squared = residual.Dot(residual);
            // A gradient that is not finite must not come out as a hypergradient of zero.
            if (products == 0 || double.IsNaN(squared))
            {
                _q.CopyFrom(v);
                return;
            }
            _q.Fill(0);
            _term.CopyFrom(residual);
            for (int k = 0; k < products && squared > 0; k++)
            {
                Multiply(_term);
                double curvature = _term.Dot(_product);
                if (!(curvature > 0))
                {
                    // Negative curvature: the solution so far, or the plain direction at the very start.
                    if (k == 0)
                        _q.CopyFrom(v);
                    return;
                }
                double step = squared / curvature;
                _q.Combine(1, step, _term);
                residual.Combine(1, -step, _product);
                double next = residual.Dot(residual);
                _term.Combine(next / squared, 1, residual);
                squared = next;
            }
        }

        /// <summary><c>product ← (H + ξ + δ)·x</c>. Decoupled decay is no term of the loss, and left out.</summary>
        private void Multiply(TVector x)
        {
            _linearization.CurvatureVectorProducts(Curvature.Hessian, [x], [_product], BatchPart.Whole);
            context.Work.AddProducts(Curvature.Hessian, 1, 1);
            if (context.Rule.HasCoupledWeightDecay)
                context.Hyperparameters[Hyperparameter.WeightDecay].AddProduct(_product, 1, 1, x);
            if (damping > 0)
                _product.Combine(1, damping, x);
        }
    }
}
