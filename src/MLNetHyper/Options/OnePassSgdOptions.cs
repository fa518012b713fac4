using MLNetHyper.Engine;

namespace MLNetHyper;

/// <summary>How <c>OnePassSgd</c> trains and tunes. The defaults are meant to be left alone; docs/choosing-a-method.md says what they were measured on.</summary>
public abstract class OnePassSgdOptions : NetworkTrainerOptions
{
    private protected OnePassSgdOptions() { }

    /// <summary>
    /// The learning rate to start from, above 0. With a schedule, as by default, and <see cref="TuneLearningRate"/> it comes near the rule's own in the first twentieth of the run; without tuning it stays. Null
    /// (default) for the rule's own: 0.005 for AdamW, 0.1 for SGD.
    /// </summary>
    public double? InitialLearningRate { get => InitialOf(Hyperparameter.LearningRate); set => SetInitial(Hyperparameter.LearningRate, value); }

    /// <summary>The momentum to start from, above 0 and below 1, or Adam's β₁. Null (default) for the rule's own: 0.9.</summary>
    public double? InitialMomentum { get => InitialOf(Hyperparameter.Momentum); set => SetInitial(Hyperparameter.Momentum, value); }

    /// <summary>The weight decay to start from, above 0. Null (default) for the rule's own: 0.01 for AdamW, 1e-4 for SGD.</summary>
    public double? InitialWeightDecay { get => InitialOf(Hyperparameter.WeightDecay); set => SetInitial(Hyperparameter.WeightDecay, value); }

    /// <summary>Whether to tune hyperparameters, by name, such as <c>lr</c>. Those left out (default: all) are tuned where the method can.</summary>
    public IDictionary<string, bool> Tune { get; } = new Dictionary<string, bool>();

    /// <summary>Whether to tune the learning rate. Default true.</summary>
    public bool TuneLearningRate { get => IsTuned(Hyperparameter.LearningRate); set => Tune[Hyperparameter.LearningRate] = value; }

    /// <summary>Whether to tune the momentum, for rules that have one, or Adam's β₁. Default true for SGD.</summary>
    public bool TuneMomentum { get => IsTuned(Hyperparameter.Momentum); set => Tune[Hyperparameter.Momentum] = value; }

    /// <summary>Whether to tune the weight decay. Default true.</summary>
    public bool TuneWeightDecay { get => IsTuned(Hyperparameter.WeightDecay); set => Tune[Hyperparameter.WeightDecay] = value; }

    /// <inheritdoc cref="RunOptions.Method"/>
    public HypergradientMethod Method { get => Engine.Method; set => Engine = Engine with { Method = value }; }

    /// <inheritdoc cref="RunOptions.MetaOptimizer"/>
    public MetaOptimizer MetaOptimizer { get => Engine.MetaOptimizer; set => Engine = Engine with { MetaOptimizer = value }; }

    /// <inheritdoc cref="RunOptions.TuningInterval"/>
    public int TuningInterval { get => Engine.TuningInterval; set => Engine = Engine with { TuningInterval = value }; }

    /// <inheritdoc cref="OnePassOptions.ValidationBatchSize"/>
    public int? ValidationBatchSize { get => Engine.ValidationBatchSize; set => Engine = Engine with { ValidationBatchSize = value }; }

    /// <inheritdoc cref="OnePassOptions.LearningRateGranularity"/>
    public Granularity LearningRateGranularity { get => Engine.LearningRateGranularity; set => Engine = Engine with { LearningRateGranularity = value }; }

    /// <inheritdoc cref="OnePassOptions.WeightDecayGranularity"/>
    public Granularity WeightDecayGranularity { get => Engine.WeightDecayGranularity; set => Engine = Engine with { WeightDecayGranularity = value }; }

    /// <inheritdoc cref="OnePassOptions.RetrainOnAll"/>
    public bool RetrainOnAll { get => Engine.RetrainOnAll; set => Engine = Engine with { RetrainOnAll = value }; }

    /// <inheritdoc/>
    internal override OnePassOptions ToEngine(int seed)
    {
        OnePassOptions options = base.ToEngine(seed);
        if (Tune.Count == 0 || options.Rule is null || options.Method is null)
            return options;
        IReadOnlyList<Hyperparameter> byDefault = (options with { Tune = null, Initial = null }).Hyperparameters();
        // Names that neither rule nor loss has are for the engine to refuse.
        Dictionary<string, bool> tune = Tune.ToDictionary(choice => NameFor(options.Rule, choice.Key), choice => choice.Value);
        return options with { Tune = [.. byDefault.Where(h => tune.TryGetValue(h.Name, out bool isTuned) ? isTuned : h.Tuned).Select(h => h.Name), .. tune.Keys.Except(byDefault.Select(h => h.Name))] };
    }

    private bool IsTuned(string hyperparameter) => !Tune.TryGetValue(hyperparameter, out bool isTuned) || isTuned;
}
