namespace MLNetHyper.Engine;

/// <summary>
/// The derivative through the last step alone, where for weight decay and the loss's own hyperparameters the validation gradient is extrapolated to the end of training. Costs no curvature products. The default.
/// </summary>
/// <remarks>
/// <para>Regularization is to be right where training ends, but hypergradients are taken on the way there. Most of the validation gradient v is then what training will descend by itself, so that any decay seems to hold
/// it up; once that is gone and overfitting shows, the best weights may lie behind. At the optimum w* of the regularized training loss the gradient is, to first order, <c>v(w*) ≈ v - H_V·H_T⁻¹·r</c>, with r the gradient
/// of the training loss, decay included, that is left at w. Validation and training rows are drawn alike, and so are their Hessians: <c>v(w*) ≈ v - r</c>. Clarke et al. 2022 (equation 7) with one term then stands for
/// the implicit derivative at the optimum (Lorraine et al. 2020, theorem 1). The step from v to v - r is our own; neither paper has it.</para>
/// <para>r is a mean of the last gradients, which the rule has in its state (<see cref="UpdateRule.TryResidual"/>); where gradients are clipped, of the clipped ones. For rules that cannot tell it r is 0, and the method is
/// <see cref="AugmentedNeumann"/> with look-back 1. Learning rate, momentum and betas, which are about the way and not its end, keep v.</para>
/// </remarks>
public sealed class Extrapolated : HypergradientMethod
{
    /// <inheritdoc/>
    public override string Name => "extrapolated";

    internal override bool EstimatesApart => true;

    /// <inheritdoc/>
    public override HypergradientEstimator<TVector> Create<TVector>(HypergradientContext<TVector> context) => new Estimator<TVector>(context);

    private sealed class Estimator<TVector> : HypergradientEstimator<TVector> where TVector : class, IVector<TVector>
    {
        private readonly HypergradientContext<TVector> _context;
        private readonly TVector _residual;
        private readonly HyperparameterValue<TVector>[] _ofSteps;
        private readonly HyperparameterValue<TVector>[] _ofLoss;

        internal Estimator(HypergradientContext<TVector> context)
        {
            _context = context;
            _residual = context.Objective.CreateVector();
            bool IsOfLoss(HyperparameterValue<TVector> value) => value.Definition.Name == Hyperparameter.WeightDecay || context.Hyperparameters.OfObjective.Contains(value);
            _ofSteps = [.. context.Hyperparameters.Where(value => value.Definition.Tuned && !IsOfLoss(value))];
            _ofLoss = [.. context.Hyperparameters.Where(value => value.Definition.Tuned && IsOfLoss(value))];
        }

        public override void Estimate(TVector validationGradient, TVector weights)
        {
            StepRecord<TVector> record = _context.Record(0);
            if (_ofSteps.Length > 0)
                Add(record, validationGradient, _ofLoss);
            if (_ofLoss.Length == 0)
                return;
            if (_context.Rule.TryResidual(_context.Hyperparameters, record, _residual))
                validationGradient.Combine(1, -1, _residual);
            Add(record, validationGradient, _ofSteps);
        }

        private void Add(StepRecord<TVector> record, TVector gradient, HyperparameterValue<TVector>[] others)
        {
            foreach (HyperparameterValue<TVector> value in others)
                value.IsHeld = true;
            _context.AddHypergradients(record, gradient, []);
            foreach (HyperparameterValue<TVector> value in others)
                value.IsHeld = false;
        }
    }
}
