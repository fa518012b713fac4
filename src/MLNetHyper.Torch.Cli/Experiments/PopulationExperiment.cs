using System.Diagnostics;
using MLNetHyper.Engine;
using static TorchSharp.torch;

namespace MLNetHyper.Torch.Cli;

/// <summary>
/// An experiment of the managed engine with all its initializations trained at once, as a population, where there is a CUDA device; on the
/// managed engine where there is none.
/// </summary>
/// <remarks>
/// Weights and hyperparameters are drawn as there. Members of one population, up to 200, see the same batches in the same order, whose seed is
/// that of the first: with full batches the runs are those of the managed engine up to rounding, with minibatches they are other draws
/// of it, and not independent of each other in the order of examples. Learning rates per weight, which populations do not have,
/// are left to the managed engine.
/// </remarks>
internal sealed class PopulationExperiment(PaperExperiment managed, Device? device = null) : PaperExperiment
{
    /// <summary>The most members trained at once.</summary>
    internal const int MostMembers = 200;

    public override string Name => managed.Name;

    public override string Description => managed.Description;

    public override string Protocol => managed.Protocol;

    public override string Metric => managed.Metric;

    public override string Files => managed.Files;

    public override bool IsSample => managed.IsSample;

    public override int PublishedInitializations => managed.PublishedInitializations;

    public override long PublishedSteps => managed.PublishedSteps;

    public override double FailureFrom => managed.FailureFrom;

    public override IReadOnlyList<PaperMethod> Methods => managed.Methods;

    public override LoadedExperiment Load(string folder) => Wrap(managed.Load(folder));

    /// <summary>Takes data that are loaded already, and owns them.</summary>
    internal LoadedExperiment Wrap(LoadedExperiment loaded)
    {
        Device? chosen = device ?? (TorchRuntime.IsCudaAvailable ? CUDA : null);
        return chosen is not null && loaded is LoadedNetworkExperiment network ? new Loaded(this, network, chosen) : loaded;
    }

    private sealed class Loaded(PopulationExperiment experiment, LoadedNetworkExperiment network, Device device) : LoadedExperiment(experiment)
    {
        public override int StepsPerEpoch => network.StepsPerEpoch;

        internal override PaperRun Run(PaperMethod method, long steps, int seed, CancellationToken cancellation) => network.Run(method, steps, seed, cancellation);

        internal override IReadOnlyList<PaperRun> RunAll(PaperMethod method, long steps, IReadOnlyList<int> seeds, Action<PaperRun> finished, CancellationToken cancellation)
        {
            // Members have consecutive seeds, and one alone is no population.
            if (method.PerWeightLearningRate || seeds.Count < 2 || seeds.Where((seed, i) => seed != seeds[0] + i).Any())
                return network.RunAll(method, steps, seeds, finished, cancellation);
            int populations = (seeds.Count + MostMembers - 1) / MostMembers;
            List<PaperRun> runs = [];
            for (int i = 0; i < populations; i++)
            {
                // As equal as can be, so that none has a single member.
                int first = runs.Count, count = (seeds.Count - first) / (populations - i);
                runs.AddRange(Train(method, steps, seeds[first], count, cancellation));
                cancellation.ThrowIfCancellationRequested();
                runs[first..].ForEach(finished);
            }
            return runs;
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing)
                network.Dispose();
            base.Dispose(disposing);
        }

        private PaperRun[] Train(PaperMethod method, long steps, int seed, int count, CancellationToken cancellation)
        {
            long start = Stopwatch.GetTimestamp();
            using var population = new TorchNetworkObjective<float>(network.Architecture, count, device);
            (BatchSource training, BatchSource? validation) = network.Batches(population, method, seed);
            IReadOnlyDictionary<string, double>[] starts = [.. Enumerable.Range(seed, count).Select(Start)];
            PopulationMember[] members = Population.MembersOf(Population.Prepare(population, training, validation, method.Options(steps, seed), starts).Run(progress: null, cancellation));
            if (cancellation.IsCancellationRequested)
                return [];
            double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds / count;
            var objective = new NetworkObjective<float>(network.Architecture);
            return Array.ConvertAll(members, member => new PaperRun(network.TestError(objective, member.FinalWeights), member.Trajectory.TrainingLosses[^1], seconds));
        }

        private static Dictionary<string, double> Start(int seed)
        {
            PaperInitialization drawn = PaperInitialization.Draw(seed);
            return new SgdUpdate().Hyperparameters.ToDictionary(h => h.Name, h => drawn[h.Name]);
        }
    }
}
