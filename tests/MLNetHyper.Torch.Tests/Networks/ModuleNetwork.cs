namespace MLNetHyper.Torch.Tests;

/// <summary>A multilayer perceptron as a module, differentiated by autograd, behind the same interface as the engines' own.</summary>
internal sealed class ModuleNetwork : INetworkObjective<TorchVector, double>, IDisposable
{
    private readonly TorchObjective _modules;
    private readonly TorchNetworkObjective<double> _network;
    private readonly List<Batches> _batches = [];

    internal ModuleNetwork(Architecture architecture)
    {
        _network = new(architecture);
        _modules = new(() => Build(architecture), (output, target) => Loss(architecture, output, target), type: ScalarType.Float64);
    }

    public Architecture Architecture => _network.Architecture;

    public IReadOnlyList<TensorSegment> Tensors => _modules.Tensors;

    public TorchVector CreateVector() => _modules.CreateVector();

    public void Initialize(TorchVector weights, int seed) => _network.Initialize(weights, seed);

    public LossSum CreateLossSum() => _modules.CreateLossSum();

    public ILinearization<TorchVector> CreateLinearization(bool withProducts = true) => _modules.CreateLinearization(withProducts);

    public BatchSource CreateBatchSource(ExampleSource<double> examples, int batchSize, int? shuffleSeed, int retained)
    {
        var batches = new Batches(_network.CreateBatchSource(examples, batchSize, shuffleSeed, retained), retained);
        _batches.Add(batches);
        return batches;
    }

    public void Predict(TorchVector weights, ReadOnlySpan<double> features, Span<double> outputs)
    {
        TorchVector own = _network.CreateVector();
        own.CopyFrom(weights.ToArray());
        _network.Predict(own, features, outputs);
    }

    public void Dispose()
    {
        _batches.ForEach(b => b.Dispose());
        _modules.Dispose();
        _network.Dispose();
    }

    private static nn.Module<Tensor, Tensor> Build(Architecture architecture)
    {
        List<(string, nn.Module<Tensor, Tensor>)> layers = [];
        int inputs = architecture.Inputs;
        foreach (int units in architecture.Hidden)
        {
            layers.Add(($"{layers.Count}", nn.Linear(inputs, units)));
            layers.Add(($"{layers.Count}", architecture.Activation switch
            {
                Activation.Relu => nn.ReLU(),
                Activation.Tanh => nn.Tanh(),
                _ => throw new NotSupportedException($"No test needs {architecture.Activation} here."),
            }));
            inputs = units;
        }
        layers.Add(($"{layers.Count}", nn.Linear(inputs, architecture.Outputs)));
        return nn.Sequential(layers);
    }

    private static Tensor Loss(Architecture architecture, Tensor output, Tensor target)
    {
        Tensor y = target.narrow(1, 0, architecture.Outputs), weights = target.narrow(1, architecture.Outputs, 1);
        Tensor losses = architecture.Loss switch
        {
            Engine.Loss.SquaredError => (output - y).square(),
            Engine.Loss.Logistic => nn.functional.binary_cross_entropy_with_logits(output, y, reduction: nn.Reduction.None),
            _ => -(output.log_softmax(1) * y),
        };
        return (losses * weights).sum();
    }

    private sealed class Batches(BatchSource source, int retained) : BatchSource, IDisposable
    {
        private readonly Queue<TorchBatch> _given = [];

        public override int ExampleCount => source.ExampleCount;

        public override int BatchSize => source.BatchSize;

        public override Batch BatchAt(long number)
        {
            using DisposeScope scope = NewDisposeScope();
            var tensors = (NetworkTensors)source.BatchAt(number);
            var batch = new TorchBatch(tensors.Features.clone().DetachFromDisposeScope(), cat([tensors.Targets, tensors.Weights], 1).DetachFromDisposeScope(), tensors.Count, number, isForTraining: true);
            _given.Enqueue(batch);
            if (_given.Count > retained)
                Release(_given.Dequeue());
            return batch;
        }

        public void Dispose()
        {
            foreach (TorchBatch batch in _given)
                Release(batch);
        }

        private static void Release(TorchBatch batch)
        {
            batch.Inputs.Dispose();
            batch.Targets.Dispose();
        }
    }
}
