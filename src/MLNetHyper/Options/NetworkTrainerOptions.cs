using MLNetHyper.Engine;

namespace MLNetHyper;

/// <summary>What <c>OnePassSgd</c> and <c>FixedSgd</c> have in common: columns, the network, the budget and the surroundings of a run.</summary>
public abstract class NetworkTrainerOptions
{
    // Batches are never cut into more pieces.
    private const int MostThreads = 16;

    private protected NetworkTrainerOptions()
    {
    }

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

    /// <summary>Units of every hidden layer; empty for a linear, logistic or softmax model. Default: one layer of 50.</summary>
    public IReadOnlyList<int> HiddenLayers { get; set; } = Defaults.HiddenLayers;

    /// <summary>The hidden layers' activation. Default ReLU.</summary>
    public Activation Activation { get; set; } = Defaults.Activation;

    /// <summary>
    /// Examples in a batch, at least 1; null (default) for all of them up to <see cref="OnePassOptions.Defaults.LargestFullBatch"/> rows in memory,
    /// else <see cref="OnePassOptions.Defaults.MinibatchSize"/>.
    /// </summary>
    public int? BatchSize { get; set; }

    /// <summary>Weight steps, at least 1. Give this, <see cref="NumberOfEpochs"/> or <see cref="TimeBudget"/>, or none for <see cref="Defaults.NumberOfSteps"/> steps.</summary>
    public long? NumberOfSteps { get; set; }

    /// <summary>Passes over the training rows, at least 1, in place of <see cref="NumberOfSteps"/>. With full batches an epoch is a single step.</summary>
    public int? NumberOfEpochs { get; set; }

    /// <summary>Wall-clock limit of training, longer than zero, reading not included; alone or beside a number of steps or epochs. Null (default) for none. A run that it ends differs from machine to machine.</summary>
    public TimeSpan? TimeBudget { get; set; }

    /// <summary>Stops when the validation loss has not improved for so many steps, at least 1; null (default) for never. The best weights are kept in any case.</summary>
    public long? EarlyStoppingSteps { get; set; }

    /// <summary>The share of the rows that validate, drawn at random (by class, where there are classes), where <c>Fit</c> is given no validation set. Above 0 and below 1; default 0.1.</summary>
    public double ValidationFraction { get; set; } = Defaults.ValidationFraction;

    /// <summary>
    /// Whether features, and the label of regression, are brought to mean 0 and deviation 1 for training (default). The model takes and gives raw values
    /// either way. Turn it off only where a normalizer in the pipeline has done it.
    /// </summary>
    public bool Standardize { get; set; } = true;

    /// <summary>Where the network trains. Default <see cref="Device.Auto"/>.</summary>
    public Device Device { get; set; } = Device.Auto;

    /// <summary>Threads that may share a large batch, at least 1; the model is the same for every number. Null (default) for one per processor, up to 16.</summary>
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

    /// <summary>Ends training within one weight step; <c>Fit</c> then returns the best model so far. While rows are still being read it waits for them. Default: never.</summary>
    public CancellationToken CancellationToken { get; set; }

    /// <summary>
    /// A file to which the state is saved every few seconds, and from which an interrupted run with the same data and options goes on; null (default) for none.
    /// The next run replaces that of a finished one, so that the folds of a cross-validation may share it; that of an unfinished run with other data or options
    /// is refused with a <see cref="CheckpointException"/>.
    /// </summary>
    public string? CheckpointPath { get; set; }

    /// <summary>Least time between two checkpoints. Default 5 seconds.</summary>
    public TimeSpan CheckpointInterval { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>The engine's options, with a seed.</summary>
    internal abstract OnePassOptions ToEngine(int seed);

    /// <summary>Throws if the options do not fit together, before any data are read.</summary>
    internal void Check()
    {
        CheckName(LabelColumnName, nameof(LabelColumnName));
        CheckName(FeatureColumnName, nameof(FeatureColumnName));
        ArgumentNullException.ThrowIfNull(HiddenLayers);
        ArgumentNullException.ThrowIfNull(Device);
        if (!Enum.IsDefined(Activation))
            throw new ArgumentOutOfRangeException(nameof(Activation), Activation, $"There is no such activation; there are {string.Join(", ", Enum.GetNames<Activation>())}.");
        if (!(ValidationFraction > 0 && ValidationFraction < 1))
            throw new ArgumentOutOfRangeException(nameof(ValidationFraction), ValidationFraction, "The fraction must lie between 0 and 1, both excluded: tuning needs rows to validate on.");
        if (MemoryLimit < Defaults.LeastMemoryLimit)
            throw new ArgumentOutOfRangeException(nameof(MemoryLimit), MemoryLimit, $"Training needs room for a block of examples: allow at least {Defaults.LeastMemoryLimit} bytes.");
        ToEngine(seed: 0).Check();
    }

    /// <summary>What the options of both trainers set alike.</summary>
    private protected OnePassOptions Common(int seed) => new()
    {
        Hidden = HiddenLayers,
        Activation = Activation,
        BatchSize = BatchSize,
        Steps = NumberOfSteps,
        Epochs = NumberOfEpochs,
        TimeBudget = TimeBudget,
        Patience = EarlyStoppingSteps,
        Threads = NumberOfThreads ?? Math.Min(Environment.ProcessorCount, MostThreads),
        Seed = seed,
        CheckpointPath = CheckpointPath,
        CheckpointEvery = CheckpointInterval,
    };

    private protected static Dictionary<string, double> StartingValues(double learningRate, double momentum, double weightDecay) => new()
    {
        [Hyperparameter.LearningRate] = learningRate,
        [Hyperparameter.Momentum] = momentum,
        [Hyperparameter.WeightDecay] = weightDecay,
    };

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

        /// <summary>One hidden layer of 50 units.</summary>
        public static IReadOnlyList<int> HiddenLayers => OnePassOptions.Defaults.Hidden;

        /// <summary>ReLU.</summary>
        public const Activation Activation = Engine.Activation.Relu;

        /// <summary>Weight steps.</summary>
        public const long NumberOfSteps = OnePassOptions.Defaults.Steps;

        /// <summary>The learning rate, where it is fixed; where it is tuned, what it starts from.</summary>
        public const double LearningRate = 0.1;

        /// <summary>The momentum, likewise.</summary>
        public const double Momentum = 0.9;

        /// <summary>The weight decay, likewise.</summary>
        public const double WeightDecay = 1e-4;

        /// <summary>The share of the rows that validate.</summary>
        public const double ValidationFraction = DataOptions.DefaultValidationFraction;

        /// <summary>2 GiB.</summary>
        public const long MemoryLimit = 2L << 30;

        internal const long LeastMemoryLimit = 1 << 20;
    }
}
