using MLNetHyper.Engine;
using static TorchSharp.torch;

namespace MLNetHyper.Torch;

/// <summary>
/// Shuffled minibatches of examples that are tensors on the device already: rows are picked there, and only the order of an epoch
/// is sent, once.
/// </summary>
public sealed class TensorBatchSource : BatchSource, IDisposable
{
    private readonly Tensor _inputs;
    private readonly Tensor _targets;
    private readonly int? _seed;
    private readonly bool _isForTraining;
    private readonly TorchBatch?[] _ring;
    private int _next;
    private long _epoch = -1;
    private readonly Tensor _rows;
    private Tensor? _order;

    /// <summary>Takes examples. The tensors stay the caller's, and must live and not change as long as this is used.</summary>
    /// <param name="inputs">The examples; the first dimension counts them.</param>
    /// <param name="targets">As many targets, on the same device.</param>
    /// <param name="batchSize">Examples in a batch, at least 1; as many as there are, or more, for full batches.</param>
    /// <param name="shuffleSeed">The order of every epoch comes from this seed and the epoch's number; null keeps the given order.</param>
    /// <param name="retained">How many of the last batches stay valid: for training, the tuning interval T and one more. Default 11.</param>
    /// <param name="isForTraining">Whether modules see the batches with dropout on. Default true; say false for validation.</param>
    /// <exception cref="ArgumentException">There are no examples, or inputs and targets do not fit together.</exception>
    public TensorBatchSource(Tensor inputs, Tensor targets, int batchSize, int? shuffleSeed, int retained = 11, bool isForTraining = true)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        ArgumentNullException.ThrowIfNull(targets);
        ArgumentOutOfRangeException.ThrowIfLessThan(batchSize, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(retained, 1);
        if (inputs.dim() == 0 || targets.dim() == 0 || inputs.shape[0] == 0)
            throw new ArgumentException("There are no examples: the first dimension of inputs and targets must count them.", nameof(inputs));
        if (inputs.shape[0] != targets.shape[0])
            throw new ArgumentException($"There are {inputs.shape[0]} inputs but {targets.shape[0]} targets. Their first dimensions must agree.", nameof(targets));
        if (inputs.device_type != targets.device_type || inputs.device_index != targets.device_index)
            throw new ArgumentException($"The inputs are on {inputs.device} but the targets on {targets.device}. Move both to the device that trains.", nameof(targets));
        (_inputs, _targets, _seed, _isForTraining) = (inputs, targets, shuffleSeed, isForTraining);
        ExampleCount = checked((int)inputs.shape[0]);
        BatchSize = Math.Min(batchSize, ExampleCount);
        _ring = new TorchBatch?[retained];
        _rows = arange(ExampleCount, dtype: ScalarType.Int64, device: inputs.device).DetachFromDisposeScope();
    }

    /// <inheritdoc/>
    public override int ExampleCount { get; }

    /// <inheritdoc/>
    public override int BatchSize { get; }

    /// <inheritdoc/>
    public override TorchBatch BatchAt(long number)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(number);
        (long epoch, long index) = Math.DivRem(number, BatchesPerEpoch);
        long start = index * BatchSize;
        int count = (int)Math.Min(BatchSize, ExampleCount - start);
        Release(_next);
        TorchBatch batch = count == ExampleCount
            ? new(_inputs.alias().DetachFromDisposeScope(), _targets.alias().DetachFromDisposeScope(), count, number, _isForTraining, _rows.alias().DetachFromDisposeScope())
            : Pick(epoch, start, count, number);
        _ring[_next] = batch;
        _next = (_next + 1) % _ring.Length;
        return batch;
    }

    /// <summary>Disposes of the batches, not of the examples.</summary>
    public void Dispose()
    {
        for (int i = 0; i < _ring.Length; i++)
            Release(i);
        _order?.Dispose();
        _order = null;
        _rows.Dispose();
    }

    private TorchBatch Pick(long epoch, long start, int count, long number)
    {
        if (_seed is null)
            return new(_inputs.narrow(0, start, count).DetachFromDisposeScope(), _targets.narrow(0, start, count).DetachFromDisposeScope(), count, number, _isForTraining, _rows.narrow(0, start, count).DetachFromDisposeScope());
        if (epoch != _epoch)
        {
            _order?.Dispose();
            _order = tensor(ShuffledOrder.Of(ExampleCount, _seed.Value, epoch), dtype: ScalarType.Int64, device: _inputs.device).DetachFromDisposeScope();
            _epoch = epoch;
        }
        Tensor rows = _order!.narrow(0, start, count).DetachFromDisposeScope();
        return new(_inputs.index_select(0, rows).DetachFromDisposeScope(), _targets.index_select(0, rows).DetachFromDisposeScope(), count, number, _isForTraining, rows);
    }

    private void Release(int slot)
    {
        _ring[slot]?.Inputs.Dispose();
        _ring[slot]?.Targets.Dispose();
        _ring[slot]?.Rows?.Dispose();
        _ring[slot] = null;
    }
}
