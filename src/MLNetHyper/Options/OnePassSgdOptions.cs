using MLNetHyper.Engine;

namespace MLNetHyper;

/// <summary>How <c>OnePassSgd</c> trains and tunes. The defaults are meant to be left alone; docs/choosing-a-method.md says what they were measured on.</summary>
public abstract class OnePassSgdOptions : NetworkTrainerOptions
{
    private protected OnePassSgdOptions()
    {
    }

    /// <summary>The learning rate to start from, from 1e-10 to 1. Default 0.1.</summary>
    public double InitialLearningRate { get; set; } = Defaults.LearningRate;

    /// <summary>The momentum to start from, above 0 and below 1. Default 0.9.</summary>
    public double InitialMomentum { get; set; } = Defaults.Momentum;

    /// <summary>The weight decay to start from, from 1e-10 to 0.1. Default 1e-4.</summary>
    public double InitialWeightDecay { get; set; } = Defaults.WeightDecay;

    /// <summary>Whether to tune the learning rate. Default true.</summary>
    public bool TuneLearningRate { get; set; } = true;

    /// <summary>Whether to tune the momentum. Default true.</summary>
    public bool TuneMomentum { get; set; } = true;

    /// <summary>Whether to tune the weight decay. Default true.</summary>
    public bool TuneWeightDecay { get; set; } = true;

    /// <summary>How hypergradients are estimated, look-back distance and the like included. Default <see cref="AugmentedNeumann"/>.</summary>
    public HypergradientMethod Method { get; set; } = OnePassOptions.Defaults.Method;

    /// <summary>What moves the hyperparameters along their hypergradients, meta-learning rate included. Default: Adam with 0.05.</summary>
    public MetaOptimizer MetaOptimizer { get; set; } = new AdamMetaOptimizer();

    /// <summary>Weight steps between two hyperparameter steps, at least 1. Default 10.</summary>
    public int TuningInterval { get; set; } = OnePassOptions.Defaults.Interval;

    /// <summary>One learning rate (default), one per tensor, or one per weight, for methods that can.</summary>
    public Granularity LearningRateGranularity { get; set; } = Granularity.Scalar;

    /// <summary>One weight decay (default), one per tensor, or one per weight, for methods that can.</summary>
    public Granularity WeightDecayGranularity { get; set; } = Granularity.Scalar;

    /// <summary>
    /// Whether to train once more after tuning, on training and validation rows together with the learned schedule, and keep that
    /// unless it is worse. Default false. Needs all rows in memory.
    /// </summary>
    public bool RetrainOnAllRows { get; set; }

    /// <inheritdoc/>
    internal override OnePassOptions ToEngine(int seed)
    {
        ArgumentNullException.ThrowIfNull(Method);
        ArgumentNullException.ThrowIfNull(MetaOptimizer);
        return Common(seed) with
        {
            Method = Method,
            MetaOptimizer = MetaOptimizer,
            Interval = TuningInterval,
            Tune = Tuned(),
            Initial = StartingValues(InitialLearningRate, InitialMomentum, InitialWeightDecay),
            LearningRateGranularity = LearningRateGranularity,
            WeightDecayGranularity = WeightDecayGranularity,
            RetrainOnAll = RetrainOnAllRows,
        };
    }

    // All three on means whatever the method can tune, which for some is not all.
    private string[]? Tuned() => TuneLearningRate && TuneMomentum && TuneWeightDecay
        ? null
        : [.. new[] { (TuneLearningRate, Hyperparameter.LearningRate), (TuneMomentum, Hyperparameter.Momentum), (TuneWeightDecay, Hyperparameter.WeightDecay) }.Where(h => h.Item1).Select(h => h.Item2)];
}
