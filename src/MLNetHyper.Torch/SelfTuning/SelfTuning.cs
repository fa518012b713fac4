using System.Globalization;
using MLNetHyper.Engine;

namespace MLNetHyper.Torch;

/// <summary>
/// Self-tuning networks (MacKay et al., ICLR 2019, algorithm 1; Bae and Grosse, NeurIPS 2020): hypergradients of the regularizers in
/// <see cref="SelfTuningRegularizers"/>, discrete ones too, by differentiating the validation loss through layers that have learned how the weights
/// respond to the regularizers. Learning rate, momentum and weight decay stay as they are.
/// </summary>
/// <remarks>All of the derivative is direct, so that the loop's validation gradient brings it along and nothing is left to estimate.</remarks>
/// <param name="warmUp">Weight steps before tuning begins, while the layers learn their response: 0 or more. Default 100. (The authors train for five epochs first.)</param>
public sealed class SelfTuning(int warmUp = 100) : HypergradientMethod
{
    private readonly int _warmUp = warmUp >= 0 ? warmUp : throw new ArgumentOutOfRangeException(nameof(warmUp), warmUp, "Give 0 or more steps.");

    /// <summary>
    /// What <see cref="TorchOnePass"/> needs for it: this method with a hyperparameter step after every two weight steps, by Adam of the meta-learning rate 0.01. (MacKay et al. have 0.003 in
    /// much longer runs, Bae and Grosse RMSprop with 0.01.)
    /// </summary>
    public static OnePassOptions Options { get; } = new() { Method = new SelfTuning(), TuningInterval = 2, MetaOptimizer = new AdamMetaOptimizer(0.01, beta2: 0.999) };

    /// <inheritdoc/>
    public override string Name => "self-tuning";

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Name}, warm-up {_warmUp}");

    /// <inheritdoc/>
    public override IReadOnlyList<string>? Tunes { get; } = [];

    /// <inheritdoc/>
    public override string? Incompatibility(UpdateRule rule, IReadOnlyList<Hyperparameter> hyperparameters, int interval)
    {
        ArgumentNullException.ThrowIfNull(rule);
        return hyperparameters.FirstOrDefault(h => h.Tuned && rule.Hyperparameters.Any(own => own.Name == h.Name)) is { } ofRule
            ? $"The method '{Name}' tunes regularizers, not '{ofRule.Name}' of the update rule. Leave '{ofRule.Name}' fixed."
            : null;
    }

    /// <inheritdoc/>
    public override HypergradientEstimator<TVector> Create<TVector>(HypergradientContext<TVector> context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return context.Objective is TorchObjective { Regularizer: not SelfTuningRegularizers }
            ? throw new ArgumentException($"The method '{Name}' differentiates through layers that respond to their regularizers. Give the training {nameof(SelfTuningRegularizers)}, or choose another method.")
            : new Estimator<TVector>(context, _warmUp);
    }

    private sealed class Estimator<TVector>(HypergradientContext<TVector> context, int warmUp) : HypergradientEstimator<TVector> where TVector : class, IVector<TVector>
    {
        public override int HistoryLength => 0;

        public override void Estimate(TVector validationGradient, TVector weights)
        {
            if (context.StepsTaken <= warmUp)
                context.Hyperparameters.ClearHypergradients();
        }
    }
}
