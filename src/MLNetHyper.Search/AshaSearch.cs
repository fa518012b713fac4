namespace MLNetHyper.Search;

/// <summary>
/// Asynchronous successive halving (Li et al. 2020) with one worker: at the lowest rung a run gets a 64th of the steps, and the best
/// quarter of what has reached a rung goes on to four times as many. The first run is from the start of the one-pass run. What the budget has left at the end, when it does not reach
/// to the next rung, is spent all the same. No run reaches the full number of steps with a budget below about three trainings.
/// </summary>
public sealed class AshaSearch() : RestartSearch("asha")
{
    internal const int Reduction = 4;
    internal const int Rungs = 4;

    /// <summary>The steps at which a run is at a rung; at the last it has all.</summary>
    internal static long StepsAt(RestartProblem problem, int rung) => problem.StepsFor(Math.Pow(Reduction, rung - (Rungs - 1)));

    internal override SearchOutcome Run(RestartProblem problem, SearchSpace space, int multiple, CancellationToken cancellation)
    {
        SplitMix64 random = new(problem.Seed, 2);
        List<RestartRun> all = [];
        AshaRungs<RestartRun> rungs = new(Reduction, Rungs);
        long left = multiple * problem.Steps;
        while (left > 0)
        {
            int rung = rungs.Next(out RestartRun? run);
            if (run is null)
                all.Add(run = problem.Start(all.Count == 0 ? problem.StartIn(space) : space.Draw(ref random), all.Count));
            run.RunTo(StepsAt(problem, rung), ref left, cancellation);
            // A run that has diverged is judged by that, not by how good it was before.
            rungs.Add(rung, run, run.LatestValidationLoss);
        }
        return Best(all);
    }
}

/// <summary>Who has reached which rung, and who goes on: everyone stays listed at each rung it has reached, with its loss there.</summary>
internal sealed class AshaRungs<T>(int reduction, int count) where T : class
{
    private readonly List<Arrival>[] _rungs = [.. Enumerable.Range(0, count).Select(_ => new List<Arrival>())];

    /// <summary>The rung to go for next and who goes there: from the highest rung that has one, the best of its top share that has not been promoted; null for a new run at rung 0.</summary>
    internal int Next(out T? promoted)
    {
        for (int rung = count - 2; rung >= 0; rung--)
        {
            Arrival? best = _rungs[rung].OrderBy(a => a.Loss).Take(_rungs[rung].Count / reduction).FirstOrDefault(a => !a.Promoted);
            if (best is null || !double.IsFinite(best.Loss))
                continue;
            best.Promoted = true;
            promoted = best.Run;
            return rung + 1;
        }
        promoted = null;
        return 0;
    }

    internal void Add(int rung, T run, double loss) => _rungs[rung].Add(new Arrival(run, loss));

    internal int CountAt(int rung) => _rungs[rung].Count;

    private sealed record Arrival(T Run, double Loss)
    {
        internal bool Promoted { get; set; }
    }
}
