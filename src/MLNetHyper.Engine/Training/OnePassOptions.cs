namespace MLNetHyper.Engine;

/// <summary>How <see cref="OnePass"/> trains. The defaults are meant to be left alone.</summary>
public sealed record OnePassOptions
{
    /// <summary>Units of every hidden layer; empty for a linear, logistic or softmax model. Default: one layer of 50.</summary>
    public IReadOnlyList<int> Hidden { get; init; } = Defaults.Hidden;

    /// <summary>The hidden layers' activation. Default ReLU.</summary>
    public Activation Activation { get; init; } = Activation.Relu;

    /// <summary>How gradients change weights. Default: SGD with momentum and weight decay.</summary>
    public UpdateRule Rule { get; init; } = new SgdUpdate();

    /// <summary>How hypergradients are estimated. Default: see <see cref="Defaults.Method"/>.</summary>
    public HypergradientMethod Method { get; init; } = Defaults.Method;

    /// <summary>Names of the hyperparameters to tune. Default: all that the method can tune, of the rule's and of the loss's.</summary>
    public IReadOnlyList<string>? Tune { get; init; }

    /// <summary>Starting values by name, in place of the rule's own. Bounds of tuning that exclude one widen to it. Default: none.</summary>
    public IReadOnlyDictionary<string, double>? Initial { get; init; }

    /// <summary>The learning rate's granularity. Default: one value.</summary>
    public Granularity LearningRateGranularity { get; init; } = Granularity.Scalar;

    /// <summary>The weight decay's granularity. Default: one value.</summary>
    public Granularity WeightDecayGranularity { get; init; } = Granularity.Scalar;

    /// <inheritdoc cref="Regularization.LabelSmoothing"/>
    public double? LabelSmoothing { get; init; }

    /// <inheritdoc cref="Regularization.InputNoise"/>
    public double? InputNoise { get; init; }

    /// <summary>What moves the hyperparameters. Default: Adam with meta-learning rate 0.05.</summary>
    public MetaOptimizer MetaOptimizer { get; init; } = new AdamMetaOptimizer();

    /// <summary>The tuning interval T: weight steps between hyperparameter steps. Default 10.</summary>
    public int Interval { get; init; } = Defaults.Interval;

    /// <summary>
    /// Examples in a batch; null for the default: all of them up to <see cref="Defaults.LargestFullBatch"/>, else <see cref="Defaults.MinibatchSize"/>,
    /// and this always for a source of several blocks. It must divide the size of such blocks.
    /// </summary>
    public int? BatchSize { get; init; }

    /// <summary>
    /// Validation examples for one hypergradient, at most; they are divided into equal batches, which take turns. Null for the default: all
    /// of them where every step uses all training rows, else <see cref="Defaults.ValidationBatches"/> times as many as a step. All are used
    /// for choosing the best weights.
    /// </summary>
    public int? ValidationBatchSize { get; init; }

    /// <summary>Weight steps. Give this or <see cref="Epochs"/>, or neither for the default budget.</summary>
    public long? Steps { get; init; }

    /// <summary>Passes over the training rows.</summary>
    public int? Epochs { get; init; }

    /// <summary>Wall-clock limit. Default: none.</summary>
    public TimeSpan? TimeBudget { get; init; }

    /// <summary>Stops when the validation loss has not improved for this many steps. Default: never; the best weights are kept anyway.</summary>
    public long? Patience { get; init; }

    /// <summary>
    /// After tuning, trains once more from the same initial weights on training and validation rows together, replaying the
    /// learned schedule up to the best step. Needs all rows in memory, and one value of each tuned hyperparameter: of several the schedule
    /// has but the mean. Without validation rows there is nothing to do. Default false.
    /// </summary>
    public bool RetrainOnAll { get; init; }

    /// <summary>
    /// Weights to start from in place of random ones, for standardized features, tensor by tensor as in <see cref="NetworkObjective{T}"/>; for
    /// warm starts. As many as the network has, all finite. Default: null, drawn from the seed.
    /// </summary>
    public IReadOnlyList<double>? InitialWeights { get; init; }

