using System.Numerics;

namespace MLNetHyper.Engine;

/// <summary>The mean loss of a multilayer perceptron, whatever engine computes it.</summary>
/// <typeparam name="TVector">The engine's flat vector. Weights lie as in PyTorch's <c>nn.Sequential</c>: <c>layers.0.weight</c> (units × inputs, row-major), <c>layers.0.bias</c>, <c>layers.2.weight</c> and so on.</typeparam>
/// <typeparam name="T">The examples' numbers, in which the engine computes: float or double.</typeparam>
internal interface INetworkObjective<TVector, T> : IObjective<TVector>
    where TVector : class, IVector<TVector>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The network's shape.</summary>
    Architecture Architecture { get; }

    /// <summary>Batches of examples, laid out for this network. The same arguments give the same batches on every engine.</summary>
    /// <param name="examples">As many features as the network has inputs. The targets of a source's blocks are checked as they are read.</param>
    /// <param name="batchSize">
    /// The examples of a batch; at least as many as there are examples for full batches. It must divide the size of blocks, if there are several.
    /// </param>
    /// <param name="shuffleSeed">
    /// The order of every block in every epoch comes from this seed, the epoch's number and the block's alone; null keeps the given order.
    /// </param>
    /// <param name="retained">How many of the last batches stay valid.</param>
    /// <exception cref="ArgumentException">The examples do not fit the network, a target does not fit the loss, or batches would straddle blocks.</exception>
    BatchSource CreateBatchSource(ExampleSource<T> examples, int batchSize, int? shuffleSeed, int retained);

    /// <summary>The same of some of the examples in memory.</summary>
    /// <param name="examples">All examples.</param>
    /// <param name="rows">For each of <see cref="IObjective{TVector}.Models"/> the rows that are its own; null for all rows.</param>
    /// <param name="batchSize">The examples of a batch.</param>
    /// <param name="shuffleSeed">The order's seed, or null.</param>
    /// <param name="retained">How many of the last batches stay valid.</param>
    BatchSource CreateBatchSource(ExampleSource<T> examples, IReadOnlyList<int[]>? rows, int batchSize, int? shuffleSeed, int retained) =>
        rows is null ? CreateBatchSource(examples, batchSize, shuffleSeed, retained) : throw new NotSupportedException("This engine's models train on the same rows.");

    /// <summary>The network's raw outputs: values, logits, one row per row of features.</summary>
    /// <param name="weights">The weights.</param>
    /// <param name="features">Row-major features.</param>
    /// <param name="outputs">Row-major outputs.</param>
    void Predict(TVector weights, ReadOnlySpan<T> features, Span<T> outputs);
}
