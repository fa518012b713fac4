using System.Numerics;

namespace MLNetHyper.Engine;

/// <summary>
/// The passes over one chunk of a batch: forward, backward, and (in the other file) the products. Units are rows of examples
/// throughout, but for features with <see cref="Tiling.ExamplesAreRows"/>.
/// </summary>
internal unsafe partial class ChunkPass<L, V, T>
    where L : struct, ILanes<V, T> where V : struct where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private protected readonly NetworkShape _shape;
    private protected readonly Tiling _tiling;
    private readonly bool _withProducts;
    private readonly NetworkShape.Layer[] _layers;
    private readonly AlignedBuffer<T> _ones;
    private readonly LayerBuffers<T>[][] _kept;
    private readonly LayerBuffers<T>[][] _scratch;
    private readonly FirstLayer<L, V, T> _first;
    private readonly AlignedBuffer<T>?[] _knotSums;
    private T* _weights;
    private int _keptExamples;

    internal ChunkPass(NetworkShape shape, Tiling tiling, int workers, bool withProducts)
    {
        _shape = shape;
        _layers = shape.Layers;
        _tiling = tiling;
        _withProducts = withProducts;
        _first = new FirstLayer<L, V, T>(shape, tiling);
        _ones = new AlignedBuffer<T>(tiling.ChunkExamples);
        _ones.Span.Fill(T.One);
        _knotSums = new AlignedBuffer<T>?[workers];
        _kept = Buffers(withProducts ? 1 : workers);
        _scratch = Buffers(workers);
    }

    /// <summary>The share of label smoothing in the loss.</summary>
    internal T Smoothing { get; set; }

    private bool Smooth => ActivationKernels<L, V, T>.IsSmooth(_shape.Activation);

    /// <summary>Sets the point, for batches of which some inputs may be bins. The weights stay where they are until the next call.</summary>
    internal virtual void SetWeights(DenseVector<T> weights, Knots? knots)
    {
        _weights = weights.Pointer;
        _first.Take(_weights, knots);
    }

    /// <summary>Makes room for a batch of <paramref name="columns"/> examples, padded.</summary>
    internal virtual void Reserve(int columns)
    {
        _keptExamples = _withProducts ? columns : Math.Min(columns, _tiling.ChunkExamples);
        if (_withProducts)
            Reserve(_kept[0], columns);
    }

    /// <summary>Makes room for the activations of some examples.</summary>
    private protected virtual void Reserve(LayerBuffers<T>[] kept, int examples)
    {
        for (int l = 0; l < _layers.Length; l++)
            kept[l].Reserve(_layers[l].Outputs, examples, Smooth && l < _layers.Length - 1);
    }

    /// <summary>The whole batch's activations, which products read.</summary>
    private protected LayerBuffers<T>[] Kept => _kept[0];

    /// <summary>The chunk's share of the loss.</summary>
    internal double Loss(NetworkBatch<T> batch, Chunk chunk, int worker)
    {
        T* outputs = ForwardInScratch(batch, chunk, worker);
        return LossKernels<L, V, T>.Evaluate(
            _shape.Loss, _shape.Outputs, chunk.Columns, outputs, chunk.Columns, batch.Targets + chunk.Start, batch.Weights + chunk.Start, Smoothing, null);
    }

    /// <summary>The raw outputs of a batch of one chunk, an example a row.</summary>
    internal void Outputs(NetworkBatch<T> batch, Span<T> outputs)
    {
        Chunk chunk = _tiling.ChunkAt(batch.Count, 0);
        T* z = ForwardInScratch(batch, chunk, 0);
        for (int i = 0; i < batch.Count; i++)
        {
            for (int o = 0; o < _shape.Outputs; o++)
                outputs[(i * _shape.Outputs) + o] = z[((nint)o * chunk.Columns) + i];
        }
    }

    /// <summary>The chunk's share of the loss; that of the gradient is written or added to <paramref name="gradient"/>.</summary>
    internal virtual double Gradient(NetworkBatch<T> batch, Chunk chunk, T* gradient, bool accumulate, int worker)
    {
        (LayerBuffers<T>[] kept, Chunk place) = PlaceOf(chunk, worker);
        int columns = chunk.Columns, last = _layers.Length - 1;
        for (int l = 0; l <= last; l++)
        {
            LayerBlock<T> block = kept[l].At(place);
            Linear(batch, chunk, l, l == 0 ? null : kept[l - 1].At(place).Values, block.Values);
            if (l < last)
                ActivationKernels<L, V, T>.Apply(_shape.Activation, block.Values, block.Derivatives, block.SecondDerivatives, Area(l, columns));
            // The row of ones makes the next layer's bias one more weight.
            new Span<T>(block.Values + Area(l, columns), columns).Fill(T.One);
        }
        LayerBlock<T> output = kept[last].At(place);
        double loss = LossKernels<L, V, T>.Evaluate(
            _shape.Loss, _shape.Outputs, columns, output.Values, columns, batch.Targets + chunk.Start, batch.Weights + chunk.Start, Smoothing, output.Deltas);
        for (int l = last; l >= 0; l--)
        {
            LayerBlock<T> block = kept[l].At(place);
            if (l == 0)
            {
                FirstWeightGradient(batch, chunk, 0, chunk.Count, block.Deltas, columns, gradient, withBias: true, accumulate, worker);
                break;
            }
            LayerBlock<T> below = kept[l - 1].At(place);
            WeightGradient(l, columns, block.Deltas, columns, below.Values, columns, gradient, withBias: true, accumulate);
            BackwardLinear(l, columns, _weights, block.Deltas, columns, below.Deltas, columns, accumulate: false);
            ActivationKernels<L, V, T>.Backward(
                _shape.Activation, below.Deltas, below.Values, below.Derivatives, below.SecondDerivatives, Area(l - 1, columns));
        }
        return loss;
    }

    /// <summary>Completes the gradient of a group of chunks.</summary>
    internal virtual void FinishGradient(int group, T* gradient, int worker)
    {
    }

    /// <summary>
    /// Where a chunk's activations lie: in its own place if products will read them, else in one place for each worker that has come, used over and
    /// over, which then stays in the cache.
    /// </summary>
    private protected (LayerBuffers<T>[] Kept, Chunk Place) PlaceOf(Chunk chunk, int worker)
    {
        if (_withProducts)
            return (Kept, chunk);
        Reserve(_kept[worker], _keptExamples);
        return (_kept[worker], chunk with { Start = 0 });
    }

    private LayerBuffers<T>[][] Buffers(int count) => [.. Enumerable.Range(0, count).Select(_ => new LayerBuffers<T>[_layers.Length])];

    private nint Area(int layer, int columns) => (nint)_layers[layer].Outputs * columns;

    // Keeps nothing, so that a loss may be asked for between a gradient and its products.
    private protected virtual T* ForwardInScratch(NetworkBatch<T> batch, Chunk chunk, int worker)
    {
        T* values = null;
        for (int l = 0; l < _layers.Length; l++)
        {
            T* z = Scratch(worker, l).Values;
            Linear(batch, chunk, l, values, z);
            if (l < _layers.Length - 1)
                ActivationKernels<L, V, T>.Apply(_shape.Activation, z, null, null, Area(l, chunk.Columns));
            values = z;
        }
        return values;
    }

    private LayerBlock<T> Scratch(int worker, int layer)
    {
        _scratch[worker][layer].Reserve(_layers[layer].Outputs, _tiling.ChunkExamples, layer < _layers.Length - 1);
        return _scratch[worker][layer].At(default);
    }

    private void Linear(NetworkBatch<T> batch, Chunk chunk, int layer, T* below, T* z)
    {
        if (layer == 0)
            FirstLinear(batch, chunk, 0, chunk.Count, _first, _weights, z, chunk.Columns, withBias: true);
        else
            ForwardLinear(layer, chunk.Columns, _weights, below, chunk.Columns, z, chunk.Columns, withBias: true, accumulate: false);
    }

    // Z = W·X (+ b) for the examples from..to of the chunk, whose first vector is Z's first.
    private void FirstLinear(NetworkBatch<T> batch, Chunk chunk, int from, int to, FirstLayer<L, V, T> first, T* weights, T* z, int zRow, bool withBias)
    {
        NetworkShape.Layer layer = _layers[0];
        int start = from / _tiling.Width * _tiling.Width;
        if (batch.Knots is not null)
        {
            BinnedLayer<L, V, T>.Forward(new BinnedTile(_tiling, layer, batch.Knots), first.Tables, batch.Rows(chunk), start, zRow, z, zRow);
            ClearOutside(z, layer.Outputs, zRow, from - start, to - start);
            return;
        }
        T* features = batch.Features(chunk);
        if (!_tiling.ExamplesAreRows)
        {
            Multiply<L, V, T>.Run(
                layer.Outputs, layer.Inputs, zRow, weights + layer.Weight, layer.Inputs, 1,
                features + start, chunk.Columns, z, zRow, withBias ? weights + layer.Bias : null, false);
            return;
        }
        nint row = batch.PaddedFeatures;
        MultiplyTransposed<L, V, T>.Run(
            layer.Outputs, to - from, batch.PaddedFeatures, first.Rows, row, features + (from * row), row,
            new(z + (from - start), zRow, bias: withBias ? weights + layer.Bias : null));
        ClearOutside(z, layer.Outputs, zRow, from - start, to - start);
    }

    private void FirstWeightGradient(
        NetworkBatch<T> batch, Chunk chunk, int from, int to, T* delta, int deltaRow, T* gradient, bool withBias, bool accumulate, int worker)
    {
        NetworkShape.Layer layer = _layers[0];
        int start = from / _tiling.Width * _tiling.Width;
        if (!_tiling.ExamplesAreRows)
        {
            MultiplyTransposed<L, V, T>.Run(
                layer.Outputs, layer.Inputs + (withBias ? 1 : 0), deltaRow, delta, deltaRow, batch.Features(chunk) + start, chunk.Columns,
                new(gradient + layer.Weight, layer.Inputs, withBias ? gradient + layer.Bias : null, accumulate: accumulate));
            return;
        }
        if (batch.Knots is not null)
        {
            BinnedTile tile = new(_tiling, layer, batch.Knots);
            _knotSums[worker] ??= new AlignedBuffer<T>(tile.Length + tile.TransposedLength);
            BinnedLayer<L, V, T>.Gradient(tile, _knotSums[worker]!.Pointer, batch.Rows(chunk), start, deltaRow, delta, deltaRow, gradient + layer.Weight, gradient + layer.Bias, accumulate);
            return;
        }
        nint row = batch.PaddedFeatures;
        Multiply<L, V, T>.Run(
            layer.Outputs, to - from, layer.Inputs, delta + (from - start), deltaRow, 1, batch.Features(chunk) + (from * row), row,
            gradient + layer.Weight, layer.Inputs, null, accumulate);
        if (!withBias)
            return;
        MultiplyTransposed<L, V, T>.Run(
            layer.Outputs, 1, deltaRow, delta, deltaRow, _ones.Pointer, 0, new(gradient + layer.Bias, 1, accumulate: accumulate));
    }

    private void ForwardLinear(
        int layer, int columns, T* weights, T* below, int belowRow, T* z, int zRow, bool withBias, bool accumulate)
    {
        NetworkShape.Layer l = _layers[layer];
        Multiply<L, V, T>.Run(
            l.Outputs, l.Inputs, columns, weights + l.Weight, l.Inputs, 1, below, belowRow, z, zRow,
            withBias ? weights + l.Bias : null, accumulate);
    }

    private void BackwardLinear(
        int layer, int columns, T* weights, T* delta, int deltaRow, T* below, int belowRow, bool accumulate)
    {
        NetworkShape.Layer l = _layers[layer];
        Multiply<L, V, T>.Run(
            l.Inputs, l.Outputs, columns, weights + l.Weight, 1, l.Inputs, delta, deltaRow, below, belowRow, null, accumulate);
    }

    private void WeightGradient(
        int layer, int columns, T* delta, int deltaRow, T* below, int belowRow, T* gradient, bool withBias, bool accumulate)
    {
        NetworkShape.Layer l = _layers[layer];
        MultiplyTransposed<L, V, T>.Run(
            l.Outputs, l.Inputs + (withBias ? 1 : 0), columns, delta, deltaRow, below, belowRow,
            new(gradient + l.Weight, l.Inputs, withBias ? gradient + l.Bias : null, accumulate: accumulate));
    }

    private protected static void ClearOutside(T* block, int rows, int row, int from, int to)
    {
        if (from == 0 && to == row)
            return;
        for (nint r = 0; r < rows; r++)
        {
            new Span<T>(block + (r * row), from).Clear();
            new Span<T>(block + (r * row) + to, row - to).Clear();
        }
    }
}
