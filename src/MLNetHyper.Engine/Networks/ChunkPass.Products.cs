namespace MLNetHyper.Engine;

/// <content>Hessian- and Gauss-Newton-vector products by Pearlmutter's R-operator, at the activations that the gradient kept.</content>
internal unsafe partial class ChunkPass<L, V, T>
{
    private FirstLayer<T>[] _firstDirections = [];
    private protected nint[] _directions = [];

    /// <summary>Sets the vectors that products are taken with, and whether the <paramref name="whole"/> batch counts.</summary>
    internal virtual void SetDirections(ReadOnlySpan<DenseVector<T>> directions, bool whole)
    {
        if (_directions.Length < directions.Length)
        {
            _directions = new nint[directions.Length];
            _firstDirections = new FirstLayer<T>[directions.Length];
            for (int d = 0; d < directions.Length; d++)
                _firstDirections[d] = new FirstLayer<T>(_shape, _tiling);
        }
        for (int d = 0; d < directions.Length; d++)
        {
            _directions[d] = (nint)directions[d].Pointer;
            _firstDirections[d].Take(directions[d].Pointer);
        }
    }

    /// <summary>
    /// The share of the examples <paramref name="from"/>..<paramref name="to"/> of a chunk in the product with one direction,
    /// written or added to <paramref name="product"/>.
    /// </summary>
    internal virtual void Product(
        Curvature curvature, NetworkBatch<T> batch, Chunk chunk, int from, int to, int direction, T* product, bool accumulate, int worker)
    {
        bool hessian = curvature == Curvature.Hessian;
        T* v = (T*)_directions[direction];
        int last = _layers.Length - 1;
        // Whole vectors around the part; examples outside it are cleared before anything is summed over examples.
        int start = from / _tiling.Width * _tiling.Width;
        int columns = _tiling.Padded(to) - start;

        for (int l = 0; l <= last; l++)
        {
            LayerBlock<T> block = _kept[l].At(chunk, start);
            LayerBlock<T> tangent = Scratch(worker, l);
            if (l == 0)
            {
                FirstLinear(batch, chunk, from, to, _firstDirections[direction], v, tangent.Values, columns);
            }
            else
            {
                LayerBlock<T> below = _kept[l - 1].At(chunk, start);
                ForwardLinear(l, columns, v, below.Values, chunk.Columns, tangent.Values, columns, withBias: true, accumulate: false);
                ForwardLinear(
                    l, columns, _weights, Scratch(worker, l - 1).Values, columns, tangent.Values, columns, withBias: false, accumulate: true);
            }
            if (l == last)
                break;
            for (nint r = 0; r < _layers[l].Outputs; r++)
            {
                nint kept = r * chunk.Columns, own = r * columns;
                ActivationKernels<L, V, T>.Tangent(
                    _shape.Activation, tangent.Values + own, tangent.Slopes + own, block.Values + kept, block.Slopes + kept, columns);
            }
            ClearOutside(tangent.Values, _layers[l].Outputs, columns, from - start, to - start);
        }

        LayerBlock<T> output = Scratch(worker, last);
        LossKernels<L, V, T>.Curvature(
            _shape.Loss, _shape.Outputs, columns, _kept[last].At(chunk, start).Values, chunk.Columns,
            batch.Weights + chunk.Start + start, output.Values, columns);
        ClearOutside(output.Values, _shape.Outputs, columns, from - start, to - start);

        // From here on a layer's tangent is that of its delta. The output's took the place of its value's.
        T* delta = output.Values;
        for (int l = last; l > 0; l--)
        {
            LayerBlock<T> block = _kept[l].At(chunk, start);
            LayerBlock<T> below = _kept[l - 1].At(chunk, start);
            LayerBlock<T> belowTangent = Scratch(worker, l - 1);
            int units = _layers[l - 1].Outputs;
            WeightGradient(l, columns, delta, columns, below.Values, chunk.Columns, product, withBias: true, accumulate);
            BackwardLinear(l, columns, _weights, delta, columns, belowTangent.Deltas, columns, accumulate: false);
            if (hessian)
            {
                WeightGradient(
                    l, columns, block.Deltas, chunk.Columns, belowTangent.Values, columns, product, withBias: false, accumulate: true);
                BackwardLinear(l, columns, v, block.Deltas, chunk.Columns, belowTangent.Deltas, columns, accumulate: true);
            }
            for (nint r = 0; r < units; r++)
            {
                nint kept = r * chunk.Columns, own = r * columns;
                ActivationKernels<L, V, T>.TangentBackward(
                    _shape.Activation, belowTangent.Deltas + own, belowTangent.Slopes + own, below.Values + kept,
                    below.Slopes + kept, hessian ? below.Bends + kept : null, columns);
            }
            ClearOutside(belowTangent.Deltas, units, columns, from - start, to - start);
            delta = belowTangent.Deltas;
        }
        FirstWeightGradient(batch, chunk, from, to, delta, columns, product, accumulate);
    }

    /// <summary>Completes one direction's product of a group of chunks.</summary>
    internal virtual void FinishProduct(Curvature curvature, int group, int direction, T* product, int worker)
    {
    }
}
