namespace MLNetHyper.Engine;

/// <summary>
/// Population-based training (Jaderberg et al. 2017): as many members as the budget affords; forty times in a training the worst
/// quarter copies weights, state and hyperparameters from the best quarter, then each hyperparameter is multiplied by 0.8 or 1.2,
/// or drawn anew with probability 1/4.
/// </summary>
public sealed class PopulationBasedTraining() : RestartSearch("pbt")
{
    private const int Exploits = 40;

    internal override SearchOutcome Run(RestartProblem problem, SearchSpace space, int multiple, CancellationToken cancellation)
    {
        SplitMix64 random = new(problem.Seed, 3);
        RestartRun[] members = new RestartRun[multiple];
        for (int i = 0; i < members.Length; i++)
            members[i] = problem.Start(space.Draw(ref random), i);
        int quarter = multiple / 4;
        for (int round = 1; round <= Exploits && !cancellation.IsCancellationRequested; round++)
        {
            foreach (RestartRun member in members)
                member.RunTo(problem.Steps * round / Exploits, cancellation);
            if (quarter == 0 || round == Exploits)
                continue;
            Array.Sort(members, (a, b) => a.LatestValidationLoss.CompareTo(b.LatestValidationLoss));
            for (int i = 0; i < quarter; i++)
            {
                RestartRun parent = members[random.NextInt(quarter)];
                members[^(i + 1)].Adopt(parent, Explore(parent.Point, space, ref random));
            }
        }
        return Best(members);
    }

    private static SearchPoint Explore(SearchPoint point, SearchSpace space, ref SplitMix64 random)
    {
        SearchPoint fresh = space.Draw(ref random);
        return new(
            Perturb(point.LearningRate, fresh.LearningRate, ref random),
            Perturb(point.WeightDecay, fresh.WeightDecay, ref random),
            // A momentum is perturbed through its distance to one, or it would leave the range.
            1 - Perturb(1 - point.Momentum, 1 - fresh.Momentum, ref random));
    }

    private static double Perturb(double value, double fresh, ref SplitMix64 random) => random.NextInt(4) == 0
        ? fresh
        : Math.Min(1, value * (random.NextInt(2) == 0 ? 0.8 : 1.2));
}
