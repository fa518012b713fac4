namespace MLNetHyper.Engine;

/// <summary>One contestant's result in one repeat.</summary>
/// <param name="Method">Its name: the hypergradient method, <c>plain</c> for the same start without tuning, or a search.</param>
/// <param name="Multiple">The budget given, in plain trainings; for a single run the cost that it had.</param>
/// <param name="Repeat">The repeat, which is also the division's seed.</param>
/// <param name="TestError">RMSE in label units, or log-loss; that of predicting the mean where the contestant failed.</param>
/// <param name="Cost">Gradient evaluations divided by those of one plain training's steps.</param>
/// <param name="Seconds">Wall-clock time, on a machine that ran other repeats at the same time.</param>
/// <param name="Failed">Whether it delivered nothing finite and was charged the error of predicting the mean.</param>
/// <param name="Trials">Settings tried.</param>
/// <param name="DivergedTrials">How many of them diverged.</param>
public sealed record ComparisonEntry(string Method, double Multiple, int Repeat, double TestError, double Cost, double Seconds, bool Failed, int Trials, int DivergedTrials);

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
public sealed class ComparisonResult
{
    internal ComparisonResult(LearningTask task, ComparisonOptions options, IReadOnlyList<ComparisonEntry> entries, OnePassResult example)
    {
        Task = task;
        Options = options;
        Entries = entries;
        Example = example;
        Rows = [.. entries.GroupBy(e => (e.Method, Multiple: IsSingleRun(e.Method) ? 0 : e.Multiple)).Select(g => Summarise([.. g]))];
    }

    /// <summary>What was predicted.</summary>
    public LearningTask Task { get; }

    /// <summary>What was compared.</summary>
    public ComparisonOptions Options { get; }

    /// <summary>Every contestant, budget and repeat.</summary>
    public IReadOnlyList<ComparisonEntry> Entries { get; }

    /// <summary>Medians and quartiles over the repeats; the one-pass run first.</summary>
    public IReadOnlyList<ComparisonRow> Rows { get; }

    /// <summary>The one-pass run of the first repeat, for its trajectory.</summary>
    public OnePassResult Example { get; }

    /// <summary>The name of the error compared: RMSE or log-loss.</summary>
    public string ErrorName => Task == LearningTask.Regression ? "RMSE" : "log-loss";

    /// <summary>The row of the one-pass run.</summary>
    public ComparisonRow OnePass => Rows[0];

    /// <summary>The smallest budget, in costs of the one-pass run, at which any search has a median error as low as the one-pass run's; null if none has.</summary>
    public double? CatchUpFactor => Rows
        .Where(r => !IsSingleRun(r.Method) && r.Median <= OnePass.Median)
        .Select(r => (double?)(r.MeanCost / OnePass.MeanCost))
        .Min();

    private static bool IsSingleRun(string method) => RestartSearch.All.All(s => s.Name != method);

    private static ComparisonRow Summarise(ComparisonEntry[] entries)
    {
        double[] errors = [.. entries.Select(e => e.TestError).Order()];
        return new(entries[0].Method, IsSingleRun(entries[0].Method) ? entries.Average(e => e.Cost) : entries[0].Multiple,
            Statistics.Quantile(errors, 0.5), Statistics.Quantile(errors, 0.25), Statistics.Quantile(errors, 0.75),
            entries.Average(e => e.Cost), entries.Average(e => e.Seconds), entries.Count(e => e.Failed), entries.Sum(e => e.DivergedTrials));
    }
}
