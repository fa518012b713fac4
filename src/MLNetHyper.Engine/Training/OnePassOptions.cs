namespace MLNetHyper.Engine;

/// <summary>How <see cref="OnePass"/> trains. The defaults are meant to be left alone.</summary>
public sealed record OnePassOptions : RunOptions
{
    /// <summary>The options' defaults.</summary>
    public OnePassOptions() => (Method, LearningRateSchedule, AveragingDecay) = (Defaults.Method, Defaults.LearningRateSchedule, Defaults.AveragingDecay);

    /// <summary>Units of each hidden layer. From 1 to 10000 each; empty for a linear, logistic or softmax model. Default: one layer of 50.</summary>
    public IReadOnlyList<int> HiddenLayers { get; init; } = Defaults.HiddenLayers;

    /// <summary>The hidden layers' activation. Default ReLU.</summary>
    public Activation Activation { get; init; } = Activation.Relu;

    /// <summary>
    /// Bins of the piecewise-linear encoding that stands beside each standardized feature of more than two values, between its quantiles: 0 for none, or from 2 to 256. Null for the default: as
    /// many as make about 128 of all features, from 4 to 32 each; none for more than 64 features (Gorishniy et al. 2022).
    /// </summary>
    public int? Bins { get; init; }

    /// <summary>Whether standardized features are scaled by their quartiles and outliers drawn in smoothly, to within ±3. Default true (Holzmüller et al. 2024).</summary>
    public bool RobustScaling { get; init; }

    /// <summary>Which hyperparameters to tune, by name: <c>lr</c>, <c>wd</c>, <c>momentum</c>, … Default: all that the method can tune, of the rule's and of the loss's.</summary>
    public IReadOnlyList<string>? Tune { get; init; }

    /// <summary>Where hyperparameters start, by name. Bounds of tuning that exclude one widen to it. Default: the rule's own values.</summary>
    public IReadOnlyDictionary<string, double>? Initial { get; init; }

    /// <summary>One learning rate for all weights, one per weight tensor, or one per weight. Default: one.</summary>
    public Granularity LearningRateGranularity { get; init; } = Granularity.Scalar;

    /// <summary>One weight decay for all weights, one per weight tensor, or one per weight. Default: one.</summary>
    public Granularity WeightDecayGranularity { get; init; } = Granularity.Scalar;

    /// <summary>The share by which the targets of classes are drawn towards their mean, to start from: the hyperparameter <c>smoothing</c>. Above 0 and below 1. Default: none. See <see cref="Regularization.LabelSmoothing"/>.</summary>
    public double? LabelSmoothing { get; init; }

    /// <summary>The deviation of normal noise on the standardized features of every step, to start from: the hyperparameter <c>noise</c>. Above 0. Default: none. See <see cref="Regularization.InputNoise"/>.</summary>
    public double? InputNoise { get; init; }

    /// <summary>Examples in a batch. At least 1; of rows in several blocks a divisor of their size. Default: all up to <see cref="Defaults.LargestFullBatch"/> in one block, else <see cref="Defaults.MinibatchSize"/>.</summary>
    public int? BatchSize { get; init; }

    /// <summary>
    /// Validation examples for one hypergradient, at most. At least 1; they are divided into equal batches, which take turns. Null for the default: all
    /// of them where every step uses all training rows, else <see cref="Defaults.ValidationBatches"/> times as many as a step. All are used
    /// for choosing the best weights.
    /// </summary>
    public int? ValidationBatchSize { get; init; }

    /// <summary>Passes over the training rows, in place of steps. At least 1; with full batches an epoch is a single step. Default: null, see <see cref="RunOptions.Steps"/>.</summary>
    public int? Epochs { get; init; }

    /// <summary>
    /// After tuning, train once more on training and validation rows together with the learned schedule. Up to the best step, from the same
    /// initial weights, and keeps that unless it is worse. Needs all rows in memory, and one value of each tuned hyperparameter: of several the
    /// schedule has but the mean. Without validation rows there is nothing to do. Default false.
    /// </summary>
    public bool RetrainOnAll { get; init; }

