namespace MLNetHyper.Engine;

/// <summary>
/// The derivative through the last step alone, with the validation gradient of weight decay and of the loss's hyperparameters extrapolated to where training goes. Costs no curvature products.
/// </summary>
/// <remarks>
/// <para>Regularization is to be right where training ends. As long as weights are on their way, most of the validation gradient v is what training will descend by itself, so that any decay seems to hold it up; when
/// that has gone and overfitting shows, the best weights may lie behind. At the optimum w* of the regularized training loss the gradient is, to first order,
/// <c>v(w*) ≈ v - H_V·H_T⁻¹·r</c>, with r the gradient of the training loss, decay included, that is left at w. Validation and training rows are drawn alike and so are their Hessians: <c>v(w*) ≈ v - r</c>, which needs
/// neither. With it the implicit derivative of Lorraine et al. 2020 (equation 2) is taken with the last step in place of the inverse Hessian, as Clarke et al. 2022 do with i = 1 (section 2).</para>
/// <para>r is the mean of the last steps' gradients that the rule has in its state: its momentum, and beside it a decoupled decay brought to the gradient's scale (<see cref="UpdateRule.TryResidual"/>). Rules that do not tell it
/// count as r = 0: then this is <see cref="AugmentedNeumann"/> with look-back 1. So are learning rate, momentum and betas, which are about the way and not about its end.</para>
/// </remarks>
public sealed class Extrapolated : HypergradientMethod
{
    /// <inheritdoc/>
    public override string Name => "extrapolated";

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
