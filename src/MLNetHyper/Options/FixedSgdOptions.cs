using MLNetHyper.Engine;

namespace MLNetHyper;

/// <summary>How <c>FixedSgd</c> trains: as <c>OnePassSgd</c>, but with hyperparameters that stay what they are.</summary>
public abstract class FixedSgdOptions : NetworkTrainerOptions
{
    private protected FixedSgdOptions()
    {
    }

    /// <summary>The learning rate, above 0. Default 0.1.</summary>
    public double LearningRate { get; set; } = Defaults.LearningRate;

    /// <summary>The momentum, from 0 to below 1. Default 0.9.</summary>
    public double Momentum { get; set; } = Defaults.Momentum;

    /// <summary>The weight decay, 0 or above. Default 1e-4.</summary>
    public double WeightDecay { get; set; } = Defaults.WeightDecay;

    /// <inheritdoc/>
    internal override OnePassOptions ToEngine(int seed) => Common(seed) with
    {
        Method = new Fixed(),
        Initial = StartingValues(LearningRate, Momentum, WeightDecay),
    };
}
