namespace MLNetHyper.Engine;

/// <summary>How <see cref="OnePass"/> trains. The defaults are meant to be left alone.</summary>
public sealed record OnePassOptions : RunOptions
{
    /// <summary>The options' defaults.</summary>
    public OnePassOptions()
    {
        (Rule, Method, MetaOptimizer) = (Defaults.Rule, Defaults.Method, Defaults.MetaOptimizer);
        AveragingDecay = Defaults.AveragingDecay;
    }

    /// <summary>One network in place of several: a quarter of the time, and errors some percent higher (docs/choosing-a-method.md).</summary>
    public static OnePassOptions Fast { get; } = new() { Members = 1 };

    /// <summary>Twice as many networks as by default, and twice as many steps: four times the time, and errors a little lower (docs/choosing-a-method.md).</summary>
    public static OnePassOptions Best { get; } = new() { Members = 2 * Defaults.Members, Effort = 2 };

    /// <summary>
    /// What Clarke et al. 2022 published for tables, but for the guard: SGD in full batches from standardized features, one network of 50 units, 10000 steps, no schedule and no averaging.
    /// </summary>
    public static OnePassOptions Published { get; } = new()
    {
        Rule = new SgdUpdate(),
        MetaOptimizer = new AdamMetaOptimizer(),
        Method = new AugmentedNeumann(),
        HiddenLayers = [50],
        Bins = 0,
        Members = 1,
        LearningRateSchedule = LearningRateSchedule.Constant,
        AveragingDecay = 0,
        BatchSize = int.MaxValue,
        Steps = 10_000,
    };

    /// <summary>Units of each hidden layer. From 1 to 10000 each; empty for a linear, logistic or softmax model. Default: two layers of 64.</summary>
    public IReadOnlyList<int> HiddenLayers { get; init; } = Defaults.HiddenLayers;

    /// <summary>The hidden layers' activation. Default ReLU.</summary>
    public Activation Activation { get; init; } = Activation.Relu;

    /// <summary>
    /// Bins of the piecewise-linear encoding beside each feature of more than two values; 0 for none. Or from 2 to 256. Null for the default: as many as make about 128 of all features, from 4 to 32
    /// each; none for more than 64 features (Gorishniy et al. 2022).
    /// </summary>
    public int? Bins { get; init; }

    /// <summary>Whether standardized features are scaled by their quartiles and outliers pulled in smoothly, to within ±3. Default false: beside bins it made errors higher (Holzmüller et al. 2024 have it without them).</summary>
    public bool RobustScaling { get; init; }

    /// <summary>Which hyperparameters to tune, by name: <c>lr</c>, <c>wd</c>, <c>momentum</c>, … Default: all that the method can tune, of the rule's and of the loss's.</summary>
    public IReadOnlyList<string>? Tune { get; init; }

    /// <summary>
    /// Where hyperparameters start. With a schedule, a tuned lr comes close to the rule's own value within a twentieth of the run; if it started above that, the weights start again there. The schedule begins then. A learning rate that is to stay elsewhere is
    /// left out of <see cref="Tune"/>. By name; bounds of tuning that exclude a start are widened to it. Default: the rule's own values.
    /// </summary>
    public IReadOnlyDictionary<string, double>? Initial { get; init; }

    /// <summary>One learning rate for all weights, one per weight tensor, or one per weight. Default: one.</summary>
    public Granularity LearningRateGranularity { get; init; } = Granularity.Scalar;

    /// <summary>One weight decay for all weights, one per weight tensor, or one per weight. Default: one.</summary>
    public Granularity WeightDecayGranularity { get; init; } = Granularity.Scalar;

    /// <summary>The share by which class targets are pulled towards their mean, to start from: the hyperparameter <c>smoothing</c>. Above 0 and below 1. Default: none. See <see cref="Regularization.LabelSmoothing"/>.</summary>
    public double? LabelSmoothing { get; init; }

    /// <summary>The standard deviation of normal noise on the standardized features at every step, to start from: the hyperparameter <c>noise</c>. Above 0. Default: none. See <see cref="Regularization.InputNoise"/>.</summary>
    public double? InputNoise { get; init; }

    /// <summary>Examples in a batch. At least 1; where rows come in several blocks, a divisor of the blocks' size. Default <see cref="Defaults.BatchSize"/>, or all where there are fewer.</summary>
    public int? BatchSize { get; init; }

    /// <summary>
    /// Validation examples for one hypergradient, at most. At least 1; they are divided into equal batches, which take turns. Null for the default: all
    /// of them where every step uses all training rows, else as many as a step. All are used for
    /// choosing the best weights.
    /// </summary>
    public int? ValidationBatchSize { get; init; }

