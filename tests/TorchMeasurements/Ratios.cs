using System.Globalization;
using MLNetHyper.Engine;
using static TorchSharp.torch;

namespace MLNetHyper.Torch.Measurements;

/// <summary>What one pass costs over plain training on this engine, and plain training beside TorchSharp's own loop.</summary>
internal static class Ratios
{
    private const double SecondsEach = 6;

    internal static void Write(Device device)
    {
        Console.WriteLine($"Device: {device}. Times of a weight step: the fastest of turns of 30 ms ({Turns.Clock(device)}), all contestants of a row taking turns for {SecondsEach} s.");
        Console.WriteLine();
        Console.WriteLine("| Model | plain, TorchSharp's own loop (µs) | plain, this engine (µs) | `neumann`, times plain | default, times plain | `forward`, times plain |");
        Console.WriteLine("|---|---:|---:|---:|---:|---:|");
        foreach (Workload workload in Workload.All(device))
        {
            using (workload)
                Console.WriteLine(Row(workload, device));
        }
    }

    private static string Row(Workload workload, Device device)
    {
        Timed eager = workload.EagerLoop();
        Timed[] loops = [.. new HypergradientMethod[] { new Fixed(), new Neumann(), new AugmentedNeumann(), new ForwardMode() }.Select(m => workload.Loop(m))];
        Turns.Take([eager, .. loops], SecondsEach, device);
        double plain = loops[0].SecondsPerStep;
        return string.Create(CultureInfo.InvariantCulture,
            $"| {workload.Name} | {eager.SecondsPerStep * 1e6:F0} | {plain * 1e6:F0} | {loops[1].SecondsPerStep / plain:F2} | {loops[2].SecondsPerStep / plain:F2} | {loops[3].SecondsPerStep / plain:F2} |");
    }
}
