using System.Diagnostics;
using System.Globalization;
using MLNetHyper.Engine;
using static TorchSharp.torch;

namespace MLNetHyper.Torch.Measurements;

/// <summary>More than a million hyperparameters, a weight decay for each weight: what they cost beside plain training in time and memory. Every row is a process of its own, whose greatest memory is its own.</summary>
internal static class Millions
{
    private const int Units = 1000;
    private const int Steps = 200;

    private static readonly (string Name, HypergradientMethod Method, Granularity Granularity)[] _rows =
    [
        ("plain training", new Fixed(), Granularity.Scalar),
        ("one weight decay, Neumann, 5 products", new ImplicitDifferentiation(), Granularity.Scalar),
        ("one for each weight, Neumann, 5 products", new ImplicitDifferentiation(), Granularity.PerWeight),
        ("one for each weight, conjugate gradients, 5 products, damping 0.1", new ImplicitDifferentiation(new ConjugateGradientInverse(5, damping: 0.1)), Granularity.PerWeight),
        ("one for each weight, Nyström, 10 columns, damping 0.1", new ImplicitDifferentiation(new NystromInverse(10, damping: 0.1)), Granularity.PerWeight),
        ("one for each weight, Nyström, columns kept for 10 steps", new ImplicitDifferentiation(new NystromInverse(10, damping: 0.1, refresh: 10)), Granularity.PerWeight),
    ];

    internal static void Write()
    {
        Console.WriteLine($"A perceptron 64-{Units}-{Units}-10 of {(65 * Units) + ((Units + 1) * Units) + ((Units + 1) * 10):N0} weights on the digits, CPU, one thread; 1000 rows to train in batches of 100, 400 to validate, {Steps} steps of SGD, a hyperparameter step every 10. Processor time; memory: the most at a time beyond what the process has before training.");
        Console.WriteLine();
        Console.WriteLine("| Weight decay | hyperparameters | ms a step | times plain | memory (MB) | times plain | validation loss |");
        Console.WriteLine("|---|---:|---:|---:|---:|---:|---:|");
        (double Seconds, double Bytes)? plain = null;
        for (int i = 0; i < _rows.Length; i++)
        {
            double[] measured = Child(i);
            (double seconds, double bytes, double loss) = (measured[0], measured[1], measured[2]);
            plain ??= (seconds, bytes);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"| {_rows[i].Name} | {measured[3]:N0} | {1000 * seconds / Steps:F0} | {seconds / plain.Value.Seconds:F2} | {bytes / 1e6:F0} | {bytes / plain.Value.Bytes:F2} | {loss:F3} |"));
        }
    }

    /// <summary>One row, in the process that <see cref="Write"/> started for it.</summary>
    internal static void WriteRow(int index)
    {
        using Digits digits = new();
        (_, HypergradientMethod method, Granularity granularity) = _rows[index];
        OnePassOptions options = OnePassOptions.Published with
        {
            Method = method,
            Steps = Steps,
            BatchSize = 100,
            WeightDecayGranularity = granularity,
            Tune = method.MovesHyperparameters ? ["wd"] : null,
            Initial = new Dictionary<string, double> { ["lr"] = 0.1, ["wd"] = 1e-3 },
        };
        using Process process = Process.GetCurrentProcess();
        long before = process.WorkingSet64;
        TimeSpan start = Timed.Now(null);
        using TorchResult result = TorchOnePass.Train(Network, (output, target) => nn.functional.cross_entropy(output, target), (digits.Inputs[..1000], digits.Labels[..1000]), (digits.Inputs[1000..1400], digits.Labels[1000..1400]), options);
        TimeSpan time = Timed.Now(null) - start;
        process.Refresh();
        long numbers = !method.MovesHyperparameters ? 0 : granularity == Granularity.Scalar ? 1 : result.Module.parameters().Sum(p => p.numel());
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:R} {process.PeakWorkingSet64 - before} {result.BestValidationLoss:R} {numbers}"));
    }

    private static double[] Child(int index)
    {
        using Process child = Process.Start(new ProcessStartInfo("dotnet", [typeof(Millions).Assembly.Location, "millions", $"{index}"]) { RedirectStandardOutput = true })!;
        string line = child.StandardOutput.ReadToEnd();
        child.WaitForExit();
        return [.. line.Split(' ').Select(number => double.Parse(number, CultureInfo.InvariantCulture))];
    }

    private static nn.Module<Tensor, Tensor> Network() =>
        nn.Sequential(("in", nn.Linear(64, Units)), ("first", nn.Tanh()), ("hidden", nn.Linear(Units, Units)), ("second", nn.Tanh()), ("out", nn.Linear(Units, 10)));
}
