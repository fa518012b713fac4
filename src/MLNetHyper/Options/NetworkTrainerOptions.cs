using MLNetHyper.Engine;

namespace MLNetHyper;

/// <summary>What <c>OnePassSgd</c> and <c>FixedSgd</c> have in common: columns, the network, the budget and the surroundings of a run.</summary>
public abstract class NetworkTrainerOptions
{
    private protected NetworkTrainerOptions() { }

    /// <summary>
    /// The label's column. Regression: <see cref="float"/>; binary classification: <see cref="bool"/>; multiclass classification: a key.
    /// Default <c>"Label"</c>.
    /// </summary>
    public string LabelColumnName { get; set; } = Defaults.LabelColumnName;

    /// <summary>
    /// The features' column: a vector of known size of <see cref="float"/>, dense or sparse. Default <c>"Features"</c>. Of 1024 features or more, those that are
    /// the same in all training rows take no part in training, so that hashed texts and n-grams cost what their varying slots cost.
    /// </summary>
    public string FeatureColumnName { get; set; } = Defaults.FeatureColumnName;

    /// <summary>The column of example weights, <see cref="float"/>, not negative; null (default) for equal weights. Rows of weight zero are skipped, as ML.NET skips them.</summary>
    public string? ExampleWeightColumnName { get; set; }

    /// <inheritdoc cref="OnePassOptions.HiddenLayers"/>
    public IReadOnlyList<int> HiddenLayers { get => Engine.HiddenLayers; set => Engine = Engine with { HiddenLayers = value }; }

    /// <inheritdoc cref="OnePassOptions.Activation"/>
    public Activation Activation { get => Engine.Activation; set => Engine = Engine with { Activation = value }; }

    /// <inheritdoc cref="OnePassOptions.Bins"/>
    public int? Bins { get => Engine.Bins; set => Engine = Engine with { Bins = value }; }

    /// <inheritdoc cref="OnePassOptions.RobustScaling"/>
    public bool RobustScaling { get => Engine.RobustScaling; set => Engine = Engine with { RobustScaling = value }; }

    /// <inheritdoc cref="OnePassOptions.Members"/>
    public int? Members { get => Engine.Members; set => Engine = Engine with { Members = value }; }

    /// <inheritdoc cref="RunOptions.LearningRateSchedule"/>
    public LearningRateSchedule LearningRateSchedule { get => Engine.LearningRateSchedule; set => Engine = Engine with { LearningRateSchedule = value }; }

    /// <inheritdoc cref="RunOptions.AveragingDecay"/>
    public double AveragingDecay { get => Engine.AveragingDecay; set => Engine = Engine with { AveragingDecay = value }; }

    /// <inheritdoc cref="RunOptions.Rule"/>
    public UpdateRule Rule { get => Engine.Rule; set => Engine = Engine with { Rule = value }; }

    /// <summary>Values to start from, and where nothing tunes them to stay at, by hyperparameter name, such as <c>lr</c>, in place of the rule's own. Default: none.</summary>
    public IDictionary<string, double> Initial { get; } = new Dictionary<string, double>();

    /// <inheritdoc cref="OnePassOptions.BatchSize"/>
    public int? BatchSize { get => Engine.BatchSize; set => Engine = Engine with { BatchSize = value }; }

    /// <inheritdoc cref="RunOptions.Steps"/>
    public long? Steps { get => Engine.Steps; set => Engine = Engine with { Steps = value }; }

    /// <inheritdoc cref="OnePassOptions.Effort"/>
    public double Effort { get => Engine.Effort; set => Engine = Engine with { Effort = value }; }

    /// <inheritdoc cref="OnePassOptions.Epochs"/>
    public int? Epochs { get => Engine.Epochs; set => Engine = Engine with { Epochs = value }; }

    /// <inheritdoc cref="RunOptions.TimeBudget"/>
    public TimeSpan? TimeBudget { get => Engine.TimeBudget; set => Engine = Engine with { TimeBudget = value }; }

    /// <inheritdoc cref="RunOptions.Patience"/>
    public long? Patience { get => Engine.Patience; set => Engine = Engine with { Patience = value }; }

    /// <inheritdoc cref="OnePassOptions.LabelSmoothing"/>
    public double? LabelSmoothing { get => Engine.LabelSmoothing; set => Engine = Engine with { LabelSmoothing = value }; }

    /// <inheritdoc cref="OnePassOptions.InputNoise"/>
    public double? InputNoise { get => Engine.InputNoise; set => Engine = Engine with { InputNoise = value }; }

    /// <inheritdoc cref="RunOptions.GradientClip"/>
    public double? GradientClip { get => Engine.GradientClip; set => Engine = Engine with { GradientClip = value }; }

    /// <inheritdoc cref="RunOptions.Guard"/>
    public bool Guard { get => Engine.Guard; set => Engine = Engine with { Guard = value }; }

    /// <summary>The share of the rows that validate, drawn at random (by class, where there are classes), where <c>Fit</c> is given no validation set. Above 0 and below 1; default 0.1.</summary>
    public double ValidationFraction { get; set; } = Defaults.ValidationFraction;

