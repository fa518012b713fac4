using Microsoft.ML;
using MLNetHyper.Engine;

namespace MLNetHyper.AutoML;

/// <summary>
/// Compares one <c>OnePassSgd</c> training with <c>FixedSgd</c> swept by the tuners of ML.NET AutoML, at equal cost: the same network,
/// batches and steps on the same random divisions of the data. Every search chooses by validation rows and touches the test rows once,
/// after that; what delivers nothing finite is charged the error of predicting the mean.
/// </summary>
/// <remarks>Create one with <c>mlContext.Auto().CreateRestartComparison(...)</c>. Everything set here has a sensible default.</remarks>
public sealed class RestartComparison
{
    private readonly Table _table;
    private ComparisonOptions _options;

    internal RestartComparison(IDataView data, string labelColumnName, string featureColumnName)
    {
        ArgumentNullException.ThrowIfNull(data);
        (_table, LearningTask task) = DataViewTable.Read(data, labelColumnName, featureColumnName);
        _options = new() { Data = new DataOptions { LabelColumn = labelColumnName, Task = task }, Searches = AutoMLSearch.Tuners };
    }

    /// <summary>The searches to compare with. Default: all of <see cref="AutoMLSearch.Tuners"/>. The engine's own, <see cref="RestartSearch.All"/>, may stand beside them.</summary>
    public RestartComparison SetSearches(params IReadOnlyList<RestartSearch> searches) => With(_options with { Searches = searches });

    /// <summary>Where they search.</summary>
    public RestartComparison SetSearchSpace(SearchSpace space) => With(_options with { Space = space });

    /// <summary>The budgets of every search, in costs of one plain training, 1 to 1000. Default 1, 3, 10, 30.</summary>
    public RestartComparison SetBudgets(params IReadOnlyList<int> multiples) => With(_options with { Multiples = multiples });

    /// <summary>How many random divisions of the data to repeat everything on. Default 10.</summary>
    public RestartComparison SetRepeats(int repeats) => With(_options with { Repeats = repeats });

    /// <summary>The first repeat's seed. Default 0.</summary>
    public RestartComparison SetSeed(int seed) => With(_options with { Seed = seed });

    /// <summary>The network and the one-pass run, from the defaults; restarts share network, batches and steps.</summary>
    public RestartComparison SetTraining(Func<OnePassOptions, OnePassOptions> change)
    {
        ArgumentNullException.ThrowIfNull(change);
        return With(_options with { Training = change(_options.Training) });
    }

    /// <summary>Shares of the rows that validate and test, both above 0. Default a tenth each.</summary>
    public RestartComparison SetFractions(double validation, double test) => With(_options with { Data = _options.Data with { ValidationFraction = validation, TestFraction = test } });

    /// <summary>Runs at a time, which changes no result. Default: one for each processor.</summary>
    public RestartComparison SetParallelism(int runs) => With(_options with { Parallelism = runs });

    /// <summary>Runs the comparison.</summary>
    /// <param name="progress">Told of every finished contestant, from any thread.</param>
    /// <param name="cancellation">Takes effect within one weight step, or a few short ones.</param>
    /// <returns>Typed results, which write themselves as CSV, JSON, Markdown, and as a report: <see cref="ComparisonReport"/>.</returns>
    /// <exception cref="DataFormatException">The data cannot be trained on.</exception>
    /// <exception cref="ArgumentException">What was set does not fit together.</exception>
    /// <exception cref="OperationCanceledException">The caller canceled.</exception>
    public ComparisonResult Run(IProgress<ComparisonEntry>? progress = null, CancellationToken cancellation = default) => Search.RestartComparison.Run(_table, _options, progress, cancellation);

    private RestartComparison With(ComparisonOptions options)
    {
        _options = options;
        return this;
    }
}
