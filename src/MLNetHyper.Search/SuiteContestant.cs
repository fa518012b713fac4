namespace MLNetHyper.Search;

/// <summary>A way to a model, to be compared with others on the same rows.</summary>
public sealed class SuiteContestant
{
    private readonly Func<SuiteDivision, (double Error, double Work)> _run;

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

    private SuiteContestant(string name, Func<SuiteDivision, (double Error, double Work)> run) => (Name, _run) = (name, run);

    /// <summary>All contestants.</summary>
    public static IReadOnlyList<SuiteContestant> All { get; } =
    [
        new("one-pass", division => division.OnePassRun),
        new("untuned", division => division.Untuned),
        new("best-of-k", division => division.BestOfRestarts),
        new("average-of-k", division => division.AverageOfRestarts),
    ];

    /// <summary>The same run as one pass, tuned by a method of one's own choice.</summary>
    /// <param name="method">The method, by whose name it is called.</param>
    public SuiteContestant(HypergradientMethod method) : this(NameOf(method), division => division.TunedBy(method))
    {
    }

    /// <summary>Its name, as on the command line.</summary>
    public string Name { get; }

    private static string NameOf(HypergradientMethod method)
    {
        ArgumentNullException.ThrowIfNull(method);
        return method.Name;
    }

    /// <summary>Trains, and then touches the test rows once.</summary>
    internal (double Error, double Work) Run(SuiteDivision division) => _run(division);
}
