namespace MLNetHyper.Search;

/// <summary>
/// Population-based training (Jaderberg et al. 2017): as many members as the budget affords; forty times in a training the worst
/// quarter copies weights, state and hyperparameters from the best quarter, then each hyperparameter is multiplied by 0.8 or 1.2,
/// or drawn anew with probability 1/4. The first member begins where the one-pass run does; alone it has nobody to learn from.
/// </summary>
public sealed class PopulationBasedTraining() : RestartSearch("pbt")
{
    private const int Exploits = 40;

    internal override SearchOutcome Run(RestartProblem problem, SearchSpace space, int multiple, CancellationToken cancellation)
    {
        SplitMix64 random = new(problem.Seed, 3);
        RestartRun[] members = new RestartRun[multiple];
        for (int i = 0; i < members.Length; i++)
            members[i] = problem.Start(i == 0 ? problem.StartIn(space) : space.Draw(ref random), i);
        int quarter = multiple == 1 ? 0 : Math.Max(1, multiple / 4);
        long reached = 0;
        for (int round = 1; reached < problem.Steps; round++)
        {
            long target = problem.StepsFor((double)round / Exploits);
            // Few steps make rounds coincide, and nothing is learned without training.
            if (target == reached)
                continue;
            reached = target;
            foreach (RestartRun member in members)
                member.RunTo(target, cancellation);
            if (reached == problem.Steps)
                break;
            Array.Sort(members, (a, b) => a.LatestValidationLoss.CompareTo(b.LatestValidationLoss));
            // What has diverged has nothing to teach.
            int parents = members.Take(quarter).Count(m => double.IsFinite(m.LatestValidationLoss));
            for (int i = 0; i < quarter && parents > 0; i++)
            {
                RestartRun parent = members[random.NextInt(parents)];
                members[^(i + 1)].Adopt(parent, Explore(parent.Point, space, ref random));
            }
        }
        return Best(members);
    }

    internal static SearchPoint Explore(SearchPoint point, SearchSpace space, ref SplitMix64 random)
    {
        SearchPoint fresh = space.Draw(ref random);
        return space.Clamp(new(
            Perturb(point.LearningRate, fresh.LearningRate, ref random),
            Perturb(point.WeightDecay, fresh.WeightDecay, ref random),
            // A momentum is perturbed through its distance to one, or it would leave the range.
            1 - Perturb(1 - point.Momentum, 1 - fresh.Momentum, ref random)));
    }

    private static double Perturb(double value, double fresh, ref SplitMix64 random) =>
        random.NextInt(4) == 0 ? fresh : value * (random.NextInt(2) == 0 ? 0.8 : 1.2);
}
