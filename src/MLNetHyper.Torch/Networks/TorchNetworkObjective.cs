using System.Numerics;
using MLNetHyper.Engine;
using TorchSharp;
using static TorchSharp.torch;

namespace MLNetHyper.Torch;

/// <summary>
/// The mean loss of a multilayer perceptron on a device, its derivatives written out as batched matrix products, so that few
/// kernels are launched: all tangents of a step take one product each layer, and so do all members of a population.
/// </summary>
/// <typeparam name="T">float for speed, double for reference traces and finite differences.</typeparam>
/// <remarks>
/// In a population, the flat vector is the members' one after another, <see cref="Tensors"/> has one segment for each, and the loss is
/// the sum of theirs: its derivatives never mix members. Not for several threads at once.
/// </remarks>
public sealed class TorchNetworkObjective<T> : INetworkObjective<TorchVector, T>, IDisposable where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly bool _areSeveral;
    private readonly VectorPool _pool;
    private readonly Dictionary<TorchVector, LayerViews> _views = [];
    private readonly List<IDisposable> _owned = [];

    /// <summary>An objective for one network.</summary>
    /// <param name="architecture">Its shape.</param>
    /// <param name="device">Where to compute. Default: the CPU.</param>
    /// <exception cref="TorchUnavailableException">libtorch, or the device, is not to be had.</exception>
    /// <exception cref="ArgumentException">A size below 1, or several outputs with a loss of one.</exception>
    public TorchNetworkObjective(Architecture architecture, Device? device = null) : this(architecture, members: null, device)
    {
    }

    /// <summary>An objective for several networks of one shape; null members for a network by itself.</summary>
    /// <param name="architecture">The shape.</param>
    /// <param name="members">How many.</param>
    /// <param name="device">Where to compute.</param>
    /// <param name="sharesValues">Whether hyperparameters are theirs together, and one per tensor is one for each of their layers' tensors; in a population a tensor is all of a member.</param>
    internal TorchNetworkObjective(Architecture architecture, int? members, Device? device, bool sharesValues = false)
    {
        if (members is { } count)
            ArgumentOutOfRangeException.ThrowIfLessThan(count, 1, nameof(members));
        Shape = new NetworkShape(architecture);
        TorchRuntime.Require(device);
        (Architecture, Members, _areSeveral, Device) = (architecture, members ?? 1, members is not null, device ?? CPU);
        _pool = new(Device, TorchNumbers.TypeOf<T>());
        Models = members is null
            ? [new("all", 0, Shape.Length, 0)]
            : [.. Enumerable.Range(0, Members).Select(k => new TensorSegment($"members.{k}", checked(k * Shape.Length), Shape.Length, architecture.Inputs))];
        Tensors = members is null ? Shape.Tensors
            : !sharesValues ? Models
            : [.. Models.SelectMany(model => Shape.Tensors.Select(tensor => tensor with { Name = $"{model.Name}.{tensor.Name}", Start = model.Start + tensor.Start }))];
    }

    /// <inheritdoc/>
    public Architecture Architecture { get; }

    /// <summary>Where it computes.</summary>
    public Device Device { get; }

    /// <inheritdoc/>
    public IReadOnlyList<TensorSegment> Tensors { get; }

    /// <inheritdoc/>
    public IReadOnlyList<TensorSegment> Models { get; }

    /// <summary>How many networks there are.</summary>
    internal int Members { get; }

    internal NetworkShape Shape { get; }

    /// <summary>How many vectors there are.</summary>
    internal int VectorCount => _pool.Count;

    /// <inheritdoc/>
    public TorchVector CreateVector() => _pool.Create(checked(Members * Shape.Length));

    /// <inheritdoc/>
    /// <remarks>The weights that the managed engine draws. Members after the first have the seeds that follow.</remarks>
    public void Initialize(TorchVector weights, int seed)
    {
        ArgumentNullException.ThrowIfNull(weights);
        weights.CopyFrom(Draw([.. Enumerable.Range(0, Members).Select(k => unchecked(seed + k))]));
    }

    /// <summary>Initial weights of all members, each from a seed of its own.</summary>
    internal double[] Draw(IReadOnlyList<int> seeds)
    {
        double[] drawn = new double[Members * Shape.Length];
        for (int k = 0; k < Members; k++)
            Shape.Draw(drawn.AsSpan(k * Shape.Length, Shape.Length), seeds[k]);
        return drawn;
    }

    /// <inheritdoc/>
    public LossSum CreateLossSum() => Own(new TorchLossSum(Device, Members));

    /// <inheritdoc/>
    public ILinearization<TorchVector> CreateLinearization(bool withProducts = true) => Own(new TorchNetworkLinearization<T>(this, withProducts));

    /// <inheritdoc/>
    public BatchSource CreateBatchSource(ExampleSource<T> examples, int batchSize, int? shuffleSeed, int retained)
    {
        ArgumentNullException.ThrowIfNull(examples);
        return Own(new NetworkTensorSource<T>(examples, Architecture, batchSize, shuffleSeed, retained, Device));
    }

    /// <inheritdoc/>
    /// <remarks>Where each member has an order of its own, or a network some of the rows; the other overload gives all the same.</remarks>
    BatchSource INetworkObjective<TorchVector, T>.CreateBatchSource(ExampleSource<T> examples, IReadOnlyList<int[]>? rows, int batchSize, int? shuffleSeed, int retained)
    {
        if (!_areSeveral)
            return Own(new NetworkTensorSource<T>(examples, Architecture, batchSize, shuffleSeed, retained, Device, rows?[0]));
        if (examples is not Examples<T> all || (rows is null && shuffleSeed is null))
            return CreateBatchSource(examples, batchSize, shuffleSeed, retained);
        ShuffledRows<T>[] orders = [.. Models.Select((_, k) => new ShuffledRows<T>(examples, Architecture, batchSize, shuffleSeed + k, rows?[k]))];
        return Own(new MemberTensorSource<T>(orders, NetworkTensorSource<T>.Send(all, Architecture, Device), retained, Device));
    }

    /// <inheritdoc/>
    public void Predict(TorchVector weights, ReadOnlySpan<T> features, Span<T> outputs)
    {
        ArgumentNullException.ThrowIfNull(weights);
        if (_areSeveral)
            throw new InvalidOperationException("A population has no outputs of its own. Ask one of its members.");
        long rows = features.Length / Shape.Inputs;
        if (features.Length % Shape.Inputs != 0 || outputs.Length != rows * Shape.Outputs)
            throw new ArgumentException($"Rows of {Shape.Inputs} features and {Shape.Outputs} outputs do not make {features.Length} and {outputs.Length} values.");
        if (rows == 0)
            return;
        using DisposeScope scope = NewDisposeScope();
        LayerViews layers = ViewsOf(weights);
        Tensor a = TorchNumbers.ToTensor(features.ToArray(), [1, rows, Shape.Inputs], Device);
        for (int l = 0; l < Shape.Layers.Length; l++)
        {
            a = a.bmm(layers.Weights[l].transpose(1, 2)).Plus(layers.Biases[l]);
            if (l < Shape.Layers.Length - 1)
                a = TorchActivation.Value(Shape.Activation, a);
        }
        a.cpu().data<T>().CopyTo(outputs);
    }

    /// <summary>Disposes of all vectors, batches and linearizations that it made, results among them.</summary>
    public void Dispose()
    {
        foreach (IDisposable owned in _owned.Concat(_views.Values))
            owned.Dispose();
        _owned.Clear();
        _views.Clear();
        _pool.Dispose();
    }

    /// <summary>A vector's layers, made once.</summary>
    internal LayerViews ViewsOf(TorchVector vector)
    {
        if (!_views.TryGetValue(vector, out LayerViews? views))
        {
            using Tensor members = vector.Tensor.view(Members, Shape.Length);
            _views.Add(vector, views = new(Shape, members));
        }
        return views;
    }

    private TOwned Own<TOwned>(TOwned disposable) where TOwned : IDisposable
    {
        _owned.Add(disposable);
        return disposable;
    }
}
