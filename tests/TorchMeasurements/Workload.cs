using MLNetHyper.Engine;
using TorchSharp;
using static TorchSharp.torch;

namespace MLNetHyper.Torch.Measurements;

/// <summary>A model on made-up data.</summary>
internal sealed class Workload : IDisposable
{
    private readonly Func<nn.Module<Tensor, Tensor>> _create;
    private readonly Func<Tensor, Tensor, Tensor> _loss;
    private readonly Tensor _x;
    private readonly Tensor _y;
    private readonly int _batch;
    private readonly List<IDisposable> _owned = [];
    private readonly Func<HypergradientMethod, Timed> _loop;

    private Workload(string name, Device device, Func<bool, nn.Module<Tensor, Tensor>> create, Func<Tensor, Tensor, Tensor> loss, Tensor x, Tensor y, int batch, Architecture? architecture = null)
    {
        (Name, _create, _loss, _x, _y, _batch) = (name, () => create(false), loss, x.to(device), y.to(device), batch);
        _loop = architecture is null
            ? method =>
            {
                TorchObjective objective = Own(new TorchObjective(create, loss, device));
                return Turns.Loop(method.Name, objective, Own(new TensorBatchSource(_x, _y, batch, 1)), Own(new TensorBatchSource(_x, _y, batch, 2, 2, isForTraining: false)), method, device);
            }
        : method =>
        {
            TorchNetworkObjective<float> objective = Own(new TorchNetworkObjective<float>(architecture, device));
            using DisposeScope scope = NewDisposeScope();
            float[] features = x.cpu().data<float>().ToArray(), targets = y.to_type(ScalarType.Float32).cpu().data<float>().ToArray();
            var rows = new Examples<float>(features, architecture.Inputs, targets);
            return Turns.Loop(method.Name, objective, objective.CreateBatchSource(rows, batch, 1, Turns.Interval + 1), objective.CreateBatchSource(rows, batch, 2, 2), method, device);
        };
    }

    internal string Name { get; }

    internal static IEnumerable<Workload> All(Device device)
    {
        bool gpu = device.type == DeviceType.CUDA;
        yield return Network("614x8-50-1, all rows", device, 614, 614, new(8, [50], 1, Activation.Relu, Loss.SquaredError));
        yield return Network("784-50-10, batches of 50", device, 5000, 50, new(784, [50], 10, Activation.Relu, Loss.SoftmaxCrossEntropy));
        yield return Module("the same as a module", device, 5000, 50, new(784, [50], 10, Activation.Relu, Loss.SoftmaxCrossEntropy));
        yield return gpu ? Memory(device, 650, 10_000, 70, 40) : Memory(device, 64, 500, 20, 20);
        yield return gpu ? Residual(device, 64, 100) : Residual(device, 8, 20);
    }

    internal Timed Loop(HypergradientMethod method) => _loop(method);

    /// <summary>The usual loop: a module, its loss, backward, an optimiser's step.</summary>
    internal Timed EagerLoop(Device device)
    {
        nn.Module<Tensor, Tensor> module = Own(_create());
        module.to(device);
        optim.Optimizer optimiser = Own(optim.SGD(module.parameters(), 1e-3, momentum: 0.9, weight_decay: 1e-4));
        TensorBatchSource batches = Own(new TensorBatchSource(_x, _y, _batch, 1));
        long number = 0;
        return new("eager", steps =>
        {
            for (int i = 0; i < steps; i++)
            {
                using DisposeScope scope = NewDisposeScope();
                TorchBatch batch = batches.BatchAt(number++);
                optimiser.zero_grad();
                _loss(module.call(batch.Inputs), batch.Targets).backward();
                optimiser.step();
            }
        }, device);
    }

    public void Dispose()
    {
        foreach (IDisposable owned in Enumerable.Reverse(_owned))
            owned.Dispose();
        _x.Dispose();
        _y.Dispose();
    }

    private T Own<T>(T disposable) where T : IDisposable
    {
        _owned.Add(disposable);
        return disposable;
    }

    private static Workload Network(string name, Device device, int rows, int batch, Architecture architecture) => Perceptron(name, device, rows, batch, architecture, architecture);

    private static Workload Module(string name, Device device, int rows, int batch, Architecture architecture) => Perceptron(name, device, rows, batch, architecture, null);

    private static Workload Perceptron(string name, Device device, int rows, int batch, Architecture shape, Architecture? own)
    {
        bool classes = shape.Loss == Engine.Loss.SoftmaxCrossEntropy;
        Tensor x = randn(rows, shape.Inputs), y = classes ? randint(0, shape.Outputs, rows) : randn(rows, 1);
        return new(name, device, _ => nn.Sequential(("in", nn.Linear(shape.Inputs, shape.Hidden[0])), ("relu", nn.ReLU()), ("out", nn.Linear(shape.Hidden[0], shape.Outputs))),
            (output, target) => classes ? nn.functional.cross_entropy(output, target) : nn.functional.mse_loss(output, target), x, y, batch, own);
    }

    private static Workload Memory(Device device, int units, int words, int steps, int examples) =>
        new($"LSTM, 2 layers of {units}, {words} words, {examples} x {steps}", device, products => new WordModel(words, units, fused: !products),
            (output, target) => nn.functional.cross_entropy(output.reshape(-1, words), target.reshape(-1)), randint(0, words, [examples * 4, steps]), randint(0, words, [examples * 4, steps]), examples);

    private static Workload Residual(Device device, int width, int batch) =>
        new($"ResNet-18, {width} channels at first, batches of {batch}", device, _ => new ResNet(width), (output, target) => nn.functional.cross_entropy(output, target), randn(batch * 4, 3, 32, 32), randint(0, 10, batch * 4), batch);
}
