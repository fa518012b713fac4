using MLNetHyper.Engine;
using static TorchSharp.torch;

namespace MLNetHyper.Torch;

/// <summary>
/// Random search with all its trainings at once, as a population: the settings, initial weights and batches of <see cref="RandomSearch"/>,
/// on a GPU in little more time than a few of them. For comparisons, in <see cref="ComparisonOptions.Searches"/>.
/// </summary>
/// <param name="device">Where to train. Default: <see cref="TorchRuntime.PreferredDevice"/>.</param>
public sealed class TorchRandomSearch(Device? device = null) : RestartSearch("random-population")
{
    // Comparisons run several searches at a time; one population fills a device.
    private static readonly Lock _oneAtATime = new();

    internal override SearchOutcome Run(RestartProblem problem, SearchSpace space, int multiple, CancellationToken cancellation)
    {
        SearchPoint[] points = RandomSearch.Points(problem, space, multiple);
        LoopOptions options = problem.Loop(guard: false);
        IReadOnlyDictionary<string, double>[] starts = Array.ConvertAll(points, point => point.For(options.Rule.Hyperparameters));
        PopulationMember[] members;
        lock (_oneAtATime)
        {
            using var objective = new TorchNetworkObjective<float>(problem.Architecture, multiple, device ?? TorchRuntime.PreferredDevice);
            (BatchSource training, BatchSource validation) = problem.Batches(objective);
            members = Population.MembersOf(Population.Prepare(objective, training, validation, options, starts, [.. Enumerable.Range(0, multiple).Select(problem.SeedOf)]).Run(progress: null, cancellation));
        }
        cancellation.ThrowIfCancellationRequested();
        // A gradient for every step of every member, of diverged ones too: a population does not stop for one.
        double work = (double)multiple * problem.Steps;
        int best = 0, diverged = members.Count(m => m.Status == TrainingStatus.Diverged);
        for (int k = 1; k < members.Length; k++)
        {
            if (members[k].BestValidationLoss < members[best].BestValidationLoss || double.IsNaN(members[best].BestValidationLoss))
                best = k;
        }
        if (double.IsNaN(members[best].BestValidationLoss))
            return new(problem.Start(points[best], best), work, multiple, diverged);
        // The winner goes on as a run of the managed engine, for the test rows.
        RestartRun winner = problem.Start(points[best], best, weights: Array.ConvertAll(members[best].Weights.Span.ToArray(), w => (double)w));
        winner.RunTo(0, cancellation);
        return new(winner, work, multiple, diverged);
    }
}
