namespace MLNetHyper.Search;

/// <summary>A search that trains the network again and again with other hyperparameters and keeps the best by validation.</summary>
public abstract class RestartSearch
{
    private protected RestartSearch(string name) => Name = name;

    /// <summary>All searches that need nothing else; <see cref="OptunaSearch.Both"/> need Optuna.</summary>
    public static IReadOnlyList<RestartSearch> All { get; } = [new RandomSearch(), new GridSearch(), new AshaSearch(), new PopulationBasedTraining()];

    /// <summary>The search's name, as on the command line.</summary>
    public string Name { get; }

    /// <summary>Throws a sentence where it cannot run on this machine.</summary>
    /// <exception cref="ArgumentException">It cannot.</exception>
    internal virtual void Require()
    {
    }

    /// <summary>
    /// Spends at most the gradients of <paramref name="multiple"/> plain trainings and returns what it would deliver. Validation
    /// comes on top, as it does for every contestant, and is in the cost.
    /// </summary>
    internal abstract SearchOutcome Run(RestartProblem problem, SearchSpace space, int multiple, CancellationToken cancellation);

    private protected static SearchOutcome Best(IEnumerable<RestartRun> runs)
    {
        RestartRun? best = null;
        double work = 0;
        int trials = 0, diverged = 0;
        // One by one, so that of a thousand restarts that run one after the other only the best is kept.
        foreach (RestartRun run in runs)
        {
            if (best is null || run.ValidationLoss < best.ValidationLoss)
                best = run;
            work += run.GradientEvaluations;
            trials += run.Settings;
            diverged += run.DivergedSettings;
        }
        return new(best!, work, trials, diverged);
    }

    private protected static IEnumerable<RestartRun> Completed(RestartProblem problem, IReadOnlyList<SearchPoint> points, CancellationToken cancellation)
    {
        for (int i = 0; i < points.Count; i++)
        {
            RestartRun run = problem.Start(points[i], i);
            run.RunTo(problem.Steps, cancellation);
            yield return run;
        }
    }
}

/// <param name="Best">The run with the lowest validation loss.</param>
/// <param name="GradientEvaluations">All work.</param>
/// <param name="Trials">Settings tried.</param>
/// <param name="Diverged">How many of them ended in numbers that are not finite.</param>
internal readonly record struct SearchOutcome(RestartRun Best, double GradientEvaluations, int Trials, int Diverged);

/// <summary>The start of the one-pass run, then independent settings drawn from the space; every one is trained to the end.</summary>
public sealed class RandomSearch() : RestartSearch("random")
{
    internal override SearchOutcome Run(RestartProblem problem, SearchSpace space, int multiple, CancellationToken cancellation) =>
        Best(Completed(problem, Points(problem, space, multiple), cancellation));

    internal static SearchPoint[] Points(RestartProblem problem, SearchSpace space, int multiple)
    {
        // The stream does not depend on the multiple: a larger budget tries the same settings and more.
        SplitMix64 random = new(problem.Seed, 1);
        SearchPoint[] points = new SearchPoint[multiple];
        points[0] = problem.StartIn(space);
        for (int i = 1; i < multiple; i++)
            points[i] = space.Draw(ref random);
        return points;
    }
}

/// <summary>The start of the one-pass run, then the finest grid that the rest of the budget affords: learning rates first, then momenta, then weight decays.</summary>
public sealed class GridSearch() : RestartSearch("grid")
{
    internal override SearchOutcome Run(RestartProblem problem, SearchSpace space, int multiple, CancellationToken cancellation) =>
        Best(Completed(problem, multiple == 1 ? [problem.StartIn(space)] : [problem.StartIn(space), .. Points(space, multiple - 1)], cancellation));

    /// <summary>As many settings as the budget has trainings, or a few less where the number has no such factors.</summary>
    internal static IReadOnlyList<SearchPoint> Points(SearchSpace space, int multiple)
    {
        (int rates, int decays, int momenta) = multiple switch
        {
            >= 100 => (10, multiple / 50, 5),
            >= 30 => (5, multiple / 15, 3),
            >= 10 => (5, 1, multiple / 5),
            _ => (multiple, 1, 1),
        };
        return [.. Enumerable.Range(0, rates * decays * momenta).Select(i =>
            space.At(Middle(i % rates, rates), Middle(i / rates % decays, decays), Middle(i / rates / decays, momenta)))];
    }

    // Points in the middles of equal cells: one point is the center of the range.
    private static double Middle(int index, int count) => (index + 0.5) / count;
}
