using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace MLNetHyper.Engine;

/// <summary>
/// Several networks of one shape that train side by side on the managed engine, each from weights of its own, on batches of its own order, and where examples are folded on rows
/// of its own. The flat vector is theirs one after another, each padded to whole registers; the loss is the sum of theirs.
/// </summary>
/// <typeparam name="T">float or double.</typeparam>
internal sealed class NetworkMembers<T> : INetworkObjective<DenseVector<T>, T>, ISeparableObjective<DenseVector<T>> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    // What a thread computes at a time has to last longer than it takes to wake it.
    private const double FlopsWorthThreads = 5e6;

    private readonly NetworkObjective<T> _network;
    private readonly WorkerTeam _team;
    private readonly int _length;
    private readonly int _stride;
    private readonly ConditionalWeakTable<DenseVector<T>, DenseVector<T>[]> _parts = [];

    /// <param name="architecture">The shape of each.</param>
    /// <param name="count">How many there are, at least 1.</param>
    /// <param name="threads">How many threads may share them.</param>
    /// <param name="regularization">What the training loss has beside the plain one.</param>
    internal NetworkMembers(Architecture architecture, int count, int threads = 1, Regularization? regularization = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        _team = new WorkerTeam(threads);
        _network = new(architecture, _team, regularization);
        _length = new NetworkShape(architecture).Length;
        _stride = (_length + Vector512<T>.Count - 1) / Vector512<T>.Count * Vector512<T>.Count;
        Models = [.. Enumerable.Range(0, count).Select(k => new TensorSegment($"members.{k}", checked(k * _stride), _length, architecture.Inputs))];
        Tensors = [.. Models.SelectMany(model => _network.Tensors.Select(tensor => tensor with { Name = $"{model.Name}.{tensor.Name}", Start = model.Start + tensor.Start }))];
    }

    /// <inheritdoc/>
    public Architecture Architecture => _network.Architecture;

    /// <inheritdoc/>
    public IReadOnlyList<TensorSegment> Models { get; }

    /// <inheritdoc/>
    public IReadOnlyList<TensorSegment> Tensors { get; }

    /// <inheritdoc/>
    public IReadOnlyList<Hyperparameter> Hyperparameters => _network.Hyperparameters;

    /// <inheritdoc/>
    public DenseVector<T> CreateVector() => new(checked(Models.Count * _stride));

    /// <inheritdoc/>
    public DenseVector<T> CreateVector(int length) => new(length);

    /// <inheritdoc/>
    /// <remarks>Member k's weights are those that a network by itself has from the seed + k.</remarks>
    public void Initialize(DenseVector<T> weights, int seed)
    {
        for (int k = 0; k < Models.Count; k++)
            _network.Initialize(PartsOf(weights)[k], unchecked(seed + k));
    }

    /// <inheritdoc/>
    public LossSum CreateLossSum() => new MemberLossSum(Models.Count);

    /// <inheritdoc/>
    public ILinearization<DenseVector<T>> CreateLinearization(bool withProducts = true) => Create(() => _network.CreateLinearization(withProducts));

    /// <inheritdoc/>
    public ILinearization<DenseVector<T>> CreateTraining(IReadOnlyList<HyperparameterValue<DenseVector<T>>> values, bool withProducts) => Create(() => _network.CreateTraining(values, withProducts));

    /// <inheritdoc/>
    /// <remarks>Members draw the orders of their rows from the seeds that follow each other. Rows in several blocks have one order, and all members the same batches.</remarks>
    public BatchSource CreateBatchSource(ExampleSource<T> examples, int batchSize, int? shuffleSeed, int retained) =>
        CreateBatchSource(examples, null, batchSize, shuffleSeed, retained);

    /// <inheritdoc/>
    public BatchSource CreateBatchSource(ExampleSource<T> examples, IReadOnlyList<int[]>? rows, int batchSize, int? shuffleSeed, int retained)
    {
        ArgumentNullException.ThrowIfNull(examples);
        if (rows is null && (examples.BlockCount > 1 || shuffleSeed is null))
            return new MemberBatchSource([.. Enumerable.Repeat(_network.CreateBatchSource(examples, batchSize, shuffleSeed, retained), Models.Count)], retained);
        INetworkObjective<DenseVector<T>, T> network = _network;
        return new MemberBatchSource([.. Models.Select((_, k) => network.CreateBatchSource(examples, rows is null ? null : [rows[k]], batchSize, shuffleSeed + k, retained))], retained);
    }

    /// <inheritdoc/>
    public void Predict(DenseVector<T> weights, ReadOnlySpan<T> features, Span<T> outputs) =>
        throw new InvalidOperationException("Members have no outputs of their own together. Ask one of them.");

    /// <inheritdoc/>
    public IObjective<DenseVector<T>> OfOne => _network;

    /// <inheritdoc/>
    public DenseVector<T> PartOf(DenseVector<T> vector, int model) => PartsOf(vector)[model];

    /// <inheritdoc/>
    public void Share(IDividedWork work, double flops) => _team.Run(work, Models.Count, alone: flops / Math.Min(_team.Size, Models.Count) < FlopsWorthThreads);

    /// <summary>Each member's part of a vector, made once.</summary>
    internal DenseVector<T>[] PartsOf(DenseVector<T> vector) =>
        _parts.TryGetValue(vector, out DenseVector<T>[]? parts) ? parts : AddParts(vector);

    /// <summary>Ends its threads.</summary>
    internal void StopThreads() => _team.Stop();

    private MemberLinearization<T> Create(Func<ILinearization<DenseVector<T>>> create) => new([.. Models.Select(_ => create())], this);

    private DenseVector<T>[] AddParts(DenseVector<T> vector)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(vector.Length, Models.Count * _stride);
        DenseVector<T>[] parts = [.. Models.Select(model => vector.Part(model.Start, model.Length))];
        _parts.Add(vector, parts);
        return parts;
    }
}
