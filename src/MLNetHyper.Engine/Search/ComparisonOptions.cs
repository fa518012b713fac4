namespace MLNetHyper.Engine;

/// <summary>How <see cref="RestartComparison"/> compares.</summary>
public sealed record ComparisonOptions
{
    /// <summary>The label, and how rows are divided; the division's seed is replaced by each repeat's number.</summary>
    public required DataOptions Data { get; init; }

    /// <summary>The network and the one-pass run. Restarts use the same network, batches and steps.</summary>
    public OnePassOptions Training { get; init; } = new();

    /// <summary>The searches compared with. Default: all.</summary>
    public IReadOnlyList<RestartSearch> Searches { get; init; } = RestartSearch.All;

    /// <summary>Where they search.</summary>
    public SearchSpace Space { get; init; } = new();

    /// <summary>Budgets, in costs of one plain training. Default 1, 3, 10, 30.</summary>
    public IReadOnlyList<int> Multiples { get; init; } = [1, 3, 10, 30];

    /// <summary>Random divisions of the data. Default 10.</summary>
    public int Repeats { get; init; } = 10;

    /// <summary>Start the one-pass run from hyperparameters drawn from the search space instead of its defaults. Default false.</summary>
    public bool RandomInitialHyperparameters { get; init; }

    /// <summary>The first repeat's seed. Default 0.</summary>
    public int Seed { get; init; }

    /// <summary>Runs at a time. Default: one for each processor.</summary>
    public int Parallelism { get; init; } = Environment.ProcessorCount;
}
