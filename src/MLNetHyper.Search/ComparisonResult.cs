namespace MLNetHyper.Search;

/// <summary>One contestant's result in one repeat.</summary>
/// <param name="Method">Its name: the hypergradient method, <c>plain</c> for the same start without tuning, another update rule, or a search.</param>
/// <param name="Multiple">The budget given, in plain trainings; for a single run the cost that it had.</param>
/// <param name="Repeat">The repeat, which is also the division's seed.</param>
/// <param name="TestError">RMSE in label units, or log-loss; that of predicting the mean where the contestant failed.</param>
/// <param name="Cost">Gradient evaluations divided by those of one plain training's steps.</param>
/// <param name="Seconds">Wall-clock time, on a machine that ran other repeats at the same time.</param>
/// <param name="Failed">Whether it delivered nothing finite and was charged the error of predicting the mean.</param>
/// <param name="Trials">Settings tried.</param>
/// <param name="DivergedTrials">How many of them diverged.</param>
public sealed record ComparisonEntry(string Method, double Multiple, int Repeat, double TestError, double Cost, double Seconds, bool Failed, int Trials, int DivergedTrials)
{
    /// <summary>
    /// The hyperparameters of what it delivered: a search's choice (population-based training's: the last of the member chosen), the
    /// one-pass run's at the step whose weights it kept, a plain run's fixed ones; the learning rate without the factor of its schedule (but for <see cref="LearningRateSchedule.ReduceOnPlateau"/>'s). Null where it failed.
    /// </summary>
    public SearchPoint? Setting { get; init; }
}

/// <summary>One contestant at one budget over all repeats.</summary>
/// <param name="Method">Its name.</param>
/// <param name="Multiple">The budget given, in plain trainings; for a single run the mean cost that it had.</param>
/// <param name="Median">Median test error.</param>
/// <param name="LowerQuartile">Lower quartile of the test error.</param>
/// <param name="UpperQuartile">Upper quartile of the test error.</param>
/// <param name="MeanCost">Mean gradient evaluations, in plain trainings.</param>
/// <param name="MeanSeconds">Mean wall-clock time.</param>
/// <param name="Failures">Repeats in which it delivered nothing finite.</param>
/// <param name="DivergedTrials">Diverged trials over all repeats.</param>
public sealed record ComparisonRow(string Method, double Multiple, double Median, double LowerQuartile, double UpperQuartile, double MeanCost, double MeanSeconds, int Failures, int DivergedTrials);

/// <summary>The results of a comparison.</summary>
[TypeFormatterSource(typeof(NotebookFormatters))]
public sealed partial class ComparisonResult : IPictured
{
    /// <summary>How far above the lowest median of all a median may be to count as near it, as a share of the lowest.</summary>
    public const double NearBestTolerance = 0.05;

    internal ComparisonResult(string? source, LearningTask task, ComparisonOptions options, IReadOnlyList<ComparisonEntry> entries, OnePassResult example)
    {
        Source = source;
        Task = task;
        Options = options;
        Entries = entries;
        Example = example;
        Rows = [.. entries.GroupBy(e => (e.Method, Multiple: IsSearch(e.Method) ? e.Multiple : 0)).Select(g => Summarize([.. g]))];
        Standings = [.. Rows.Select(r => r.Method).Distinct().Select(Standing)];
        if (options.Repeats > 1)
            CatchUpInterval = CatchUpInterval.Of(Errors(OnePass), [.. Others.Select(row => (Errors(row), row.MeanCost / OnePass.MeanCost))]);
    }

    /// <summary>The file that the data came from; null if they came from memory.</summary>
    public string? Source { get; }

    /// <summary>What was predicted.</summary>
    public LearningTask Task { get; }

    /// <summary>What was compared.</summary>
    public ComparisonOptions Options { get; }

    /// <summary>Every contestant, budget and repeat.</summary>
    public IReadOnlyList<ComparisonEntry> Entries { get; }

