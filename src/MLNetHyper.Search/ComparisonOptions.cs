namespace MLNetHyper.Search;

/// <summary>How <see cref="RestartComparison"/> compares.</summary>
public sealed record ComparisonOptions
{
    /// <summary>The label, and how rows are divided; the division's seed is replaced by each repeat's number.</summary>
    public required DataOptions Data { get; init; }

    /// <summary>The network and the one-pass run. Restarts use the same network, batches and steps.</summary>
    public OnePassOptions Training { get; init; } = new();

    /// <summary>The searches compared with. Default: <see cref="RestartSearch.All"/>.</summary>
    public IReadOnlyList<RestartSearch> Searches { get; init; } = RestartSearch.All;

    /// <summary>Plain trainings with other update rules or schedules that compete as well. Default: none.</summary>
    public IReadOnlyList<Baseline> Baselines { get; init; } = [];

    /// <summary>Where they search.</summary>
    public SearchSpace Space { get; init; } = new();

    /// <summary>Budgets, in costs of one plain training. Default 1, 3, 10, 30.</summary>
    public IReadOnlyList<int> Multiples { get; init; } = [1, 3, 10, 30];

    /// <summary>Random divisions of the data. Default 10.</summary>
    public int Repeats { get; init; } = 10;

    /// <summary>Start from hyperparameters drawn from the search space for each repeat instead of the defaults: the one-pass run, the same without tuning, and the searches, which try that start first. Default false.</summary>
    public bool RandomInitialHyperparameters { get; init; }

    /// <summary>The first repeat's seed. Default 0.</summary>
    public int Seed { get; init; }

    /// <summary>Runs at a time on each worker. Default: one for each processor.</summary>
    public int Parallelism { get; init; } = Environment.ProcessorCount;

    /// <summary>The workers that divide the runs among themselves: all call the same, and each gets the whole result. Default: this one alone.</summary>
    public Workers Workers { get; init; } = Workers.One;

    /// <summary>Results of the same comparison from before, such as one that was interrupted: they are taken over. Default: none.</summary>
    public IReadOnlyList<ComparisonEntry> Finished { get; init; } = [];

    /// <summary>Throws a sentence about the first thing that does not fit.</summary>
    internal void Validate()
    {
        if (Repeats is < 1 or > 10_000)
            throw new ArgumentException($"A comparison needs from 1 to 10000 repeats, but {Repeats} were asked for.");
        if (Multiples.Count == 0 || Multiples.Any(m => m is < 1 or > 1000) || Multiples.Distinct().Count() < Multiples.Count)
            throw new ArgumentException($"A comparison needs different budgets from 1 to 1000 plain trainings, but has {string.Join(", ", Multiples)}.");
        if (Searches.Count == 0 || Searches.Select(s => s.Name).Distinct().Count() < Searches.Count)
            throw new ArgumentException($"A comparison needs different searches, at least one of {string.Join(", ", RestartSearch.All.Select(s => s.Name))}.");
        foreach (RestartSearch search in Searches)
            search.Require();
        if (Baselines.Select(b => b.Name).Distinct().Count() < Baselines.Count)
            throw new ArgumentException($"A comparison needs different baselines, but has {string.Join(", ", Baselines.Select(b => b.Name))}.");
        // What the single runs are called in results and in reports.
        string[] taken = [.. Baselines.Select(b => b.Name), Training.Method.Name, RestartComparison.Plain, ComparisonReport.OnePassName, ComparisonReport.PlainName];
        if (Searches.FirstOrDefault(s => taken.Contains(s.Name)) is { } named)
            throw new ArgumentException($"A search cannot be called '{named.Name}', since a single run is. Give it another name.");
        if (Parallelism < 1)
            throw new ArgumentException($"At least one run must go on at a time, but {Parallelism} were asked for.");
    }
}
