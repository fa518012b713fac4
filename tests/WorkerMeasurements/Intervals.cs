using System.Globalization;
using MLNetHyper.Engine;
using MLNetHyper.Engine.TestSupport;

namespace MLNetHyper.WorkerMeasurements;

/// <summary>What four workers send each other by the time that they have reached a loss, and where they end.</summary>
internal static class Intervals
{
    private const int Workers = 4;
    private const int Seeds = 5;

    // Above the loss that one worker ends at.
    private const double Slack = 1.1;

    private static readonly string[] _intervals = ["1", "5", "10", "20", "50", "100", "growing:10", "loss:50"];

    internal static void Write(string? folder)
    {
        Console.WriteLine($"{Workers} workers as threads of one process, {Seeds} seeds. A batch is of all workers together. Rounds and megabytes, which are what one worker sends, up to where the validation loss is first within {(Slack - 1) * 100:0} % of the least loss of one worker with the same seed (medians; - where a majority never is). The least validation loss: median, and the range over seeds.");
        foreach (MeasuredProblem problem in MeasuredProblem.All(folder))
        {
            Console.WriteLine();
            Console.WriteLine($"| {problem.Name}, {string.Join('-', [problem.Architecture.Inputs, .. problem.Architecture.Hidden, problem.Architecture.Outputs])}, {problem.Options.Steps} steps of {problem.Options.BatchSize} rows | steps | rounds | MB | least validation loss | |");
            Console.WriteLine("|---|---:|---:|---:|---:|---:|");
            double[] targets = [.. Enumerable.Range(0, Seeds).Select(seed => problem.Train(Engine.Workers.One, AveragingInterval.EveryStep, seed)).Select(result => result.BestValidationLoss)];
            Console.WriteLine($"| one worker | | | | {Spread(targets)} |");
            foreach (string interval in _intervals)
            {
                Run[] runs = [.. targets.Select((target, seed) => Of(problem, AveragingInterval.Parse(interval)!, seed, Slack * target))];
                Console.WriteLine($"| H = {interval} | {Median(runs, r => r.Steps, "N0")} | {Median(runs, r => r.Rounds, "N0")} | {Median(runs, r => r.Megabytes, "N1")} | {Spread([.. runs.Select(r => r.Loss)])} |");
            }
        }
    }

    private static Run Of(MeasuredProblem problem, AveragingInterval interval, int seed, double target) => ThreadWorkers.Run(Workers, workers =>
    {
        LoopResult<DenseVector<float>> result = problem.Train(workers, interval, seed);
        double steps = StepsTo(result, target), share = steps / result.Steps;
        return new Run(steps, share * workers.Rounds, share * Megabytes(workers.Summed, Workers), result.BestValidationLoss);
    })[0];

    /// <summary>What a worker sends: its numbers once in parts to the others, and its part of the sums to all.</summary>
    internal static double Megabytes(long numbers, int workers) => 2.0 * numbers * (workers - 1) / workers * sizeof(double) / 1e6;

    /// <summary>The first step with a loss; not a number where there is none.</summary>
    internal static double StepsTo(LoopResult<DenseVector<float>> result, double loss)
    {
        for (int i = 0; i < result.Trajectory.Count; i++)
        {
            if (result.Trajectory.ValidationLosses[i] <= loss)
                return result.Trajectory.Steps[i];
        }
        // Of many rows the loss is measured now and then, and at the end.
        return result.BestValidationLoss <= loss ? result.BestStep : double.NaN;
    }

    private static string Median(Run[] runs, Func<Run, double> value, string format)
    {
        // Those who never get there come last.
        double median = runs.Select(value).Order(Comparer<double>.Create((a, b) => double.IsNaN(a) || double.IsNaN(b) ? double.IsNaN(a).CompareTo(double.IsNaN(b)) : a.CompareTo(b))).ElementAt(runs.Length / 2);
        return double.IsNaN(median) ? "-" : median.ToString(format, CultureInfo.InvariantCulture);
    }

    private static string Spread(double[] losses) => string.Create(CultureInfo.InvariantCulture, $"{losses.Order().ElementAt(losses.Length / 2):F4} | {losses.Min():F4} to {losses.Max():F4}");

    private sealed record Run(double Steps, double Rounds, double Megabytes, double Loss);
}