    /// <summary>Medians and quartiles over the repeats; the one-pass run first.</summary>
    public IReadOnlyList<ComparisonRow> Rows { get; }

    /// <summary>Who catches up, and when: one entry for every contestant, in the order of <see cref="Rows"/>.</summary>
    public IReadOnlyList<ContestantStanding> Standings { get; }

    /// <summary>The one-pass run of the first repeat, for its trajectory.</summary>
    public OnePassResult Example { get; }

    /// <summary>The name of the error compared: RMSE or log-loss.</summary>
    public string ErrorName => Task == LearningTask.Regression ? "RMSE" : "log-loss";

    /// <summary>The row of the one-pass run.</summary>
    public ComparisonRow OnePass => Rows[0];

    /// <summary>The row of the same start without tuning.</summary>
    public ComparisonRow PlainTraining => Rows[1];

    /// <summary>The one-pass run beside the same start without tuning, repeat by repeat.</summary>
    public PairedDifference BesidePlain => PairedDifference.Of(Errors(OnePass), Errors(PlainTraining), Options.Data.TestFraction);

    /// <summary>
    /// What the cheapest contestant cost whose median error was as low as the one-pass run's, the same start without tuning included, divided by the one-pass run's cost; null if
    /// none was as low. Being the cheapest of many rows it favors the others: one that was lucky at a small budget counts.
    /// Below 1 another did as well for less.
    /// </summary>
    public double? CatchUpFactor => CatchUp?.MeanCost / OnePass.MeanCost;

    /// <summary>How far <see cref="CatchUpFactor"/> may be chance; null with one repeat, of which nobody can tell.</summary>
    public CatchUpInterval? CatchUpInterval { get; }

    /// <summary>What the comparison shows, in plain sentences, whoever won.</summary>
    public string Conclusion => ComparisonConclusion.Of(this);

    Report IPictured.Picture => ComparisonReport.Create(this);

    internal IEnumerable<ComparisonRow> SearchRows => Rows.Where(r => IsSearch(r.Method));

    /// <summary>All rows but the one-pass run's.</summary>
    internal IEnumerable<ComparisonRow> Others => Rows.Skip(1);

    /// <summary>The cheapest of the others with a median error as low as the one-pass run's.</summary>
    internal ComparisonRow? CatchUp => CheapestUpTo(OnePass.Median, Others);

    internal bool IsSearch(string method) => RestartComparison.IsSearch(Options, method);

    private static ComparisonRow? CheapestUpTo(double median, IEnumerable<ComparisonRow> rows) => rows.Where(r => r.Median <= median).MinBy(r => r.MeanCost);

    private double[] Errors(ComparisonRow row) => [.. Entries.Where(e => e.Method == row.Method && (!IsSearch(row.Method) || e.Multiple == row.Multiple)).OrderBy(e => e.Repeat).Select(e => e.TestError)];

    private ContestantStanding Standing(string method)
    {
        ComparisonRow[] rows = [.. Rows.Where(r => r.Method == method)];
        ComparisonRow? catchUp = method == OnePass.Method ? null : CheapestUpTo(OnePass.Median, rows);
        double near = Rows.Min(r => r.Median) * (1 + NearBestTolerance);
        return new(method, catchUp, catchUp?.MeanCost / OnePass.MeanCost, CheapestUpTo(near, rows));
    }

    private ComparisonRow Summarize(ComparisonEntry[] entries)
    {
        double[] errors = [.. entries.Select(e => e.TestError).Order()];
        return new(entries[0].Method, IsSearch(entries[0].Method) ? entries[0].Multiple : entries.Average(e => e.Cost),
            Statistics.Quantile(errors, 0.5), Statistics.Quantile(errors, 0.25), Statistics.Quantile(errors, 0.75),
            entries.Average(e => e.Cost), entries.Average(e => e.Seconds), entries.Count(e => e.Failed), entries.Sum(e => e.DivergedTrials));
    }
}
