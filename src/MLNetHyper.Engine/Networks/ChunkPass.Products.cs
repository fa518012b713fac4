namespace MLNetHyper.Engine;

/// <content>Derivatives of the gradient by Pearlmutter's R-operator, at the activations that the gradient kept: along weights (Hessian- and Gauss-Newton-vector products), inputs or targets.</content>
internal unsafe partial class ChunkPass<L, V, T>
{
    private FirstLayer<L, V, T>[] _firstDirections = [];
    private protected nint[] _directions = [];

    /// <summary>Sets the vectors that products are taken with, for a batch of which some inputs may be bins, and whether the <paramref name="whole"/> batch counts.</summary>
    internal virtual void SetDirections(ReadOnlySpan<DenseVector<T>> directions, Knots? knots, bool whole)
    {
        if (_directions.Length < directions.Length)
        {
            _directions = new nint[directions.Length];
            _firstDirections = new FirstLayer<L, V, T>[directions.Length];
            for (int d = 0; d < directions.Length; d++)
                _firstDirections[d] = new FirstLayer<L, V, T>(_shape, _tiling);
        }
        for (int d = 0; d < directions.Length; d++)
        {
            _directions[d] = (nint)directions[d].Pointer;
            _firstDirections[d].Take(directions[d].Pointer, knots);
        }
    }

    /// <summary>
    /// The share of the examples <paramref name="from"/>..<paramref name="to"/> of a chunk in the product with one direction,
    /// written or added to <paramref name="product"/>.
    /// </summary>
    internal virtual void Product(
        Curvature curvature, NetworkBatch<T> batch, Chunk chunk, int from, int to, int direction, T* product, bool accumulate, int worker)
    {
        TangentForward((T*)_directions[direction], _firstDirections[direction], null, batch, chunk, from, to, worker);
        TangentBackward(curvature == Curvature.Hessian, (T*)_directions[direction], null, batch, chunk, from, to, product, accumulate, worker);
    }

    /// <summary>A chunk's share in the derivative of the gradient where all inputs move along those of <paramref name="inputs"/>, written or added to <paramref name="tangent"/>.</summary>
    internal void InputTangent(NetworkBatch<T> batch, NetworkBatch<T> inputs, Chunk chunk, T* tangent, bool accumulate, int worker)
    {
        TangentForward(null, _first, inputs, batch, chunk, 0, chunk.Count, worker);
        TangentBackward(hessian: true, null, inputs, batch, chunk, 0, chunk.Count, tangent, accumulate, worker);
    }

    /// <summary>The same by the share of label smoothing: no activation moves with it.</summary>
    internal void SmoothingTangent(NetworkBatch<T> batch, Chunk chunk, T* tangent, bool accumulate, int worker)
    {
        LossKernels<L, V, T>.SmoothingTangent(
            _shape.Loss, _shape.Outputs, chunk.Columns, batch.Targets + chunk.Start, batch.Weights + chunk.Start, Scratch(worker, _layers.Length - 1).Values, chunk.Columns);
        TangentBackward(hessian: false, null, null, batch, chunk, 0, chunk.Count, tangent, accumulate, worker);
    }

