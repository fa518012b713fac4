using System.Globalization;
using MLNetHyper.Engine;
using static TorchSharp.torch;

namespace MLNetHyper.Torch.Measurements;

/// <summary>How many runs fit beside each other: steps of one member a second, by the population's size.</summary>
internal static class Members
{
    private const double SecondsEach = 4;

    internal static void Write(Device device)
    {
        Console.WriteLine($"Device: {device}. One pass by the default method; a step is one of all members; the fastest of turns of 30 ms or one step ({Turns.Clock(device)}).");
        Console.WriteLine();
        Console.WriteLine("| Network | members | µs a step | member steps a second | of that, times one member's |");
        Console.WriteLine("|---|---:|---:|---:|---:|");
        foreach ((string name, int rows, Architecture architecture) in ((string, int, Architecture)[])[("614x8-50-1, all rows", 614, new(8, [50], 1, Activation.Relu, Loss.SquaredError)), ("784-50-10, batches of 50", 50, new(784, [50], 10, Activation.Relu, Loss.SoftmaxCrossEntropy))])
        {
            double one = 0;
            foreach (int members in (int[])[1, 8, 64, 200])
            {
                double seconds = SecondsPerStep(architecture, rows, members, device), rate = members / seconds;
                one = members == 1 ? rate : one;
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {name} | {members} | {seconds * 1e6:F0} | {rate:N0} | {rate / one:F1} |"));
            }
        }
    }

    private static double SecondsPerStep(Architecture architecture, int rows, int members, Device device)
    {
        var random = new Random(1);
        var examples = new Examples<float>([.. Enumerable.Range(0, rows * architecture.Inputs).Select(_ => (2 * random.NextSingle()) - 1)], architecture.Inputs, [.. Enumerable.Range(0, rows).Select(i => architecture.Outputs == 1 ? random.NextSingle() : i % architecture.Outputs)]);
        using var objective = new TorchNetworkObjective<float>(architecture, members, device);
        BatchSource training = objective.CreateBatchSource(examples, rows, 1, 2), validation = objective.CreateBatchSource(examples, rows, 1, 2);
        OnePassOptions options = OnePassOptions.Published with { MetaOptimizer = new AdamMetaOptimizer(1e-9) };
        IReadOnlyDictionary<string, double>[] starts = [.. Enumerable.Range(0, members).Select(_ => new Dictionary<string, double> { ["lr"] = 1e-3 })];
        OnePassLoop<TorchVector> loop = Population.Prepare(objective, training, validation, options.ToLoop(rows) with { Steps = long.MaxValue }, starts);
        long step = 0;
        Timed timed = new("population", steps => loop.RunTo(step += steps, CancellationToken.None), device);
        Turns.Take([timed], SecondsEach, device);
        return timed.SecondsPerStep;
    }
}
