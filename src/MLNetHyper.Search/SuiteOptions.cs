namespace MLNetHyper.Search;

/// <summary>How <see cref="Suite"/> compares.</summary>
public sealed record SuiteOptions
{
    /// <summary>The column to predict, of every table. Default <c>y</c>.</summary>
    public string LabelColumn { get; init; } = "y";

    /// <summary>How one pass trains; the other contestants train the same networks.</summary>
    public OnePassOptions Training { get; init; } = new();

    /// <summary>Who competes, under different names; the first is compared with the others, and restarts cost what the first that tunes does. Default: <see cref="SuiteContestant.Default"/>.</summary>
    public IReadOnlyList<SuiteContestant> Contestants { get; init; } = SuiteContestant.Default;

    /// <summary>Random divisions of every table, from 1 to 10000. Default 5.</summary>
    public int Divisions { get; init; } = 5;

    /// <summary>Share of the rows that test, above 0 and below 1. Default 0.2.</summary>
    public double TestFraction { get; init; } = 0.2;

    /// <summary>Share of the rows that validate. Default 0.1.</summary>
    public double ValidationFraction { get; init; } = DataOptions.DefaultValidationFraction;

    /// <summary>The first division's seed. Default 0.</summary>
    public int Seed { get; init; }

    /// <summary>Divisions at a time on each worker, from 1 on; times are honest with 1 only. Default 1.</summary>
    public int Parallelism { get; init; } = 1;

    /// <summary>The workers that divide the divisions among themselves: all call the same, and each gets the whole result. Default: this one alone.</summary>
    public Workers Workers { get; init; } = Workers.One;

    /// <summary>Results of the same suite from before, such as one that was interrupted: divisions on which all contestants have one are taken over. Default: none.</summary>
    public IReadOnlyList<SuiteEntry> Finished { get; init; } = [];

    /// <summary>Throws a sentence about the first thing that does not fit.</summary>
    internal void Validate()
    {
        if (Divisions is < 1 or > 10_000)
            throw new ArgumentException($"A suite needs from 1 to 10000 divisions, but {Divisions} were asked for.");
        if (Contestants.Count == 0 || Contestants.Select(c => c.Name).Distinct().Count() < Contestants.Count)
            throw new ArgumentException($"A suite needs different contestants, such as {string.Join(", ", SuiteContestant.Default.Select(c => c.Name))}.");
        if (TestFraction is not (> 0 and < 1))
            throw new ArgumentException($"The share of rows that test must lie above 0 and below 1, but is {TestFraction}.");
        if (Parallelism < 1)
            throw new ArgumentException($"At least one division must go on at a time, but {Parallelism} were asked for.");
        if (Training.TimeBudget is not null)
            throw new ArgumentException("A comparison at equal cost needs its budget in steps or epochs, not in seconds.");
        Training.Check();
        foreach (SuiteContestant contestant in Contestants)
            contestant.Check(Training);
    }
}