    /// <summary>
    /// Whether features, and the label of regression, are brought to mean 0 and deviation 1 for training (default). The model takes and gives raw values
    /// either way. Turn it off only where a normalizer in the pipeline has done it.
    /// </summary>
    public bool Standardize { get; set; } = true;

    /// <summary>Where the network trains. Default <see cref="Device.Auto"/>.</summary>
    public Device Device { get; set; } = Device.Auto;

    /// <inheritdoc cref="OnePassOptions.Threads"/>
    public int? NumberOfThreads { get; set; }

    /// <summary>Seed of the validation rows, the initial weights and the shuffling; null (default) for one that follows from the context's.</summary>
    public int? Seed { get; set; }

    /// <summary>
    /// Bytes that training examples may take, at least a mebibyte; default 2 GiB. Larger data are read again in every epoch, in blocks within this limit,
    /// and shuffled within blocks: bring sorted data into a random order beforehand, as the log warns where it can tell.
    /// </summary>
    public long MemoryLimit { get; set; } = Defaults.MemoryLimit;

    /// <summary>Told of every hyperparameter step, on the training thread; null (default) for nobody.</summary>
    public IProgress<TrainingProgress>? Progress { get; set; }

    /// <summary>Ends training within one weight step, or a few short ones; <c>Fit</c> then returns the best model so far. While rows are still being read it waits for them. Default: never.</summary>
    public CancellationToken CancellationToken { get; set; }

    /// <inheritdoc cref="RunOptions.Workers"/>
    public Workers Workers { get => Engine.Workers; set => Engine = Engine with { Workers = value }; }

    /// <inheritdoc cref="RunOptions.AverageEvery"/>
    public AveragingInterval AverageEvery { get => Engine.AverageEvery; set => Engine = Engine with { AverageEvery = value }; }

    /// <inheritdoc cref="RunOptions.Divide"/>
    public WorkerDivision Divide { get => Engine.Divide; set => Engine = Engine with { Divide = value }; }

    /// <inheritdoc cref="RunOptions.CheckpointPath"/>
    public string? CheckpointPath { get => Engine.CheckpointPath; set => Engine = Engine with { CheckpointPath = value }; }

    /// <inheritdoc cref="RunOptions.CheckpointInterval"/>
    public TimeSpan CheckpointInterval { get => Engine.CheckpointInterval; set => Engine = Engine with { CheckpointInterval = value }; }

    /// <summary>The options that the engine has under the same names.</summary>
    private protected OnePassOptions Engine { get; set; } = new();

    /// <summary>The engine's options, with a seed.</summary>
    internal virtual OnePassOptions ToEngine(int seed) => Engine with
    {
        Initial = Initial.ToDictionary(value => NameFor(Engine.Rule, value.Key), value => value.Value),
        Threads = NumberOfThreads,
        Seed = seed,
    };

    /// <summary>Throws if the options do not fit together, before any data are read.</summary>
    internal void Check()
    {
        CheckName(LabelColumnName, nameof(LabelColumnName));
        CheckName(FeatureColumnName, nameof(FeatureColumnName));
        ArgumentNullException.ThrowIfNull(Device);
        if (!(ValidationFraction > 0 && ValidationFraction < 1))
            throw new ArgumentOutOfRangeException(nameof(ValidationFraction), ValidationFraction, "The fraction must lie between 0 and 1, both excluded: tuning needs rows to validate on.");
        if (MemoryLimit < Defaults.LeastMemoryLimit)
            throw new ArgumentOutOfRangeException(nameof(MemoryLimit), MemoryLimit, $"Training needs room for a block of examples: allow at least {Defaults.LeastMemoryLimit} bytes.");
        ToEngine(seed: 0).Check();
    }

    /// <summary>A rule's own name of what others call momentum: Adam's β₁.</summary>
    private protected static string NameFor(UpdateRule? rule, string hyperparameter) =>
        hyperparameter == Hyperparameter.Momentum && rule?.Hyperparameters.Any(h => h.Name == Hyperparameter.Beta1) == true ? Hyperparameter.Beta1 : hyperparameter;

    private protected double? InitialOf(string hyperparameter) => Initial.TryGetValue(hyperparameter, out double value) ? value : null;

    private protected void SetInitial(string hyperparameter, double? value)
    {
        if (value is { } given)
            Initial[hyperparameter] = given;
        else
            Initial.Remove(hyperparameter);
    }

    private static void CheckName(string name, string option)
    {
        if (string.IsNullOrWhiteSpace(name))
            throw new ArgumentException("A column needs a name.", option);
    }

    /// <summary>What the options are where they are left alone.</summary>
    public static class Defaults
    {
        /// <summary>The label's column.</summary>
        public const string LabelColumnName = "Label";

        /// <summary>The features' column.</summary>
        public const string FeatureColumnName = "Features";

        /// <summary>The share of the rows that validate.</summary>
        public const double ValidationFraction = DataOptions.DefaultValidationFraction;

        /// <summary>2 GiB.</summary>
        public const long MemoryLimit = 2L << 30;

        internal const long LeastMemoryLimit = 1 << 20;
    }
}
