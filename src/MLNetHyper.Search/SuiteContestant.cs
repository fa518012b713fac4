namespace MLNetHyper.Search;

/// <summary>A way to a model, to be compared with others on the same rows.</summary>
public sealed class SuiteContestant
{
    private readonly Func<SuiteDivision, (double Error, double Work)> _run;
    private readonly Func<OnePassOptions, OnePassOptions> _change = options => options;

    /// <summary>A contestant from elsewhere. Its work is not counted.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="predict">
    /// Trains on training and validation rows, and scores the test rows: for regression a value of the targets' scale for each row, else the probabilities of all classes, row by row. It is given the division's seed too.
    /// </param>
    public SuiteContestant(string name, Func<PreparedData<float>, int, double[]> predict) : this(name, division => (division.ErrorOf(predict), 0))
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentNullException.ThrowIfNull(predict);
    }

    /// <summary>One pass with other options.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="change">Makes its options of the suite's.</param>
    public SuiteContestant(string name, Func<OnePassOptions, OnePassOptions> change) : this(name, division => division.Trained(change))
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentNullException.ThrowIfNull(change);
        _change = change;
    }

    private SuiteContestant(string name, Func<SuiteDivision, (double Error, double Work)> run) => (Name, _run) = (name, run);

    /// <summary>Those that compete where nobody says who: one pass, the same networks untuned, and restarts.</summary>
    public static IReadOnlyList<SuiteContestant> Default { get; } =
    [
        new("one-pass", options => options),
        new("untuned", Untuned),
        new("best-of-k", division => division.BestOfRestarts),
        new("average-of-k", division => division.AverageOfRestarts),
    ];

    /// <summary>
    /// All contestants: the default ones; every <see cref="Baseline"/> by its name; every update rule tuned; every method; one pass without one of its ingredients, or with
    /// its learning rate started a hundred times above the rule's own, or five hundred times below.
    /// </summary>
    public static IReadOnlyList<SuiteContestant> All { get; } =
    [
        .. Default,
        .. Baseline.All.Select(baseline => new SuiteContestant(baseline.Name, baseline.For)),
        .. UpdateRules.All.Select(rule => new SuiteContestant($"tuned-{rule.Name}", options => options with { Rule = UpdateRules.Create(rule.Name), Initial = null })),
        .. HypergradientMethods.All.Select(method => HypergradientMethods.Create(method.Name)).Where(method => method is not Fixed).Select(method => new SuiteContestant(method.Name, options => options with { Method = method })),
        new("without-members", options => options with { Members = 1 }),
        new("without-bins", options => options with { Bins = 0 }),
        new("without-schedule", options => options with { LearningRateSchedule = LearningRateSchedule.Constant }),
        new("without-averaging", options => options with { AveragingDecay = 0 }),
        new("started-high", options => StartedAt(100, options)),
        new("started-low", options => StartedAt(1 / 500.0, options)),
    ];

    /// <summary>Its name, as on the command line.</summary>
    public string Name { get; }

    /// <summary>Throws a sentence if it cannot train with what it makes of these options.</summary>
    internal void Check(OnePassOptions options) => _change(options).Check();

    /// <summary>Trains, and then touches the test rows once.</summary>
    internal (double Error, double Work) Run(SuiteDivision division) => _run(division);

    private static OnePassOptions StartedAt(double factor, OnePassOptions options)
    {
        Dictionary<string, double> initial = new(options.Initial ?? new Dictionary<string, double>());
        Hyperparameter learningRate = options.Rule.Hyperparameters.Single(h => h.Name == Hyperparameter.LearningRate);
        initial[Hyperparameter.LearningRate] = factor * learningRate.Initial;
        return options with { Initial = initial };
    }

    private static OnePassOptions Untuned(OnePassOptions options) => options with { Method = new Fixed(), Tune = [] };
}
