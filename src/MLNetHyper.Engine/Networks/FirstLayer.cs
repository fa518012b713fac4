using System.Numerics;
using System.Numerics.Tensors;

namespace MLNetHyper.Engine;

/// <summary>
/// The first layer's weights as examples that are rows need them: with rows padded to whole vectors for inner products, or, where inputs are bins, by input and with the sums of those before.
/// </summary>
internal sealed unsafe class FirstLayer<T> where T : unmanaged, INumberBase<T>
{
    private readonly NetworkShape.Layer _layer;
    private readonly Tiling _tiling;
    private AlignedBuffer<T>? _padded;
    private AlignedBuffer<T>? _tables;

    internal FirstLayer(NetworkShape shape, Tiling tiling) => (_layer, _tiling) = (shape.Layers[0], tiling);

    /// <summary>Rows of inputs, padded; in place where they are whole already.</summary>
    internal T* Rows { get; private set; }

    /// <summary>
    /// For every <see cref="BinnedTile"/> of units, padded with zeros, a row for each input and, last, for the biases. A row has for each unit the sum of the weights of the
    /// feature's bins before this one, and then for each unit the weight; that of the biases has them where the others have sums.
    /// </summary>
    internal T* Tables { get; private set; }

    /// <summary>Takes a layer's weights, in the form for batches of one kind.</summary>
    /// <param name="weights">All layers' weights.</param>
    /// <param name="encoding">Which inputs are bins; null for inner products.</param>
    internal void Take(T* weights, PiecewiseLinearEncoding? encoding)
    {
        if (!_tiling.ExamplesAreRows)
            return;
        if (encoding is null)
            Pad(weights + _layer.Weight);
        else
            Tabulate(weights + _layer.Weight, weights + _layer.Bias, encoding);
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

    private void Tabulate(T* weights, T* biases, PiecewiseLinearEncoding encoding)
    {
        BinnedTile tile = new(_tiling, _layer);
        _tables ??= new AlignedBuffer<T>(tile.Count * tile.Length);
        Tables = _tables.Pointer;
        int width = tile.Units;
        for (int t = 0; t < tile.Count; t++)
        {
            T* table = Tables + (t * tile.Length);
            int units = tile.UnitsOf(t);
            TransposedPanel.Transpose(weights + ((nint)t * width * _layer.Inputs), _layer.Inputs, units, _layer.Inputs, table + width, tile.Row);
            foreach ((_, int first, int count) in encoding.Binned)
            {
                T* row = table + (first * tile.Row);
                new Span<T>(row, width).Clear();
                for (int b = 1; b < count; b++, row += tile.Row)
                    TensorPrimitives.Add(new ReadOnlySpan<T>(row, width), new ReadOnlySpan<T>(row + width, width), new Span<T>(row + tile.Row, width));
            }
            new ReadOnlySpan<T>(biases + (t * width), units).CopyTo(new Span<T>(table + (_layer.Inputs * tile.Row), units));
        }
    }
}

/// <summary>How the tables of a first layer whose inputs are bins are cut into tiles of units.</summary>
internal readonly struct BinnedTile(Tiling tiling, NetworkShape.Layer layer)
{
    /// <summary>Vectors of units in a tile: as many as have their sums in registers.</summary>
    internal const int Vectors = 4;

    /// <summary>Units in a tile.</summary>
    internal int Units => Vectors * tiling.Width;

    internal int Count => (layer.Outputs + Units - 1) / Units;

    /// <summary>Numbers from an input's row to the next one's.</summary>
    internal nint Row => 2 * Units;

    /// <summary>Numbers in a tile's table, the row of biases among them.</summary>
    internal long Length => (layer.Inputs + 1L) * Row;

    /// <summary>How many units of a tile there are.</summary>
    internal int UnitsOf(int tile) => Math.Min(Units, layer.Outputs - (tile * Units));
}