    /// <summary>The greatest norm of a training gradient; longer ones are scaled down to it. Above 0. Default: null, none.</summary>
    public double? GradientClip { get; init; }

    /// <summary>Roll back on divergence. Default true.</summary>
    public bool Guard { get; init; } = true;

    /// <summary>Threads that may share a large batch. Default 1.</summary>
    public int Threads { get; init; } = 1;

    /// <summary>Seed of initial weights and shuffling. Default 0.</summary>
    public int Seed { get; init; }

    /// <summary>
    /// File for checkpoints, from which an interrupted run with the same data and options goes on, and a finished one with a larger budget. That of a
    /// finished run is replaced by any other run; that of an unfinished one is refused by others. Default: none.
    /// </summary>
    public string? CheckpointPath { get; init; }

    /// <summary>Least time between two checkpoints. Default 5 seconds.</summary>
    public TimeSpan CheckpointEvery { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>What the training loss has beside the plain one.</summary>
    internal Regularization Regularization => new() { LabelSmoothing = LabelSmoothing, InputNoise = InputNoise };

    /// <inheritdoc cref="LoopOptions.Clock"/>
    internal TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>The measured defaults (docs/choosing-a-method.md has the measurements).</summary>
    public static class Defaults
    {
        /// <summary>One hidden layer of 50 units.</summary>
        public static IReadOnlyList<int> Hidden { get; } = [50];

        /// <summary>Neumann series of weights and momentum, look-back distance 5: the best quality for its cost where we measured.</summary>
        public static HypergradientMethod Method { get; } = new AugmentedNeumann();

        /// <summary>T = 10.</summary>
        public const int Interval = 10;

        /// <summary>Up to so many training rows, every step uses all of them.</summary>
        public const int LargestFullBatch = 10_000;

        /// <summary>The batch size for more rows than that.</summary>
        public const int MinibatchSize = 256;

        /// <summary>With minibatches, a hypergradient's validation batch is this many times a step's batch: at T = 10 it adds four tenths of a step to each.</summary>
        public const int ValidationBatches = 4;

        /// <summary>The default budget of weight steps.</summary>
        public const long Steps = 10_000;
    }

    /// <summary>Throws if the options do not fit together, as <see cref="OnePass"/> does, but before data are read.</summary>
    /// <exception cref="ArgumentException">The message says what does not fit and what to change.</exception>
    public void Check()
    {
        foreach (int units in Hidden)
            AtLeastOne(units, "A hidden layer", "unit");
        CheckTraining();
    }

    /// <summary>The same but for the network's shape, which may come from elsewhere.</summary>
    internal void CheckTraining() => CheckTraining(Regularization.Hyperparameters);

    /// <summary>The same for an objective with other hyperparameters of its own.</summary>
    internal void CheckTraining(IReadOnlyList<Hyperparameter> ofObjective)
    {
        AtLeastOne(BatchSize, "A batch", "example");
        AtLeastOne(ValidationBatchSize, "A validation batch", "example");
        AtLeastOne(Threads, "Training", "thread");
        IReadOnlyList<Hyperparameter> hyperparameters = HyperparametersWith(ofObjective);
        if (hyperparameters.Select(h => h.Fault()).OfType<string>().FirstOrDefault() is { } fault)
            throw new ArgumentException(fault);
        if (RetrainOnAll && hyperparameters.FirstOrDefault(h => h.Tuned && h.Granularity != Granularity.Scalar) is { } fine)
            throw new ArgumentException($"Retraining on all rows replays one value of each hyperparameter, but '{fine.Name}' is tuned {(fine.Granularity == Granularity.PerTensor ? "per tensor" : "per weight")}. Leave retraining out, or tune '{fine.Name}' as one value, with the scalar granularity.");
        new LoopOptions { Rule = Rule, Hyperparameters = hyperparameters, Method = Method, Interval = Interval, Steps = StepsFor(1), TimeBudget = TimeBudget, Patience = Patience, InitialWeights = InitialWeights, GradientClip = GradientClip }.Validate(ofObjective);
    }

    private static void AtLeastOne(int? number, string what, string noun)
    {
        if (number < 1)
            throw new ArgumentException($"{what} needs at least one {noun}, but {number} were asked for.");
    }

    /// <summary>How many examples a step uses.</summary>
    /// <param name="examples">Number of training rows.</param>
    /// <param name="inBlocks">Whether the rows come in several blocks.</param>
    public int BatchSizeFor(int examples, bool inBlocks = false) =>
        Math.Min(examples, BatchSize ?? (examples <= Defaults.LargestFullBatch && !inBlocks ? examples : Defaults.MinibatchSize));

    internal int ValidationBatchSizeFor(int examples, int validationExamples, bool inBlocks = false)
    {
        int batch = BatchSizeFor(examples, inBlocks);
        long most = Math.Min(validationExamples, ValidationBatchSize ?? (batch == examples ? validationExamples : (long)Defaults.ValidationBatches * batch));
        if (most < 1)
            return 0;
        // As many batches as that needs, but equal ones: what was left over would make a hypergradient of a few rows.
        long batches = (validationExamples + most - 1) / most;
        return (int)((validationExamples + batches - 1) / batches);
    }

    internal long? StepsFor(int examples, bool inBlocks = false)
    {
        if (Steps is not null && Epochs is not null)
            throw new ArgumentException("Give the budget as steps or as epochs, not both.");
        long batch = BatchSizeFor(examples, inBlocks);
        if (Epochs is { } epochs)
            return epochs >= 1 ? epochs * ((examples + batch - 1) / batch) : throw new ArgumentException($"Training needs at least one epoch, but {epochs} were asked for.");
        return Steps ?? (TimeBudget is null ? Defaults.Steps : null);
    }

    /// <summary>What the training loop is to know of these options.</summary>
    internal LoopOptions ToLoop(int examples, bool inBlocks, IReadOnlyList<Hyperparameter>? ofObjective = null) => new()
    {
        Rule = Rule,
        Hyperparameters = HyperparametersWith(ofObjective ?? Regularization.Hyperparameters),
        Method = Method,
        MetaOptimizer = MetaOptimizer,
        Interval = Interval,
        Steps = StepsFor(examples, inBlocks),
        TimeBudget = TimeBudget,
        Patience = Patience,
        Guard = Guard,
        GradientClip = GradientClip,
        Seed = Seed,
        InitialWeights = InitialWeights,
        CheckpointPath = CheckpointPath,
        CheckpointEvery = CheckpointEvery,
        Clock = Clock,
    };

    /// <summary>The hyperparameters as these options set them: the rule's, then the loss's.</summary>
    public IReadOnlyList<Hyperparameter> Hyperparameters() => HyperparametersWith(Regularization.Hyperparameters);

    /// <summary>The same with an objective's own in place of the network's.</summary>
    internal IReadOnlyList<Hyperparameter> HyperparametersWith(IReadOnlyList<Hyperparameter> ofLoss)
    {
        IReadOnlyList<Hyperparameter> all = [.. Rule.Hyperparameters, .. ofLoss];
        string[] known = [.. all.Select(h => h.Name)];
        foreach (string name in (Tune ?? []).Concat(Initial?.Keys ?? []))
        {
            if (!known.Contains(name))
                throw new ArgumentException($"The update rule '{Rule.Name}' has no hyperparameter '{name}'; {(ofLoss.Count == 0 ? "it has" : "it and the loss have")} {string.Join(", ", known)}.");
        }
        return [.. all.Select((h, i) => (Initial is not null && Initial.TryGetValue(h.Name, out double initial) ? h.StartingAt(initial) : h) with
        {
            Tuned = Tune?.Contains(h.Name) ?? (i < Rule.Hyperparameters.Count ? Method.Tunes?.Contains(h.Name) ?? true : Method.TunesObjective),
            Granularity = h.Name switch
            {
                Hyperparameter.LearningRate => LearningRateGranularity,
                Hyperparameter.WeightDecay => WeightDecayGranularity,
                _ => Granularity.Scalar,
            },
        })];
    }
}
