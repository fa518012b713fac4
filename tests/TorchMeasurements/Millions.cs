using System.Diagnostics;
using System.Globalization;
using MLNetHyper.Engine;
using TorchSharp;
using static TorchSharp.torch;

namespace MLNetHyper.Torch.Measurements;

/// <summary>
/// More than a million hyperparameters, a weight decay for each weight: what they cost beside plain training in time and memory, by libtorch and by the managed engine. Every row is a process of its own,
/// whose greatest memory is its own.
/// </summary>
internal static class Millions
{
    private const int Units = 1000;
    private const int Steps = 200;

    private static readonly Architecture _architecture = new(64, [Units, Units], 10, Activation.Tanh, Engine.Loss.SoftmaxCrossEntropy);

    private static readonly (string Name, HypergradientMethod Method, Granularity Granularity)[] _methods =
    [
        ("plain training", new Fixed(), Granularity.Scalar),
        ("one weight decay, Neumann, 5 products", new ImplicitDifferentiation(), Granularity.Scalar),
        ("one for each weight, Neumann, 5 products", new ImplicitDifferentiation(), Granularity.PerWeight),
        ("one for each weight, conjugate gradients, 5 products, damping 0.1", new ImplicitDifferentiation(new ConjugateGradientInverse(5, damping: 0.1)), Granularity.PerWeight),
        ("one for each weight, Nyström, 10 columns, damping 0.1", new ImplicitDifferentiation(new NystromInverse(10, damping: 0.1)), Granularity.PerWeight),
        ("one for each weight, Nyström, columns kept for 10 steps", new ImplicitDifferentiation(new NystromInverse(10, damping: 0.1, refresh: 10)), Granularity.PerWeight),
    ];

    internal static void Write(Device device)
    {
        bool isGpu = device.type == DeviceType.CUDA;
        Console.WriteLine($"A perceptron 64-{Units}-{Units}-10 of {(65 * Units) + ((Units + 1) * Units) + ((Units + 1) * 10):N0} weights on the digits; 1000 rows to train in batches of 100, 400 to validate, {Steps} steps of SGD, a hyperparameter step every 10. {(isGpu ? "Elapsed time; memory: what libtorch takes of the GPU in training" : "Processor time of one thread; memory: the most at a time beyond what the process has before training")}.");
        Console.WriteLine();
        Console.WriteLine("| Engine | Weight decay | hyperparameters | ms a step | times plain | memory (MB) | times plain | validation loss |");
        Console.WriteLine("|---|---|---:|---:|---:|---:|---:|---:|");
        foreach (bool isManaged in isGpu ? [false] : (bool[])[false, true])
        {
            (double Seconds, double Bytes)? plain = null;
            for (int i = 0; i < _methods.Length; i++)
            {
                double[] measured = Child(isManaged, i);
                (double seconds, double bytes, double loss) = (measured[0], measured[1], measured[2]);
                plain ??= (seconds, bytes);
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                    $"| {(isManaged ? "managed, cpu" : $"libtorch, {device}")} | {_methods[i].Name} | {measured[3]:N0} | {1000 * seconds / Steps:G2} | {seconds / plain.Value.Seconds:F2} | {bytes / 1e6:F0} | {bytes / plain.Value.Bytes:F2} | {loss:F3} |"));
            }
        }
    }

    /// <summary>One row, in the process that <see cref="Write"/> started for it.</summary>
    internal static void WriteRow(Device device, bool isManaged, int index)
    {
        using LabelledImages digits = LabelledImages.Digits();
        (_, HypergradientMethod method, Granularity granularity) = _methods[index];
        OnePassOptions options = OnePassOptions.Published with
        {
            Method = method,
            Steps = Steps,
            BatchSize = 100,
            Threads = 1,
            WeightDecayGranularity = granularity,
            Tune = method.MovesHyperparameters ? ["wd"] : null,
            Initial = new Dictionary<string, double> { ["lr"] = 0.1, ["wd"] = 1e-3 },
        };
        using Tensor inputs = digits.Inputs.to(device), labels = digits.Labels.to(device);
        long before = Memory(device);
        TimeSpan start = Timed.Now(device);
        double loss = isManaged ? OnManagedEngine(digits, options) : OnTorch(inputs, labels, options, device);
        TimeSpan time = Timed.Now(device) - start;
        long numbers = !method.MovesHyperparameters ? 0 : granularity == Granularity.Scalar ? 1 : new NetworkObjective<float>(_architecture).CreateVector().Length;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:R} {Memory(device) - before} {loss:R} {numbers}"));
    }

    private static double OnTorch(Tensor inputs, Tensor labels, OnePassOptions options, Device device)
    {
        using TorchResult result = TorchOnePass.Train(Network, (output, target) => nn.functional.cross_entropy(output, target), (inputs[..1000], labels[..1000]), (inputs[1000..1400], labels[1000..1400]), options, device);
        return result.BestValidationLoss;
    }

    private static double OnManagedEngine(LabelledImages digits, OnePassOptions options) =>
        NetworkEngine.Managed.Train(_architecture, digits.Examples(0, 1000), digits.Examples(1000, 1400), options).BestValidationLoss;

    /// <summary>The greatest memory of the process, or what is taken of the GPU, of which libtorch gives nothing back: TorchSharp cannot ask it.</summary>
    private static long Memory(Device device)
    {
        using Process process = Process.GetCurrentProcess();
        return device.type == DeviceType.CUDA
            ? 1024 * 1024 * long.Parse(Output("nvidia-smi", ["--query-gpu=memory.used", "--format=csv,noheader,nounits"]).Split('\n')[0], CultureInfo.InvariantCulture)
            : process.PeakWorkingSet64;
    }

    private static double[] Child(bool isManaged, int index) =>
        [.. Output("dotnet", [typeof(Millions).Assembly.Location, "millions", $"{isManaged}", $"{index}"]).Split(' ').Select(number => double.Parse(number, CultureInfo.InvariantCulture))];

    private static string Output(string command, IEnumerable<string> arguments)
    {
        using Process child = Process.Start(new ProcessStartInfo(command, arguments) { RedirectStandardOutput = true })!;
        string text = child.StandardOutput.ReadToEnd();
        child.WaitForExit();
        return text;
    }

    private static nn.Module<Tensor, Tensor> Network() =>
        nn.Sequential(("in", nn.Linear(64, Units)), ("first", nn.Tanh()), ("hidden", nn.Linear(Units, Units)), ("second", nn.Tanh()), ("out", nn.Linear(Units, 10)));
}
