namespace MLNetHyper.Engine;

/// <summary>What <see cref="OnePassOptions"/> for tables and <see cref="LoopOptions"/> for any model have in common.</summary>
public abstract record RunOptions
{
    private readonly LearningRateSchedule? _schedule;

    private protected RunOptions() { }

    /// <summary>The update rule: how gradients change weights. Default: SGD with heavy-ball momentum and coupled weight decay.</summary>
    public UpdateRule Rule { get; init; } = new SgdUpdate();

    /// <summary>How hypergradients are estimated. Default: <see cref="OnePassOptions.Defaults.Method"/> for tables, else <see cref="Fixed"/>: plain training.</summary>
    public HypergradientMethod Method { get; init; } = new Fixed();

    /// <summary>What moves the hyperparameters along their hypergradients. Default: Adam with meta-learning rate 0.05.</summary>
    public MetaOptimizer MetaOptimizer { get; init; } = new AdamMetaOptimizer();

    /// <summary>
    /// A curve over the run by which the learning rate is multiplied, whether or not it is tuned. It runs to the last step, or to the end of the time budget. Default: constant; for tables
    /// <see cref="OnePassOptions.Defaults.LearningRateSchedule"/>, unless the rule is one that takes a schedule's place (<see cref="DogUpdate"/>, <see cref="ScheduleFreeUpdate"/>).
    /// </summary>
    public LearningRateSchedule LearningRateSchedule { get => _schedule ?? DefaultSchedule; init => _schedule = value; }

    private protected virtual LearningRateSchedule DefaultSchedule => LearningRateSchedule.Constant;

    /// <summary>
    /// The share of itself that the average of the weights, which is validated and kept, keeps at each step; 0 for none. Below 1. Hypergradients of the validation loss are taken at the average too.
    /// Rules with an average of their own (<see cref="DogUpdate"/>, <see cref="ScheduleFreeUpdate"/>) have that in its place. Default 0; for tables <see cref="OnePassOptions.Defaults.AveragingDecay"/>.
    /// </summary>
    public double AveragingDecay { get; init; }

    /// <summary>Weight steps between two hyperparameter steps, the interval T: from 1 to 1000000. Default 10.</summary>
    public int TuningInterval { get; init; } = OnePassOptions.Defaults.TuningInterval;

    /// <summary>Weight steps. At least 1; null where epochs, a time budget or cancellation end the run. Default for tables, where nothing else does: <see cref="OnePassOptions.Defaults.Steps"/>.</summary>
    public long? Steps { get; init; }

    /// <summary>
    /// Training stops after this wall-clock time; given alone, it trains anew in passes of doubling length, as long as a longer one is better. Longer than zero. With a number of steps or epochs it only limits
    /// the run; alone, networks train from the beginning again and again until the time is spent or a longer pass is no better on the validation rows, and the best are kept. Without validation rows, with a
    /// <see cref="CheckpointPath"/>, and for modules one pass takes all the time. Default: no limit. A run that it ends differs from machine to machine.
    /// </summary>
    public TimeSpan? TimeBudget { get; init; }

    /// <summary>
    /// Training stops when the validation loss has not improved for this many steps. At least 1. Of several networks, all go on while one improves. The best weights are kept anyway. Default: never; for tables where neither
    /// <see cref="Steps"/> nor <see cref="OnePassOptions.Epochs"/> nor a <see cref="TimeBudget"/> is given, <see cref="OnePassOptions.Defaults.Patience"/>.
    /// </summary>
    public long? Patience { get; init; }

    /// <summary>The largest norm of a training gradient; longer ones are scaled down to it. Above 0; hypergradients know of it. Default: none. (0.25 for the recurrent network of Clarke et al. 2022.)</summary>
    public double? GradientClip { get; init; }

    /// <summary>Whether a run that diverges goes back to weights that have proved themselves and halves its learning rate. A tuned one stays within its bounds, which a schedule draws close around the rule's own value. Default true; false lets it diverge, as the published experiments do.</summary>
    public bool Guard { get; init; } = true;

    /// <summary>Seed of everything that is drawn at random, such as initial weights and the order of rows: the same seed gives the same result. Default 0.</summary>
    public int Seed { get; init; }

    /// <summary>
    /// Weights to start from in place of random ones, for standardized features, tensor by tensor as in <see cref="NetworkObjective{T}"/>; for
    /// warm starts. As many as the model has, all finite. Default: null, drawn from the seed.
    /// </summary>
    public IReadOnlyList<double>? InitialWeights { get; init; }

    /// <summary>
    /// Save the state here from time to time; the same run continues from it, and a different one replaces it once this one has finished. A finished run continues
    /// with a larger budget; another run is refused while it is unfinished, with a <see cref="CheckpointException"/>. Default: none.
    /// </summary>
    public string? CheckpointPath { get; init; }

    /// <summary>Shortest time between two checkpoints. Default 5 seconds.</summary>
    public TimeSpan CheckpointInterval { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>The workers that train this model together: each takes its part of every batch. Default: this one alone. See <see cref="Workers"/> and docs/workers.md.</summary>
    public Workers Workers { get; init; } = Workers.One;

    /// <summary>After how many weight steps workers average what they have come to, where there are several: <see cref="AveragingInterval"/>. Default: every step.</summary>
    public AveragingInterval AverageEvery { get; init; } = AveragingInterval.EveryStep;

    /// <summary>
    /// What workers divide, where there are several: batches, of rows that each has, or rows, of which each keeps its own. With rows of its own a worker needs a part of the memory, and shuffles a part;
    /// but batches then depend on how many workers there are, all members validate on the same rows, and errors on training rows are of this worker's. Default: <see cref="WorkerDivision.Batches"/>. See docs/workers.md.
    /// </summary>
    public WorkerDivision Divide { get; init; } = WorkerDivision.Batches;

    /// <summary>Tells the time for <see cref="TimeBudget"/> and checkpoints; tests have one of their own.</summary>
    internal TimeProvider Clock { get; init; } = TimeProvider.System;
}
