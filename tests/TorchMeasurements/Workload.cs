using MLNetHyper.Engine;
using TorchSharp;
using static TorchSharp.torch;

namespace MLNetHyper.Torch.Measurements;

/// <summary>A model on made-up data.</summary>
internal sealed class Workload : IDisposable
{
    private readonly Device _device;
    private readonly Func<bool, nn.Module<Tensor, Tensor>> _create;
    private readonly Func<Tensor, Tensor, Tensor> _loss;
    private readonly Func<bool, BatchSource> _batches;
    private readonly List<IDisposable> _owned = [];

    private Workload(string name, Device device, Func<bool, nn.Module<Tensor, Tensor>> create, Func<Tensor, Tensor, Tensor> loss, Func<bool, BatchSource> batches) =>
        (Name, _device, _create, _loss, _batches) = (name, device, create, loss, batches);

    internal string Name { get; }

    /// <summary>The rows of a network, where the engine's own networks are measured instead of a module.</summary>
    private (Architecture Architecture, Examples<float> Rows, int Batch)? Network { get; init; }

    internal static IEnumerable<Workload> All(Device device)
    {
        Architecture table = new(8, [50], 1, Activation.Relu, Loss.SquaredError), images = new(784, [50], 10, Activation.Relu, Loss.SoftmaxCrossEntropy);
        yield return Perceptron("8-50-1, 614 rows at once", device, 614, 614, table, isModule: false);
        yield return Perceptron("784-50-10, batches of 50", device, 5000, 50, images, isModule: false);
        yield return Perceptron("784-50-10 as a module", device, 5000, 50, images, isModule: true);
        bool large = device.type == DeviceType.CUDA;
        yield return large ? Memory(device, units: 650, words: 10_000, steps: 70, sequences: 40) : Memory(device, units: 64, words: 500, steps: 20, sequences: 20);
        yield return large ? Residual(device, width: 64, batch: 100) : Residual(device, width: 8, batch: 20);
    }

    internal Timed Loop(HypergradientMethod method)
    {
        if (Network is var (architecture, rows, batch))
        {
            TorchNetworkObjective<float> network = Own(new TorchNetworkObjective<float>(architecture, _device));
            return Turns.Loop(method.Name, network, network.CreateBatchSource(rows, batch, 1, Turns.Interval + 1), network.CreateBatchSource(rows, batch, 2, 2), method, _device);
        }
        return Turns.Loop(method.Name, Own(new TorchObjective(_create, _loss, _device)), _batches(true), _batches(false), method, _device);
    }

    /// <summary>The usual loop: a module, its loss, backward, an optimizer's step.</summary>
    internal Timed EagerLoop()
    {
        nn.Module<Tensor, Tensor> module = Own(_create(false));
        module.to(_device);
        optim.Optimizer optimizer = Own(optim.SGD(module.parameters(), 1e-3, momentum: 0.9, weight_decay: 1e-4));
        BatchSource batches = _batches(true);
        long number = 0;
        return new("eager", steps =>
        {
            for (int i = 0; i < steps; i++)
            {
                using DisposeScope scope = NewDisposeScope();
                var batch = (TorchBatch)batches.BatchAt(number++);
                optimizer.zero_grad();
                _loss(module.call(batch.Inputs), batch.Targets).backward();
                optimizer.step();
            }
        }, _device);
    }

    public void Dispose()
    {
        foreach (IDisposable owned in Enumerable.Reverse(_owned))
            owned.Dispose();
    }

    private T Own<T>(T disposable) where T : IDisposable
    {
        _owned.Add(disposable);
        return disposable;
    }

    private static Workload Perceptron(string name, Device device, int count, int batch, Architecture shape, bool isModule)
    {
        bool classes = shape.Loss == Engine.Loss.SoftmaxCrossEntropy;
        var random = new Random(1);
        float[] features = [.. Enumerable.Range(0, count * shape.Inputs).Select(_ => (2 * random.NextSingle()) - 1)];
        float[] targets = [.. Enumerable.Range(0, count).Select(_ => classes ? random.Next(shape.Outputs) : random.NextSingle())];
        Tensor x = tensor(features, [count, shape.Inputs], device: device), y = classes ? tensor(targets, device: device).to_type(ScalarType.Int64) : tensor(targets, [count, 1], device: device);
        return new(name, device, _ => nn.Sequential(("in", nn.Linear(shape.Inputs, shape.Hidden[0])), ("relu", nn.ReLU()), ("out", nn.Linear(shape.Hidden[0], shape.Outputs))),
            (output, target) => classes ? nn.functional.cross_entropy(output, target) : nn.functional.mse_loss(output, target),
            training => new TensorBatchSource(x, y, batch, 1, isForTraining: training))
        {
            Network = isModule ? null : (shape, new(features, shape.Inputs, targets), batch),
        };
    }

    private static Workload Memory(Device device, int units, int words, int steps, int sequences)
    {
        Tensor tokens = randint(0, words, [(steps * 20) + 1, sequences], device: device);
        return new($"LSTM of 2 x {units} units, {words} words, batches of {sequences} x {steps}", device, products => new LstmLanguageModel(words, units, fused: !products),
            (logits, targets) => nn.functional.cross_entropy(logits, targets), training => new SequenceBatchSource(tokens, steps, isForTraining: training));
    }

    private static Workload Residual(Device device, int width, int batch)
    {
        Tensor x = randn([batch * 5, 3, 32, 32], device: device), y = randint(0, 10, [batch * 5], device: device);
        return new($"ResNet-18, {width} channels at first, batches of {batch}", device, _ => new ResNet18(width: width),
            (logits, targets) => nn.functional.cross_entropy(logits, targets), training => new TensorBatchSource(x, y, batch, 1, isForTraining: training));
    }
}
