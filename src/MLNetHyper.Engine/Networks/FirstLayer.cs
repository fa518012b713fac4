using System.Numerics;

namespace MLNetHyper.Engine;

/// <summary>
/// The first layer's weights as examples that are rows need them: with rows padded to whole vectors for inner products, or, where inputs are bins, as <see cref="BinnedLayer{L, V, T}"/> does.
/// </summary>
internal sealed unsafe class FirstLayer<L, V, T>
    where L : struct, ILanes<V, T> where V : struct where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly NetworkShape.Layer _layer;
    private readonly Tiling _tiling;
    private AlignedBuffer<T>? _padded;
    private AlignedBuffer<T>? _tables;
    private AlignedBuffer<T>? _transposed;

    internal FirstLayer(NetworkShape shape, Tiling tiling) => (_layer, _tiling) = (shape.Layers[0], tiling);

    /// <summary>Rows of inputs, padded; in place where they are whole already.</summary>
    internal T* Rows { get; private set; }

    /// <summary>The table of every <see cref="BinnedTile"/> of units.</summary>
    internal T* Tables { get; private set; }

    /// <summary>Takes a layer's weights, in the form for batches of one kind.</summary>
    /// <param name="weights">All layers' weights.</param>
    /// <param name="knots">What inputs are bins of; null for inner products.</param>
    internal void Take(T* weights, Knots? knots)
    {
        if (!_tiling.ExamplesAreRows)
            return;
        if (knots is null)
            Pad(weights + _layer.Weight);
        else
            Tabulate(weights, knots);
    }

    private void Pad(T* weights)
    {
        int stride = _tiling.Padded(_layer.Inputs);
        Rows = weights;
        if (stride == _layer.Inputs)
            return;
        _padded ??= new AlignedBuffer<T>((long)stride * _layer.Outputs);
        Rows = _padded.Pointer;
        for (nint r = 0; r < _layer.Outputs; r++)
            new Span<T>(weights + (r * _layer.Inputs), _layer.Inputs).CopyTo(new Span<T>(Rows + (r * stride), _layer.Inputs));
    }

    private void Tabulate(T* weights, Knots knots)
    {
        BinnedTile tile = new(_tiling, _layer, knots);
        _tables ??= new AlignedBuffer<T>(tile.Count * tile.Length);
        _transposed ??= new AlignedBuffer<T>(tile.TransposedLength);
        Tables = _tables.Pointer;
        for (int t = 0; t < tile.Count; t++)
            BinnedLayer<L, V, T>.Tabulate(tile, t, weights + _layer.Weight, weights + _layer.Bias, _transposed.Pointer, Tables + (t * tile.Length));
    }
}
