using System.Numerics;
using MLNetHyper.Engine;
using TorchSharp;
using static TorchSharp.torch;

namespace MLNetHyper.Torch;

/// <summary>
/// Batches for members that have rows or orders of their own, the same as the managed engine's: all rows are sent once, and each step picks every member's from them. Shorter batches are
/// filled up with rows of weight zero.
/// </summary>
internal sealed class MemberTensorSource<T> : BatchSource, IDisposable where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly ShuffledRows<T>[] _rows;
    private readonly NetworkTensors _all;
    private readonly NetworkTensors?[] _ring;
    private readonly Device _device;
    private long[] _places = [];
    private T[] _weights = [];
    private int _stride;
    private int _next;

    internal MemberTensorSource(ShuffledRows<T>[] rows, NetworkTensors all, int retained, Device device)
    {
        (_rows, _all, _device) = (rows, all, device);
        ExampleCount = rows.Max(r => r.ExampleCount);
        BatchSize = rows.Max(r => r.BatchSize);
        _ring = new NetworkTensors?[retained];
    }

    public override int ExampleCount { get; }

    public override int BatchSize { get; }

    internal override int Networks => _rows.Length;

    internal override int Parts => _rows[0].Parts;

    internal override void DivideAmong(Workers workers)
    {
        foreach (ShuffledRows<T> rows in _rows)
            rows.DivideAmong(workers);
    }

    public override NetworkTensors BatchAt(long number)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(number);
        // Not before the first is asked for: workers' batches are smaller.
        if (_places.Length == 0)
        {
            _stride = _rows.Max(rows => rows.LargestPart);
            (_places, _weights) = (new long[_rows.Length * _stride], new T[_rows.Length * _stride]);
        }
        using DisposeScope scope = NewDisposeScope();
        int[] counts = new int[_rows.Length];
        double[] weights = new double[_rows.Length];
        Array.Clear(_places);
        Array.Clear(_weights);
        for (int k = 0; k < _rows.Length; k++)
        {
            ReadOnlySpan<int> picked = Picked(_rows[k], number);
            counts[k] = picked.Length;
            // Rows whose weights are all zero have loss and gradient zero.
            weights[k] = picked.Length * _rows[k].MeanWeight;
            T each = weights[k] > 0 ? T.CreateChecked(1 / weights[k]) : T.Zero;
            weights[k] *= _rows[k].Share;
            for (int i = 0; i < picked.Length; i++)
                (_places[(k * _stride) + i], _weights[(k * _stride) + i]) = (picked[i], each * (_rows[k].Block.Weights is { } given ? given[picked[i]] : T.One));
        }
        Tensor places = tensor(_places, device: _device);
        _ring[_next]?.Dispose();
        NetworkTensors batch = new(Pick(_all.Features, places), Pick(_all.Targets, places), TorchNumbers.ToTensor(_weights, [_rows.Length, _stride, 1], _device).DetachFromDisposeScope(), counts.Sum(), weights);
        _ring[_next] = batch;
        _next = (_next + 1) % _ring.Length;
        return batch;
    }

    public void Dispose()
    {
        foreach (NetworkTensors? batch in _ring)
            batch?.Dispose();
        Array.Clear(_ring);
        _all.Dispose();
    }

    private static ReadOnlySpan<int> Picked(ShuffledRows<T> rows, long number)
    {
        Range range = rows.MoveTo(number);
        return rows.Order[range];
    }

    /// <summary>Members × examples × columns.</summary>
    private Tensor Pick(Tensor all, Tensor places) => all.index_select(0, places).view(_rows.Length, _stride, all.shape[1]).DetachFromDisposeScope();
}
