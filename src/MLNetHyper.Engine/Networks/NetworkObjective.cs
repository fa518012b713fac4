using System.Collections.Concurrent;
using System.Numerics;
using System.Runtime.InteropServices;

namespace MLNetHyper.Engine;

/// <summary>The mean loss of a multilayer perceptron, on the managed SIMD engine.</summary>
/// <typeparam name="T">float for speed, double for reference traces and finite differences.</typeparam>
/// <remarks>
/// Weights lie as in PyTorch's <c>nn.Sequential</c>: <c>layers.0.weight</c> (units × inputs, row-major), <c>layers.0.bias</c>,
/// <c>layers.2.weight</c> and so on. Results are bitwise the same for every number of threads.
/// </remarks>
public sealed class NetworkObjective<T> : INetworkObjective<DenseVector<T>, T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly NetworkShape _shape;
    private readonly Tiling _tiling;
    private readonly WorkerTeam _team;
    private readonly Kernels<T> _kernels;
    private readonly ConcurrentBag<IPredictor<T>> _predictors = [];

    /// <summary>An objective for networks of one shape.</summary>
    /// <param name="architecture">The shape.</param>
    /// <param name="threads">How many threads may share a large batch.</param>
    /// <param name="regularization">What the training loss has beside the plain one. Default: nothing.</param>
    /// <exception cref="ArgumentException">A size below 1, several outputs with a loss of one, or a regularization that does not fit the loss.</exception>
    public NetworkObjective(Architecture architecture, int threads = 1, Regularization? regularization = null)
        : this(architecture, threads, kernels: null, examplesAreRows: null, regularization)
    {
    }

    internal NetworkObjective(Architecture architecture, int threads, Kernels<T>? kernels, bool? examplesAreRows, Regularization? regularization = null)
        : this(architecture, new WorkerTeam(threads), regularization, kernels, examplesAreRows)
    {
    }

    /// <summary>One whose batches are shared by a team that may be others' too.</summary>
    internal NetworkObjective(Architecture architecture, WorkerTeam team, Regularization? regularization, Kernels<T>? kernels = null, bool? examplesAreRows = null)
    {
        if (typeof(T) != typeof(float) && typeof(T) != typeof(double))
            throw new NotSupportedException($"Networks compute in float or double, not {typeof(T).Name}.");
        Architecture = architecture;
        _shape = new NetworkShape(architecture);
        _kernels = kernels ?? Kernels<T>.Best;
        _tiling = Tiling.For(_shape, _kernels.LaneCount, Marshal.SizeOf<T>(), examplesAreRows);
        _team = team;
        regularization?.Check(architecture.Loss);
        Hyperparameters = regularization?.Hyperparameters ?? [];
    }

    /// <inheritdoc/>
    public Architecture Architecture { get; }

    /// <inheritdoc/>
    public IReadOnlyList<TensorSegment> Tensors => _shape.Tensors;

    /// <inheritdoc/>
    /// <remarks>Those of the regularization.</remarks>
    public IReadOnlyList<Hyperparameter> Hyperparameters { get; }

    /// <inheritdoc/>
    public DenseVector<T> CreateVector() => new(_shape.Length);

    /// <inheritdoc/>
    public DenseVector<T> CreateVector(int length) => new(length);

    /// <inheritdoc/>
    /// <remarks>As PyTorch's Linear: weights and biases uniform in ±1/√inputs.</remarks>
    public void Initialize(DenseVector<T> weights, int seed)
    {
        ArgumentNullException.ThrowIfNull(weights);
        ArgumentOutOfRangeException.ThrowIfNotEqual(weights.Length, _shape.Length);
        double[] drawn = new double[_shape.Length];
        _shape.Draw(drawn, seed);
        weights.CopyFrom(drawn);
    }

    /// <inheritdoc/>
    public ILinearization<DenseVector<T>> CreateLinearization(bool withProducts = true) => _kernels.CreateLinearization(_shape, _tiling, _team, null, withProducts);

    /// <inheritdoc/>
    public ILinearization<DenseVector<T>> CreateTraining(IReadOnlyList<HyperparameterValue<DenseVector<T>>> values, bool withProducts)
    {
        ArgumentNullException.ThrowIfNull(values);
        return values.Count == 0 ? CreateLinearization(withProducts) : _kernels.CreateLinearization(_shape, _tiling, _team, new Regularizers<T>(values, withProducts), withProducts);
    }

    /// <inheritdoc/>
    public BatchSource CreateBatchSource(ExampleSource<T> examples, int batchSize, int? shuffleSeed, int retained)
    {
        ArgumentNullException.ThrowIfNull(examples);
        return ((INetworkObjective<DenseVector<T>, T>)this).CreateBatchSource(examples, null, batchSize, shuffleSeed, retained);
    }

    BatchSource INetworkObjective<DenseVector<T>, T>.CreateBatchSource(ExampleSource<T> examples, IReadOnlyList<int[]>? rows, int batchSize, int? shuffleSeed, int retained)
    {
        // Noise comes on every input, the bins among them.
        PiecewiseLinearEncoding? encoding = _tiling.ExamplesAreRows && Hyperparameters.All(h => h.Name != Regularization.InputNoiseName) ? examples.Widening is [.., PiecewiseLinearEncoding last] ? last : null : null;
        return new NetworkBatchSource<T>(new(examples, Architecture, batchSize, shuffleSeed, rows?[0], isEncoded: encoding is null), _shape.Inputs, _tiling, encoding?.Knots, retained);
    }

    /// <inheritdoc/>
    /// <remarks>May be called from several threads.</remarks>
    public void Predict(DenseVector<T> weights, ReadOnlySpan<T> features, Span<T> outputs)
    {
        ArgumentNullException.ThrowIfNull(weights);
        ArgumentOutOfRangeException.ThrowIfNotEqual(weights.Length, _shape.Length, nameof(weights));
        if (features.Length % _shape.Inputs != 0 || outputs.Length != (long)features.Length / _shape.Inputs * _shape.Outputs)
            throw new ArgumentException($"Rows of {_shape.Inputs} features and {_shape.Outputs} outputs do not make {features.Length} and {outputs.Length} values.");
        if (!_predictors.TryTake(out IPredictor<T>? predictor))
            predictor = (IPredictor<T>)CreateLinearization();
        predictor.Predict(weights, features, outputs);
        _predictors.Add(predictor);
    }

    /// <summary>Ends its threads, if there are any, before the collector would. What is computed later is computed on the caller's thread.</summary>
    internal void StopThreads() => _team.Stop();

    /// <summary>
    /// The floating-point operations that a loss and its gradient need: two for every multiply-add of the matrix products of the
    /// forward pass, the weight gradients and the deltas of all hidden layers. Biases, activations, the loss and padding do not count.
    /// </summary>
    /// <param name="batch">The number of examples.</param>
    public double GradientFlops(int batch)
    {
        double perExample = 0;
        for (int l = 0; l < _shape.Layers.Length; l++)
            perExample += (l == 0 ? 4.0 : 6.0) * _shape.Layers[l].Inputs * _shape.Layers[l].Outputs;
        return perExample * batch;
    }
}
