namespace MLNetHyper.Engine;

/// <summary>
/// Asynchronous successive halving (Li et al. 2020) with one worker: at the lowest rung a run gets a 64th of the steps, and the best
/// quarter of what has reached a rung goes on to four times as many.
/// </summary>
public sealed class AshaSearch() : RestartSearch("asha")
{
    private const int Reduction = 4;
    private const int Rungs = 4;

    internal override SearchOutcome Run(RestartProblem problem, SearchSpace space, int multiple, CancellationToken cancellation)
    {
        SplitMix64 random = new(problem.Seed, 2);
        // Every run stays listed, with the loss that it had there, at each rung that it has reached.
        List<Arrival>[] rungs = [.. Enumerable.Range(0, Rungs).Select(_ => new List<Arrival>())];
        List<RestartRun> all = [];
        long left = multiple * problem.Steps;
        while (!cancellation.IsCancellationRequested)
        {
            Arrival? promotable = Promotable(rungs, out int rung);
            RestartRun run = promotable?.Run ?? problem.Start(space.Draw(ref random), all.Count);
            long target = problem.Steps / (long)Math.Pow(Reduction, Rungs - 1 - rung);
            if (target - run.Step > left)
                break;
            left -= target - run.Step;
            if (promotable is null)
                all.Add(run);
            else
                promotable.Promoted = true;
            run.RunTo(target, cancellation);
            rungs[rung].Add(new Arrival(run, run.ValidationLoss));
        }
        return Best(all);
    }

    /// <summary>From the highest rung that has one: the best run in its top quarter that has not been promoted.</summary>
    private static Arrival? Promotable(List<Arrival>[] rungs, out int nextRung)
    {
        for (int rung = Rungs - 2; rung >= 0; rung--)
        {
            nextRung = rung + 1;
            Arrival? best = rungs[rung].OrderBy(a => a.Loss).Take(rungs[rung].Count / Reduction).FirstOrDefault(a => !a.Promoted);
            if (best is not null)
                return best;
        }
        nextRung = 0;
        return null;
    }

    private sealed record Arrival(RestartRun Run, double Loss)
    {
        internal bool Promoted { get; set; }
    }
}
