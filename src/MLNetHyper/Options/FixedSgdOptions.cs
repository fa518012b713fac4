using MLNetHyper.Engine;

namespace MLNetHyper;

/// <summary>How <c>FixedSgd</c> trains: as <c>OnePassSgd</c>, but with hyperparameters that stay what they are.</summary>
public abstract class FixedSgdOptions : NetworkTrainerOptions
{
    private protected FixedSgdOptions() => Engine = Engine with { Method = new Fixed() };

    /// <summary>The learning rate, above 0. Null (default) for the rule's own: 0.005 for AdamW, 0.1 for SGD.</summary>
    public double? LearningRate { get => InitialOf(Hyperparameter.LearningRate); set => SetInitial(Hyperparameter.LearningRate, value); }

    /// <summary>The momentum, from 0 to below 1, or Adam's β₁. Null (default) for the rule's own: 0.9.</summary>
    public double? Momentum { get => InitialOf(Hyperparameter.Momentum); set => SetInitial(Hyperparameter.Momentum, value); }

    /// <summary>The weight decay, 0 or above. Null (default) for the rule's own: 0.01 for AdamW, 1e-4 for SGD.</summary>
    public double? WeightDecay { get => InitialOf(Hyperparameter.WeightDecay); set => SetInitial(Hyperparameter.WeightDecay, value); }
}
