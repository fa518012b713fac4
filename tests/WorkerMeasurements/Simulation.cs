using System.Globalization;
using MLNetHyper.Engine;
using MLNetHyper.Engine.TestSupport;

namespace MLNetHyper.WorkerMeasurements;

/// <summary>
/// Many workers on a network that is not there. What they compute is computed, by as many threads, so that steps and losses are those of so many workers; how long one worker's steps take is measured with one
/// that has no others to wait for; how long messages take is calculated from a latency and a bandwidth.
/// </summary>
internal static class Simulation
{
    private const int RowsOfWorker = 32;
    private const int Rows = 1 << 17;
    private const int Steps = 250;
    private const double Target = 0.1;
    private const int ValidationRows = 4096;

    // An all-gather of plans, an all-to-all, an all-gather of sums.
    private const int CollectivesOfSum = 3;

    private static readonly (string Name, double Latency, double BytesPerSecond)[] _networks = [("50 µs, 1.25 GB/s", 50e-6, 1.25e9), ("2 µs, 12.5 GB/s", 2e-6, 12.5e9)];

    internal static void Write()
    {
        MeasuredProblem problem = Friedman();
        Console.WriteLine($"A simulation. Friedman's function of 10 features with noise, {Rows} rows, a network 10-64-64-1, a constant schedule; each worker takes {RowsOfWorker} rows a step, so that more workers have larger batches. Time until the validation loss is {Target.ToString(CultureInfo.InvariantCulture)} of the label's variance (the noise alone is 0.04): steps as so many workers need them, computed; a step's time as measured with one worker, which shuffles all rows and computes with its part; messages by latency and bandwidth, {CollectivesOfSum} collectives of log2(P) latencies a sum.");
        Console.WriteLine();
        Console.WriteLine($"| workers | H | steps | sums | MB of a worker | computing, ms | {string.Join(" | ", _networks.Select(n => $"messages, ms, {n.Name} | speed-up"))} |");
        Console.WriteLine($"|---:|---:|---:|---:|---:|---:|{string.Concat(_networks.Select(_ => "---:|---:|"))}");
        double alone = 0;
        foreach ((int workers, string interval) in ((int, string)[])[(1, "1"), (64, "1"), (64, "10"), (64, "50"), (1024, "1"), (1024, "10"), (1024, "50")])
        {
            (double steps, double sums, double numbers) = Train(problem, workers, AveragingInterval.Parse(interval)!);
            double computing = steps * SecondsOfStep(problem, workers, interval);
            alone = workers == 1 ? computing : alone;
            Console.Write(string.Create(CultureInfo.InvariantCulture, $"| {workers} | {interval} | {steps:F0} | {sums:F0} | {(workers == 1 ? 0 : Intervals.Megabytes((long)numbers, workers)):F1} | {computing * 1e3:F1} |"));
            foreach ((_, double latency, double bandwidth) in _networks)
            {
                double messages = workers == 1 ? 0 : (sums * CollectivesOfSum * Math.Ceiling(Math.Log2(workers)) * latency) + (Intervals.Megabytes((long)numbers, workers) * 1e6 / bandwidth);
                Console.Write(string.Create(CultureInfo.InvariantCulture, $" {messages * 1e3:F1} | {alone / (computing + messages):F1} |"));
            }
            Console.WriteLine();
        }
    }

    private static (double Steps, double Sums, double Numbers) Train(MeasuredProblem problem, int count, AveragingInterval interval)
    {
        MeasuredProblem shared = problem.WithBatches(count * RowsOfWorker);
        shared = shared with { Options = shared.Options with { Steps = Steps } };
        return count == 1 ? (Intervals.StepsTo(shared.Train(Workers.One, interval), Target), 0, 0) : ThreadWorkers.Run(count, workers =>
        {
            LoopResult<DenseVector<float>> result = shared.Train(workers, interval);
            double steps = Intervals.StepsTo(result, Target), share = steps / result.Steps;
            return (steps, share * workers.Rounds, share * workers.Summed);
        })[0];
    }

    /// <summary>One worker that does all its part among so many, and whose messages take no time.</summary>
    private static double SecondsOfStep(MeasuredProblem problem, int workers, string interval)
    {
        MeasuredProblem shared = problem.WithBatches(workers * RowsOfWorker);
        shared = shared with { Options = shared.Options with { Steps = Steps } };
        return Enumerable.Range(0, 5).Min(_ =>
        {
            // The processor's time, whatever else the machine does.
            TimeSpan start = Environment.CpuUsage.TotalTime;
            long steps = shared.Train(workers == 1 ? Workers.One : new OneOfEqual(workers), AveragingInterval.Parse(interval)!).Steps;
            return (Environment.CpuUsage.TotalTime - start).TotalSeconds / steps;
        });
    }

    /// <summary>Friedman (1991): five of ten features count.</summary>
    private static MeasuredProblem Friedman()
    {
        const double Deviation = 4.98, Mean = 14.4;
        var random = new Random(1);
        Examples<float> Draw(int rows)
        {
            float[] features = new float[rows * 10], targets = new float[rows];
            for (int row = 0; row < rows; row++)
            {
                double[] x = [.. Enumerable.Range(0, 10).Select(_ => random.NextDouble())];
                double noise = Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
                double y = (10 * Math.Sin(Math.PI * x[0] * x[1])) + (20 * (x[2] - 0.5) * (x[2] - 0.5)) + (10 * x[3]) + (5 * x[4]) + noise;
                targets[row] = (float)((y - Mean) / Deviation);
                for (int i = 0; i < 10; i++)
                    features[(row * 10) + i] = (float)((x[i] - 0.5) * Math.Sqrt(12));
            }
            return new(features, 10, targets);
        }
        return new("friedman", new(10, [64, 64], 1, Activation.Relu, Loss.SquaredError), Draw(Rows), Draw(ValidationRows), new() { Members = 1, Bins = 0, LearningRateSchedule = LearningRateSchedule.Constant, AveragingDecay = 0.9, ValidationBatchSize = ValidationRows });
    }
}