    /// <summary>
    /// The tangents of all activations, and last those of the outputs' deltas, in scratch, along a direction <paramref name="v"/> of the weights, those of the
    /// <paramref name="first"/> layer once more, or else of the <paramref name="inputs"/>.
    /// </summary>
    private void TangentForward(T* v, FirstLayer<L, V, T> first, NetworkBatch<T>? inputs, NetworkBatch<T> batch, Chunk chunk, int from, int to, int worker)
    {
        int last = _layers.Length - 1;
        // Whole vectors around the part; examples outside it are cleared before anything is summed over examples.
        int start = from / _tiling.Width * _tiling.Width;
        int columns = _tiling.Padded(to) - start;

        for (int l = 0; l <= last; l++)
        {
            LayerBlock<T> block = Kept[l].At(chunk, start);
            LayerBlock<T> tangent = Scratch(worker, l);
            if (l > 0)
            {
                if (v is not null)
                    ForwardLinear(l, columns, v, Kept[l - 1].At(chunk, start).Values, chunk.Columns, tangent.Values, columns, withBias: true, accumulate: false);
                ForwardLinear(
                    l, columns, _weights, Scratch(worker, l - 1).Values, columns, tangent.Values, columns, withBias: false, accumulate: v is not null);
            }
            else if (inputs is null)
            {
                FirstLinear(batch, chunk, from, to, first, v, tangent.Values, columns, withBias: true);
            }
            else
            {
                FirstLinear(inputs, chunk, from, to, _first, _weights, tangent.Values, columns, withBias: false);
            }
            if (l == last)
                break;
            for (nint r = 0; r < _layers[l].Outputs; r++)
            {
                nint kept = r * chunk.Columns, own = r * columns;
                ActivationKernels<L, V, T>.Tangent(
                    _shape.Activation, tangent.Values + own, tangent.Derivatives + own, block.Values + kept, block.Derivatives + kept, columns);
            }
            ClearOutside(tangent.Values, _layers[l].Outputs, columns, from - start, to - start);
        }

        LayerBlock<T> output = Scratch(worker, last);
        LossKernels<L, V, T>.Curvature(
            _shape.Loss, _shape.Outputs, columns, Kept[last].At(chunk, start).Values, chunk.Columns,
            batch.Weights + chunk.Start + start, output.Values, columns);
        ClearOutside(output.Values, _shape.Outputs, columns, from - start, to - start);
    }

    /// <summary>From the tangents in scratch to that of the gradient. From here on a layer's tangent is that of its delta; the output's took the place of its value's.</summary>
    private void TangentBackward(
        bool hessian, T* v, NetworkBatch<T>? inputs, NetworkBatch<T> batch, Chunk chunk, int from, int to, T* product, bool accumulate, int worker)
    {
        int last = _layers.Length - 1;
        int start = from / _tiling.Width * _tiling.Width;
        int columns = _tiling.Padded(to) - start;
        T* delta = Scratch(worker, last).Values;
        for (int l = last; l > 0; l--)
        {
            LayerBlock<T> block = Kept[l].At(chunk, start);
            LayerBlock<T> below = Kept[l - 1].At(chunk, start);
            LayerBlock<T> belowTangent = Scratch(worker, l - 1);
            int units = _layers[l - 1].Outputs;
            WeightGradient(l, columns, delta, columns, below.Values, chunk.Columns, product, withBias: true, accumulate);
            BackwardLinear(l, columns, _weights, delta, columns, belowTangent.Deltas, columns, accumulate: false);
            if (hessian)
            {
                WeightGradient(
                    l, columns, block.Deltas, chunk.Columns, belowTangent.Values, columns, product, withBias: false, accumulate: true);
                if (v is not null)
                    BackwardLinear(l, columns, v, block.Deltas, chunk.Columns, belowTangent.Deltas, columns, accumulate: true);
            }
            for (nint r = 0; r < units; r++)
            {
                nint kept = r * chunk.Columns, own = r * columns;
                ActivationKernels<L, V, T>.TangentBackward(
                    _shape.Activation, belowTangent.Deltas + own, belowTangent.Derivatives + own, below.Values + kept,
                    below.Derivatives + kept, hessian ? below.SecondDerivatives + kept : null, columns);
            }
            ClearOutside(belowTangent.Deltas, units, columns, from - start, to - start);
            delta = belowTangent.Deltas;
        }
        FirstWeightGradient(batch, chunk, from, to, delta, columns, product, withBias: true, accumulate, worker);
        if (inputs is not null)
            FirstWeightGradient(inputs, chunk, from, to, Kept[0].At(chunk, start).Deltas, chunk.Columns, product, withBias: false, accumulate: true, worker);
    }

    /// <summary>Completes one direction's product of a group of chunks.</summary>
    internal virtual void FinishProduct(Curvature curvature, int group, int direction, T* product, int worker)
    {
    }
}
