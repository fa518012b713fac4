using System.Globalization;
using MLNetHyper.Engine;
using static TorchSharp.torch;

namespace MLNetHyper.Torch.Measurements;

/// <summary>The managed engine beside this one, from small networks to large ones.</summary>
internal static class Crossover
{
    private const double SecondsEach = 4;

    internal static void Write(Device device)
    {
        Console.WriteLine($"Device: {device}; both engines on one thread where that is a CPU. Plain training and one pass by the default method, µs a weight step, the fastest of turns of 30 ms ({Turns.Clock(device)}), taken in turns for {SecondsEach} s.");
        Console.WriteLine();
        Console.WriteLine("| Rows x network | Mflop a step | managed, plain | TorchSharp, plain | managed, one pass | TorchSharp, one pass | managed faster by |");
        Console.WriteLine("|---|---:|---:|---:|---:|---:|---:|");
        foreach ((int rows, int inputs, int units) in ((int, int, int)[])[(614, 8, 50), (50, 784, 50), (256, 20, 100), (256, 100, 500), (1024, 200, 1000), (1024, 500, 2000)])
            Console.WriteLine(Row(rows, inputs, units, device));
    }

    private static string Row(int rows, int inputs, int units, Device device)
    {
        Architecture architecture = new(inputs, [units], 1, Activation.Relu, Loss.SquaredError);
        var random = new Random(1);
        var examples = new Examples<float>([.. Enumerable.Range(0, rows * inputs).Select(_ => (2 * random.NextSingle()) - 1)], inputs, [.. Enumerable.Range(0, rows).Select(_ => random.NextSingle())]);
        var managed = new NetworkObjective<float>(architecture);
        using var torch = new TorchNetworkObjective<float>(architecture, device);
        Timed Managed(HypergradientMethod m) => Turns.Loop("managed", managed, managed.CreateBatchSource(examples, rows, 1, 2), managed.CreateBatchSource(examples, rows, 2, 2), m, device);
        Timed OnTorch(HypergradientMethod m) => Turns.Loop("torch", torch, torch.CreateBatchSource(examples, rows, 1, 2), torch.CreateBatchSource(examples, rows, 2, 2), m, device);
        Timed[] all = [Managed(new Fixed()), OnTorch(new Fixed()), Managed(OnePassOptions.Defaults.Method), OnTorch(OnePassOptions.Defaults.Method)];
        Turns.Take(all, SecondsEach, device);
        double[] us = [.. all.Select(t => t.SecondsPerStep * 1e6)];
        return string.Create(CultureInfo.InvariantCulture,
            $"| {rows} x {inputs}-{units}-1 | {managed.GradientFlops(rows) * 1e-6:F1} | {us[0]:F1} | {us[1]:F1} | {us[2]:F1} | {us[3]:F1} | {us[3] / us[2]:F1} |");
    }
}