    /// <summary>
    /// Networks that train side by side from weights of their own and whose mean is the model. From 1 to 1024; several validate on other rows each, where which rows validate is left to chance, so that
    /// all rows train. Default <see cref="Defaults.Members"/>.
    /// </summary>
    public int Members { get; init; } = Defaults.Members;

    /// <summary>Threads that may share a large batch, or several members. From 1 to 1024; the model is the same for every number. Default 1.</summary>
    public int Threads { get; init; } = 1;

    /// <summary>What is done to standardized features.</summary>
    internal InputOptions Inputs => new(RobustScaling, Bins);

    /// <summary>What the training loss has beside the plain one.</summary>
    internal Regularization Regularization => new() { LabelSmoothing = LabelSmoothing, InputNoise = InputNoise };

    /// <summary>The measured defaults (docs/choosing-a-method.md has the measurements).</summary>
    public static class Defaults
    {
        /// <summary>One hidden layer of 50 units.</summary>
        public static IReadOnlyList<int> HiddenLayers { get; } = [50];

        /// <summary>Neumann series of weights and momentum, look-back distance 5: the best quality for its cost where we measured.</summary>
        public static HypergradientMethod Method { get; } = new AugmentedNeumann();

        /// <summary>Half a cosine.</summary>
        public const LearningRateSchedule LearningRateSchedule = Engine.LearningRateSchedule.Cosine;

        /// <summary>An average over some two hundred steps.</summary>
        public const double AveragingDecay = 0.995;

        /// <summary>One network.</summary>
        public const int Members = 1;

        /// <summary>T = 10.</summary>
        public const int TuningInterval = 10;

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
    public void Check() => Check(TrainingOptions.All, Regularization.Hyperparameters);

    /// <summary>The same but for the network's shape, which may come from elsewhere.</summary>
    /// <param name="ofObjective">An objective's own hyperparameters in place of the network's.</param>
    internal void CheckTraining(IReadOnlyList<Hyperparameter>? ofObjective = null) => Check(TrainingOptions.Training, ofObjective ?? Regularization.Hyperparameters);

    private void Check(IReadOnlyList<TrainingOption> table, IReadOnlyList<Hyperparameter> ofObjective)
    {
        foreach (TrainingOption option in table)
            option.Check(this);
        IReadOnlyList<Hyperparameter> hyperparameters = HyperparametersWith(ofObjective);
        if (hyperparameters.Select(h => h.Fault()).OfType<string>().FirstOrDefault() is { } fault)
            throw new ArgumentException(fault);
        if (RetrainOnAll && hyperparameters.FirstOrDefault(h => h.Tuned && h.Granularity != Granularity.Scalar) is { } fine)
            throw new ArgumentException($"Retraining on all rows replays one value of each hyperparameter, but '{fine.Name}' is tuned {(fine.Granularity == Granularity.PerTensor ? "per tensor" : "per weight")}. Leave retraining out, or tune '{fine.Name}' as one value, with the scalar granularity.");
        if (Members > 1 && RetrainOnAll)
            throw new ArgumentException("Several members have seen all rows already. Turn RetrainOnAll off, or train one member.");
        if (Members > 1 && GradientClip is not null)
            throw new ArgumentException("GradientClip would clip the gradients of all members together. Leave it out, or train one member.");
        if (Members > 1 && !Method.SeparatesModels)
            throw new ArgumentException($"The method '{Method.Name}' cannot tell members apart. Train one member, or choose another method.");
        ToLoop(1, inBlocks: false, ofObjective).Validate(ofObjective);
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
            return epochs * ((examples + batch - 1) / batch);
        return Steps ?? (TimeBudget is null ? Defaults.Steps : null);
    }

    /// <summary>What the training loop is to know of these options.</summary>
    internal LoopOptions ToLoop(int examples, bool inBlocks, IReadOnlyList<Hyperparameter>? ofObjective = null) => new(this) { Hyperparameters = HyperparametersWith(ofObjective ?? Regularization.Hyperparameters), Steps = StepsFor(examples, inBlocks) };

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
