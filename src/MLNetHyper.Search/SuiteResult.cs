namespace MLNetHyper.Search;

/// <summary>What a suite came to.</summary>
public sealed class SuiteResult
{
    internal SuiteResult(IReadOnlyList<SuiteTable> tables, SuiteOptions options)
    {
        (Tables, Options) = (tables, options);
        Rivals = [.. options.Contestants.Skip(1).Select(contestant => SuiteRival.Of(tables, options.Contestants[0].Name, contestant.Name, options.TestFraction))];
    }

    /// <summary>Every table with every contestant.</summary>
    public IReadOnlyList<SuiteTable> Tables { get; }

    /// <summary>How it was run.</summary>
    public SuiteOptions Options { get; }

    /// <summary>The first contestant beside each of the others, over all tables.</summary>
    public IReadOnlyList<SuiteRival> Rivals { get; }

    /// <summary>Everything as one JSON object. JSON has no NaN and no infinity: they become null.</summary>
    public string ToJson() => SuiteJson.Write(this);

    /// <summary>What the numbers mean, in a few sentences.</summary>
    public string Note => $"{(Options.Divisions == 1 ? $"Test error of one random division (seed {Options.Seed}" : $"Mean test error ± standard error over {Options.Divisions} random divisions (seeds {Options.Seed} to {unchecked(Options.Seed + Options.Divisions - 1)}")}; {Options.TestFraction:0%} test, scored once). Ratios are of mean errors, their mean over the tables geometric, below 1 better for {Options.Contestants[0].Name}; a tie is within half a percent; beyond chance is a ratio whose 95 % interval, over paired divisions and corrected for the rows that they share (Nadeau and Bengio 2003), leaves out 1; a failed run counts as predicting the mean or the class frequencies; time is the median over the tables.";

    /// <summary>Blocks for the documentation, beneath the command that makes them again.</summary>
    /// <param name="command">The command line or code.</param>
    public string ToMarkdown(string command)
    {
        using var output = new StringWriter();
        IReadOnlyList<string[]> summary = ToSummaryTable(), table = ToTable();
        if (Rivals.Count > 0)
        {
            MarkdownTable.Write(output, command, summary[0], summary.Skip(1));
            output.Write('\n');
        }
        MarkdownTable.Write(output, command, table[0], table.Skip(1));
        output.Write($"\n{Note}\n");
        return output.ToString();
    }

    /// <summary>A row for every table, the column names first: each contestant's mean test error with its standard error, and how often it failed.</summary>
    public IReadOnlyList<string[]> ToTable() =>
    [
        ["table", "metric", "rows", .. Options.Contestants.Select(c => c.Name)],
        .. Tables.Select(table => (string[])[table.Name, table.Metric, CompactNumber.Format(table.Rows), .. table.Contestants.Select(c => $"{CompactNumber.Format(c.Mean, 3)}{(double.IsFinite(c.StandardError) ? $" ± {CompactNumber.Format(c.StandardError, 2)}" : "")}{(c.Failures > 0 ? $" ({c.Failures} failed)" : "")}")]),
    ];

    /// <summary>A row for every rival of the first contestant, the column names first.</summary>
    public IReadOnlyList<string[]> ToSummaryTable() =>
    [
        [$"{Options.Contestants[0].Name} beside", "error ratio", "best", "worst", "wins", "ties", "losses", "beyond chance", "seconds ratio", "failures"],
        .. Rivals.Select(rival => (string[])[rival.Name, CompactNumber.Format(rival.Ratio, 3), CompactNumber.Format(rival.Best, 3), CompactNumber.Format(rival.Worst, 3), $"{rival.Wins}", $"{rival.Ties}", $"{rival.Losses}", $"{rival.SurelyBetter} better, {rival.SurelyWorse} worse", CompactNumber.Format(rival.SecondsRatio, 3), $"{rival.Failures}"]),
    ];
}

/// <summary>One table of a suite.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Task">What was predicted.</param>
/// <param name="Rows">Its rows.</param>
/// <param name="Features">Features that its columns become.</param>
/// <param name="Contestants">The contestants, in their order.</param>
public sealed record SuiteTable(string Name, LearningTask Task, int Rows, int Features, IReadOnlyList<SuiteStanding> Contestants)
{
    /// <summary>The error that is compared.</summary>
    public string Metric => Task == LearningTask.Regression ? "RMSE" : "log-loss";
}

/// <summary>One contestant on one table.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Errors">Its test error on every division.</param>
/// <param name="Seconds">Mean wall-clock time.</param>
/// <param name="GradientEvaluations">Mean work.</param>
/// <param name="Failures">Divisions on which it delivered nothing finite.</param>
public sealed record SuiteStanding(string Name, IReadOnlyList<double> Errors, double Seconds, double GradientEvaluations, int Failures)
{
    /// <summary>Mean test error.</summary>
    public double Mean => Errors.Average();

    /// <summary>Standard error of <see cref="Mean"/> over the divisions; NaN with one.</summary>
    public double StandardError => Statistics.Deviation([.. Errors]) / Math.Sqrt(Errors.Count);

    internal static SuiteStanding Of(string name, SuiteEntry[] entries) =>
        new(name, [.. entries.Select(e => e.TestError)], entries.Average(e => e.Seconds), entries.Average(e => e.GradientEvaluations), entries.Count(e => e.Failed));
}

/// <summary>The first contestant beside another one, over all tables; a tie is a mean error within a half percent.</summary>
/// <param name="Name">The other one.</param>
/// <param name="Ratio">Geometric mean over the tables of the first one's mean error divided by the other's: below 1 is better.</param>
/// <param name="Best">The least of these ratios.</param>
/// <param name="Worst">The greatest.</param>
/// <param name="Wins">Tables on which the first is better.</param>
/// <param name="Ties">Tables on which neither is.</param>
/// <param name="Losses">Tables on which the other is better.</param>
/// <param name="SecondsRatio">Median over the tables of the first one's time divided by the other's.</param>
/// <param name="Failures">The other's failures.</param>
/// <param name="Differences">The two on each of the tables, division by division.</param>
public sealed record SuiteRival(string Name, double Ratio, double Best, double Worst, int Wins, int Ties, int Losses, double SecondsRatio, int Failures, IReadOnlyList<PairedDifference> Differences)
{
    private const double Tie = 0.005;

    /// <summary>Tables on which the first is better beyond chance.</summary>
    public int SurelyBetter => Differences.Count(difference => difference.IsBetter);

    /// <summary>Tables on which it is worse beyond chance.</summary>
    public int SurelyWorse => Differences.Count(difference => difference.IsWorse);

    internal static SuiteRival Of(IReadOnlyList<SuiteTable> tables, string first, string other, double testFraction)
    {
        (SuiteStanding First, SuiteStanding Other)[] pairs = [.. tables.Select(table => (table.Contestants.Single(c => c.Name == first), table.Contestants.Single(c => c.Name == other)))];
        double[] ratios = [.. pairs.Select(p => p.First.Mean == p.Other.Mean ? 1 : p.First.Mean / p.Other.Mean)];
        double[] seconds = [.. pairs.Select(p => p.First.Seconds / p.Other.Seconds).Order()];
        return new(other, Math.Exp(ratios.Average(Math.Log)), ratios.Min(), ratios.Max(), ratios.Count(r => r < 1 - Tie), ratios.Count(r => r is >= 1 - Tie and <= 1 + Tie), ratios.Count(r => r > 1 + Tie), Statistics.Quantile(seconds, 0.5), pairs.Sum(p => p.Other.Failures), [.. pairs.Select(p => PairedDifference.Of(p.First.Errors, p.Other.Errors, testFraction))]);
    }
}
