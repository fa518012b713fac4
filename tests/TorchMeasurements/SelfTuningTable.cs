using System.Globalization;
using MLNetHyper.Engine;
using TorchSharp;
using static TorchSharp.torch;

namespace MLNetHyper.Torch.Measurements;

/// <summary>Regularizers tuned while a network trains, beside their schedule replayed, their last values kept, and the best of several fixed rates of dropout.</summary>
internal static class SelfTuningTable
{
    private const int Steps = 2000;
    private const int BatchSize = 128;

    private static readonly int[] _seeds = [0, 1, 2];
    private static readonly double[] _grid = [0, 0.1, 0.2, 0.4];

    internal static void Write(string? images)
    {
        Console.WriteLine($"{Steps} steps of {BatchSize} examples by AdamW (learning rate .005, flat then half a cosine), an average of the weights, the best by validation; a hyperparameter step of as many examples after every two, from step {Steps / 20} on. Mean and lowest to highest of seeds {string.Join(", ", _seeds)}, which divide the tables too; cross-entropy, or squared error of the standardized label. Cost: gradients of the plain network, a step of a best-response network counting as many as its products (8/3 with separate losses, 2 with one, as does a validation gradient). Time: processor seconds of one training or of the whole grid.");
        Console.WriteLine();
        Console.WriteLine("| Data | Training | validation loss | test loss | cost | time | regularizers |");
        Console.WriteLine("|---|---|---:|---:|---:|---:|---|");
        foreach (Func<int, RegularizedProblem> load in Problems(images))
            Write([.. _seeds.SelectMany(seed => Outcomes(load, seed))]);
    }

    private static IEnumerable<Func<int, RegularizedProblem>> Problems(string? images)
    {
        yield return seed => RegularizedProblem.Table("digits", seed);
        yield return seed => RegularizedProblem.Table("kin8nm", seed);
        if (images is not null)
            yield return _ => RegularizedProblem.FashionImages(images);
    }

    private static List<Outcome> Outcomes(Func<int, RegularizedProblem> load, int seed)
    {
        using DisposeScope scope = NewDisposeScope();
        RegularizedProblem problem = load(seed);
        SelfTuningRegularizers separate = new(problem.Regularizers), joint = new(problem.Regularizers) { Separate = false }, dropout = new(problem.Dropouts);
        OnePassOptions tuned = SelfTuning.Options with { Method = new SelfTuning(Steps / 20), Steps = Steps, BatchSize = BatchSize, ValidationBatchSize = BatchSize, Seed = seed }, kept = tuned with { Method = new Fixed() };
        List<Outcome> outcomes = [];

        (Outcome learned, Trajectory schedule) = Train("self-tuning, separate losses (Δ-STN)", tuned, separate, responds: true, null);
        (Outcome together, _) = Train("self-tuning, one loss (STN)", tuned, joint, responds: true, null);
        (Outcome replayed, _) = Train("the schedule of the first replayed, plain network", kept, separate, responds: false, schedule);
        (Outcome last, _) = Train("its last values kept, plain network", kept with { Initial = LastOf(schedule, separate) }, separate, responds: false, null);
        Outcome[] grid = [.. _grid.Select(rate => rate == 0
            ? Train("", kept, null, responds: false, null).Outcome
            : Train("", kept with { Initial = problem.Dropouts.SelectMany(d => d.Hyperparameters).ToDictionary(h => h.Name, _ => rate) }, dropout, responds: false, null).Outcome)];
        Outcome best = grid.MinBy(outcome => outcome.Validation)!;
        string rates = string.Join(", ", _grid.Select(rate => rate.ToString(CultureInfo.InvariantCulture)));
        return
        [
            learned, together, replayed, last,
            grid[0] with { Training = "no regularizer" },
            best with { Training = $"best fixed dropout of {rates}", Cost = grid.Sum(outcome => outcome.Cost), Seconds = grid.Sum(outcome => outcome.Seconds), Values = new Dictionary<string, (double, double)> { ["dropout"] = (double.NaN, _grid[Array.IndexOf(grid, best)]) } },
        ];

        (Outcome Outcome, Trajectory Schedule) Train(string training, OnePassOptions options, SelfTuningRegularizers? regularizers, bool responds, Trajectory? follow)
        {
            TimeSpan start = Environment.CpuUsage.TotalTime;
            using TorchResult result = TorchOnePass.Train(() => problem.Network(regularizers, responds), problem.Loss, problem.Training, problem.Validation, options, regularizer: regularizers, schedule: follow);
            double seconds = (Environment.CpuUsage.TotalTime - start).TotalSeconds;
            using IDisposable mode = no_grad();
            double test = problem.Loss(result.Module.call(problem.Test.Inputs), problem.Test.Targets).ToDouble();
            double validationBatch = (double)options.ValidationBatchSizeFor((int)problem.Training.Inputs.shape[0], (int)problem.Validation.Inputs.shape[0]) / BatchSize;
            double more = responds ? (regularizers!.Separate ? 5 / 3.0 : 1) + (validationBatch / options.TuningInterval) : 0;
            Console.Error.WriteLine($"{problem.Name}, seed {seed}, {training}: validation {result.BestValidationLoss:G4}, test {test:G4}, {seconds:F0} s, {result.Status}");
            IEnumerable<string> names = regularizers?.Hyperparameters.Take(regularizers.Count).Select(h => h.Name) ?? [];
            return (new(problem.Name, training, result.BestValidationLoss, test, result.GradientEvaluations + (more * result.Steps), seconds, names.ToDictionary(name => name, name => (result.Trajectory.Values(name)[0], result.Trajectory.Values(name)[^1]))), result.Trajectory);
        }
    }

    private static Dictionary<string, double> LastOf(Trajectory schedule, SelfTuningRegularizers regularizers) =>
        regularizers.Hyperparameters.Take(regularizers.Count).ToDictionary(h => h.Name, h => schedule.Values(h.Name)[^1]);

    private static void Write(IReadOnlyList<Outcome> outcomes)
    {
        foreach (IGrouping<string, Outcome> rows in outcomes.GroupBy(outcome => outcome.Training))
        {
            string values = string.Join("; ", rows.First().Values.Keys.Select(name => Describe(name, [.. rows.Select(row => row.Values[name])])));
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"| {rows.First().Data} | {rows.Key} | {Spread(rows.Select(row => row.Validation))} | {Spread(rows.Select(row => row.Test))} | {rows.Average(row => row.Cost):F0} | {rows.Average(row => row.Seconds):F0} | {values} |"));
        }
    }

    /// <summary>Where a number began and where it ended, in each run; where it was.</summary>
    private static string Describe(string name, (double First, double Last)[] values)
    {
        string ends = string.Join(", ", values.Select(value => value.Last.ToString("G2", CultureInfo.InvariantCulture)));
        return values.All(value => value.First == value.Last || double.IsNaN(value.First)) ? $"{name} {ends}" : string.Create(CultureInfo.InvariantCulture, $"{name} {values[0].First:G2} to {ends}");
    }

    private static string Spread(IEnumerable<double> values) => string.Create(CultureInfo.InvariantCulture, $"{values.Average():G3} ({values.Min():G3} to {values.Max():G3})");

    private sealed record Outcome(string Data, string Training, double Validation, double Test, double Cost, double Seconds, IReadOnlyDictionary<string, (double First, double Last)> Values);
}
