using System.Diagnostics;
using System.Globalization;
using MLNetHyper.Engine;
using static TorchSharp.torch;

namespace MLNetHyper.Torch.Measurements;

/// <summary>How long the default training takes with more and more members, whose own rows, order and weights cannot share a product: on one thread, on all, and on a device.</summary>
internal static class Recipe
{
    private const int Rows = 6000;
    private const int Inputs = 136;
    private const int Steps = 300;

    internal static void Write(Device device)
    {
        int cores = Environment.ProcessorCount;
        Console.WriteLine($"Device: {device}. {Steps} steps of one pass with its default options on {Rows} rows, {Inputs}-64-64-1 units, batches of 128; elapsed ms a step of all members, the faster of two trainings taken in turns.");
        Console.WriteLine();
        Console.WriteLine($"| Members | managed, one thread | managed, {cores} threads | TorchSharp, {device} | managed, one thread, by member |");
        Console.WriteLine("|---:|---:|---:|---:|---:|");
        Architecture architecture = new(Inputs, [64, 64], 1, Activation.Relu, Loss.SquaredError);
        Examples<float> rows = Draw(Rows), validation = Draw(Rows / 10);
        foreach (int members in (int[])[1, 4, 8, 64, 200])
        {
            OnePassOptions options = new() { Members = members, Steps = Steps };
            (NetworkEngine Engine, int Threads)[] engines = [(NetworkEngine.Managed, 1), (NetworkEngine.Managed, cores), (new TorchEngine(device), 1)];
            double[] fastest = [double.PositiveInfinity, double.PositiveInfinity, double.PositiveInfinity];
            for (int turn = 0; turn < 2; turn++)
            {
                for (int i = 0; i < engines.Length; i++)
                {
                    long start = Stopwatch.GetTimestamp();
                    engines[i].Engine.Train(architecture, rows, validation, options with { Threads = engines[i].Threads });
                    fastest[i] = Math.Min(fastest[i], Stopwatch.GetElapsedTime(start).TotalMilliseconds / Steps);
                }
            }
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {members} | {fastest[0]:F2} | {fastest[1]:F2} | {fastest[2]:F2} | {fastest[0] / members:F3} |"));
        }
    }

    private static Examples<float> Draw(int count)
    {
        var random = new Random(1);
        return new([.. Enumerable.Range(0, count * Inputs).Select(_ => (2 * random.NextSingle()) - 1)], Inputs, [.. Enumerable.Range(0, count).Select(_ => random.NextSingle())]);
    }
}