    /// <summary>Passes over the training rows, in place of steps. At least 1; with full batches an epoch is a single step. Default: null, see <see cref="RunOptions.Steps"/>.</summary>
    public int? Epochs { get; init; }

    /// <summary>
    /// After tuning, train once more on training and validation rows together with the learned schedule. It goes up to the best step, from the same
    /// initial weights, and its weights are kept unless they are worse. It needs all rows in memory, and one value of each tuned hyperparameter: of several, the
    /// schedule has only the mean. Without validation rows there is nothing to do. Default false.
    /// </summary>
    public bool RetrainOnAll { get; init; }

    /// <summary>
    /// How many networks train side by side; the model is their mean. From 1 to 1024. Each has its own weights and, where rows are divided at random, its own validation rows, so that all rows
    /// train. Null for the default: <see cref="Defaults.Members"/>, or 1 with options that need a single network (<see cref="RetrainOnAll"/>, <see cref="RunOptions.GradientClip"/>, the methods of implicit differentiation).
    /// </summary>
    public int? Members { get; init; }

    /// <summary>Factor on the default number of steps, if neither steps nor epochs are given. Above 0, up to 1000. Default 1.</summary>
    public double Effort { get; init; } = 1;

    private protected override LearningRateSchedule DefaultSchedule => Rule is { NeedsNoSchedule: true } ? LearningRateSchedule.Constant : Defaults.LearningRateSchedule;

    /// <summary>How many networks train.</summary>
    internal int MemberCount => Members ?? (RetrainOnAll || GradientClip is not null || !Method.SeparatesModels ? 1 : Defaults.Members);

    /// <summary>
    /// Threads that may share a large batch, or several members, where that is faster. From 1 to 1024; the model is the same for every number. Null (default) for one per processor, up to 16, or 1 beside
    /// other workers and in comparisons, whose runs train side by side and are timed.
    /// </summary>
    public int? Threads { get; init; }

    /// <summary>How many threads train.</summary>
    internal int ThreadCount => Threads ?? (Workers.Count > 1 ? 1 : Math.Min(Environment.ProcessorCount, Defaults.MostThreads));

    /// <summary>What is done to standardized features.</summary>
    internal InputOptions Inputs => new(RobustScaling, Bins);

    /// <summary>What the training loss has beside the plain one.</summary>
    internal Regularization Regularization => new() { LabelSmoothing = LabelSmoothing, InputNoise = InputNoise };

    /// <summary>The measured defaults (docs/choosing-a-method.md has the measurements).</summary>
    public static class Defaults
    {
        /// <summary>Two hidden layers of 64 units.</summary>
        public static IReadOnlyList<int> HiddenLayers { get; } = [64, 64];

        /// <summary>AdamW.</summary>
        public static UpdateRule Rule { get; } = new AdamUpdate();

        /// <summary>The last step alone, the cheapest, with the validation gradient extrapolated to where training goes.</summary>
        public static HypergradientMethod Method { get; } = new Extrapolated();

        /// <summary>Adam with meta-learning rate 0.1, whose steps count only as far as they stand out from the noise.</summary>
        public static MetaOptimizer MetaOptimizer { get; } = new AdamMetaOptimizer(0.1, caution: 2);

        /// <summary>Batches are cut into no more pieces.</summary>
        internal const int MostThreads = 16;

        /// <summary>T = 10.</summary>
        public const int TuningInterval = 10;

        /// <summary>A short warm-up, full speed up to the middle, then half a cosine.</summary>
        public const LearningRateSchedule LearningRateSchedule = Engine.LearningRateSchedule.WarmupStableDecay;

        /// <summary>With a schedule, by how much (raw: in decades of SGD's and Adam's) tuning may leave the range between the learning rate's start and the rule's own value.</summary>
        public const double LearningRateSlack = 0.01;

        /// <summary>An average over some two hundred steps.</summary>
        public const double AveragingDecay = 0.995;

        /// <summary>Networks whose mean is the model.</summary>
        public const int Members = 4;

        /// <summary>The examples of a step.</summary>
        public const int BatchSize = 128;

        /// <summary>
        /// The default budget: weight steps that grow with the root of the number of training rows, so that few rows are passed often and many seldom, without a step between small tables and large ones. Most tables need less, and <see cref="Patience"/> ends them.
        /// </summary>
        /// <param name="rows">Training rows.</param>
        public static long Steps(long rows) => Math.Max(1500, (long)(48 * Math.Sqrt(rows)));

