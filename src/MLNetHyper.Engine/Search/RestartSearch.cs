namespace MLNetHyper.Engine;

/// <summary>A search that trains the network again and again with other hyperparameters and keeps the best by validation.</summary>
public abstract class RestartSearch
{
    private protected RestartSearch(string name) => Name = name;

    /// <summary>All searches.</summary>
    public static IReadOnlyList<RestartSearch> All { get; } = [new RandomSearch(), new GridSearch(), new AshaSearch(), new PopulationBasedTraining()];

    /// <summary>The search's name, as on the command line.</summary>
    public string Name { get; }

    /// <summary>Spends the cost of <paramref name="multiple"/> plain trainings and returns what it would deliver.</summary>
    internal abstract SearchOutcome Run(RestartProblem problem, SearchSpace space, int multiple, CancellationToken cancellation);

    private protected static SearchOutcome Best(IEnumerable<RestartRun> runs)
    {
        RestartRun[] all = [.. runs];
        RestartRun best = all.MinBy(r => r.ValidationLoss)!;
        return new(best, all.Sum(r => r.GradientEvaluations), all.Length, all.Count(r => r.HasDiverged));
    }
}

/// <param name="Best">The run with the lowest validation loss.</param>
/// <param name="GradientEvaluations">All work.</param>
/// <param name="Trials">Settings tried.</param>
/// <param name="Diverged">How many of them ended in numbers that are not finite.</param>
internal readonly record struct SearchOutcome(RestartRun Best, double GradientEvaluations, int Trials, int Diverged);

/// <summary>Independent settings drawn from the space; every one is trained to the end.</summary>
public sealed class RandomSearch() : RestartSearch("random")
{
    internal override SearchOutcome Run(RestartProblem problem, SearchSpace space, int multiple, CancellationToken cancellation)
    {
        // The stream does not depend on the multiple: a larger budget tries the same settings and more.
        SplitMix64 random = new(problem.Seed, 1);
        List<RestartRun> runs = [];
        for (int i = 0; i < multiple; i++)
        {
            RestartRun run = problem.Start(space.Draw(ref random), i);
            run.RunTo(problem.Steps, cancellation);
            runs.Add(run);
        }
        return Best(runs);
    }
}

/// <summary>The finest grid that the budget affords: learning rates first, then momenta, then weight decays.</summary>
public sealed class GridSearch() : RestartSearch("grid")
{
    internal override SearchOutcome Run(RestartProblem problem, SearchSpace space, int multiple, CancellationToken cancellation)
    {
        (int rates, int decays, int momenta) = multiple switch
        {
            >= 30 => (5, multiple / 15, 3),
            >= 10 => (5, 1, multiple / 5),
            _ => (multiple, 1, 1),
        };
        List<RestartRun> runs = [];
        for (int i = 0; i < rates * decays * momenta; i++)
        {
            RestartRun run = problem.Start(space.At(Middle(i % rates, rates), Middle(i / rates % decays, decays), Middle(i / rates / decays, momenta)), i);
            run.RunTo(problem.Steps, cancellation);
            runs.Add(run);
        }
        return Best(runs);
    }

    // Points in the middles of equal cells: one point is the centre of the range.
    private static double Middle(int index, int count) => (index + 0.5) / count;
}
