using System.Numerics;
using MLNetHyper.Engine;
using TorchSharp;
using static TorchSharp.torch;

namespace MLNetHyper.Torch;

/// <summary>The batches that the managed engine would make, picked on the device: a block's rows are sent once, an epoch's order once.</summary>
internal sealed class NetworkTensorSource<T> : BatchSource, IDisposable where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly ExampleSource<T> _source;
    private readonly ShuffledRows<T> _rows;
    private readonly Architecture _architecture;
    private readonly Device _device;
    private readonly NetworkTensors?[] _ring;
    private readonly Dictionary<int, Tensor> _equalWeights = [];
    private NetworkTensors? _block;
    private Tensor? _order;
    private long _blockNumber = -1;
    private int _next;

    internal NetworkTensorSource(ExampleSource<T> source, Architecture architecture, int batchSize, int? shuffleSeed, int retained, Device device, int[]? rows = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(retained, 1);
        (_source, _architecture, _device) = (source, architecture, device);
        _rows = new(source, architecture, batchSize, shuffleSeed, rows);
        _ring = new NetworkTensors?[_rows.AreAlwaysAll ? 1 : retained];
    }

    public override int ExampleCount => _rows.ExampleCount;

    public override int BatchSize => _rows.BatchSize;

    internal override int Parts => _rows.Parts;

    internal override void DivideAmong(Workers workers) => _rows.DivideAmong(workers);

    public override NetworkTensors BatchAt(long number)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(number);
        if (_rows.AreAlwaysAll && _ring[0] is { } all)
            return all;
        using DisposeScope scope = NewDisposeScope();
        Range range = _rows.MoveTo(number);
        Send();
        (int start, int count) = range.GetOffsetAndLength(_rows.Block.Count);
        Tensor rows = _order!.narrow(0, start, count);
        _ring[_next]?.Dispose();
        NetworkTensors batch = new(_block!.Features.index_select(0, rows).DetachFromDisposeScope(), _block.Targets.index_select(0, rows).DetachFromDisposeScope(), Weights(rows, count).DetachFromDisposeScope(), count, count * _rows.MeanWeight * _rows.Share);
        _ring[_next] = batch;
        _next = (_next + 1) % _ring.Length;
        return batch;
    }

    public void Dispose()
    {
        foreach (NetworkTensors? batch in _ring)
            batch?.Dispose();
        foreach (Tensor weights in _equalWeights.Values)
            weights.Dispose();
        _equalWeights.Clear();
        Array.Clear(_ring);
        _block?.Dispose();
        _order?.Dispose();
        (_block, _order, _blockNumber) = (null, null, -1);
    }

    /// <summary>The weights of a batch's rows, divided by their number and by the block's mean weight, as the managed engine's are.</summary>
    private Tensor Weights(Tensor rows, int count)
    {
        if (_rows.Block.Weights is null)
        {
            // All batches of a size share these.
            if (!_equalWeights.TryGetValue(count, out Tensor? equal))
                _equalWeights.Add(count, equal = empty(count, 1, dtype: TorchNumbers.TypeOf<T>(), device: _device).Become(1.0 / count).DetachFromDisposeScope());
            return equal.alias();
        }
        // Rows whose weights are all zero have loss and gradient zero.
        double total = count * _rows.MeanWeight;
        return _block!.Weights.index_select(0, rows).Times(total > 0 ? 1 / total : 0);
    }

    private void Send()
    {
        if (_blockNumber == _rows.BlockNumber)
            return;
        _order?.Dispose();
        _order = tensor(Array.ConvertAll(_rows.Order.ToArray(), i => (long)i), device: _device).DetachFromDisposeScope();
        _blockNumber = _rows.BlockNumber;
        // Rows in memory stay as they are; a block that is read again may have others.
        if (_block is not null && ReferenceEquals(_rows.Block, _source))
            return;
        _block?.Dispose();
        _block = Send(_rows.Block, _source.Widening, _architecture, _device, _rows.MeanWeight);
    }

    /// <summary>All rows of examples in memory, in their order.</summary>
    internal static NetworkTensors Send(Examples<T> examples, Architecture architecture, Device device) => Send(examples, examples.Widening, architecture, device, meanWeight: 1);

    private static NetworkTensors Send(Examples<T> block, IReadOnlyList<InputTransform> widening, Architecture architecture, Device device, double meanWeight)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor features = Sent(Inputs(), architecture.Inputs), targets = Sent(block.Targets, 1);
        if (architecture.Loss == Loss.SoftmaxCrossEntropy)
            targets = nn.functional.one_hot(targets.squeeze(1).to_type(ScalarType.Int64), architecture.Outputs).to_type(features.dtype);
        Tensor weights = block.Weights is { } given ? Sent(given, 1) : ones(block.Count, 1, dtype: features.dtype, device: device);
        return new(features.DetachFromDisposeScope(), targets.DetachFromDisposeScope(), weights.DetachFromDisposeScope(), block.Count, block.Count * meanWeight);

        Tensor Sent(T[] values, int columns) => TorchNumbers.ToTensor(values, [block.Count, columns], device);

        T[] Inputs()
        {
            if (widening.Count == 0)
                return block.Features;
            var row = new TransformedRow(widening);
            T[] inputs = new T[(long)block.Count * architecture.Inputs];
            for (int i = 0; i < block.Count; i++)
                row.Apply(block.FeaturesOf(i)).CopyTo(inputs.AsSpan(i * architecture.Inputs));
            return inputs;
        }
    }
}