        /// <summary>A tenth of the steps: tables soon learned take a half to a fifth of the time, and waiting to the end lowers the error of few (docs/choosing-a-method.md).</summary>
        /// <param name="steps">The default budget.</param>
        public static long Patience(long steps) => Math.Max(1, steps / 10);
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
        if (RetrainOnAll && Divide == WorkerDivision.Rows)
            throw new ArgumentException("Retraining on all rows needs them all, but each worker is to keep its own. Turn RetrainOnAll off, or divide batches.");
        if (MemberCount > 1 && RetrainOnAll)
            throw new ArgumentException("Several members have already seen all rows. Turn RetrainOnAll off, or train one member.");
        if (MemberCount > 1 && GradientClip is not null)
            throw new ArgumentException("GradientClip would clip the gradients of all members together. Leave it out, or train one member.");
        if (MemberCount > 1 && !Method.SeparatesModels)
            throw new ArgumentException($"The method '{Method.Name}' cannot tell members apart. Train one member, or choose another method.");
        ToLoop(1, ofObjective).Validate(ofObjective);
    }

    /// <summary>How many examples a step uses.</summary>
    /// <param name="examples">Number of training rows.</param>
    public int BatchSizeFor(int examples) =>
        Math.Min(examples, BatchSize ?? Defaults.BatchSize);

    internal int ValidationBatchSizeFor(int examples, int validationExamples)
    {
        int batch = BatchSizeFor(examples);
        long most = Math.Min(validationExamples, ValidationBatchSize ?? (batch == examples ? validationExamples : batch));
        if (most < 1)
            return 0;
        // As many batches as that needs, but equal ones: what was left over would make a hypergradient of a few rows.
        long batches = (validationExamples + most - 1) / most;
        return (int)((validationExamples + batches - 1) / batches);
    }

    internal long? StepsFor(int examples)
    {
        if (Steps is not null && Epochs is not null)
            throw new ArgumentException("Give the budget as steps or as epochs, not both.");
        long batch = BatchSizeFor(examples);
        if (Epochs is { } epochs)
            return epochs * ((examples + batch - 1) / batch);
        return Steps ?? (TimeBudget is null ? DefaultSteps(examples) : null);
    }

    /// <summary>The steps of a run whose length nothing else says.</summary>
    internal long DefaultSteps(int examples) => (long)Math.Ceiling(Effort * Defaults.Steps(examples));

    /// <summary>After how many steps without a lower validation loss training stops; null for never.</summary>
    internal long? PatienceFor(int examples) => Patience ?? (Steps is null && Epochs is null && TimeBudget is null ? Defaults.Patience(DefaultSteps(examples)) : null);

    /// <summary>What the training loop is to know of these options.</summary>
    internal LoopOptions ToLoop(int examples, IReadOnlyList<Hyperparameter>? ofObjective = null) =>
        new(this) { LearningRateSchedule = LearningRateSchedule, Hyperparameters = HyperparametersWith(ofObjective ?? Regularization.Hyperparameters), Steps = StepsFor(examples), Patience = PatienceFor(examples), ElementClamp = Method.ElementClamp };

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
        return [.. all.Select((h, i) =>
        {
            bool tuned = Tune?.Contains(h.Name) ?? (i < Rule.Hyperparameters.Count ? Rule.TunedByDefault.Contains(h.Name) && (Method.Tunes?.Contains(h.Name) ?? true) : Method.TunesObjective);
            return Started(tuned ? Method.Define(h) : h, tuned) with
            {
                Tuned = tuned,
                Granularity = h.Name switch
                {
                    Hyperparameter.LearningRate => LearningRateGranularity,
                    Hyperparameter.WeightDecay => WeightDecayGranularity,
                    _ => h.Granularity,
                },
            };
        })];
    }

    private Hyperparameter Started(Hyperparameter h, bool tuned)
    {
        Hyperparameter started = Initial is not null && Initial.TryGetValue(h.Name, out double initial) ? h.StartingAt(initial) : h;
        if (!tuned || h.Name != Hyperparameter.LearningRate || LearningRateSchedule == LearningRateSchedule.Constant || Method.TakesSeveralPasses)
            return started;
        // Short windows see the noise of long steps, and not how far they lead. Where a schedule shortens them anyway, tuning takes the learning rate from where it starts to the rule's own value, and little beyond.
        double own = h.Transform.ToRaw(h.Initial), start = started.Transform.ToRaw(started.Initial);
        if (!double.IsFinite(start))
            return started;
        (double lower, double upper) = (own - Defaults.LearningRateSlack, own + Defaults.LearningRateSlack);
        return started with { Lower = Math.Min(lower, start - Defaults.LearningRateSlack), Upper = Math.Max(upper, start + Defaults.LearningRateSlack), Settled = start < lower || start > upper ? (lower, upper) : null };
    }
}
