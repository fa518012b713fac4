using System.Numerics;

namespace MLNetHyper.Engine;

/// <summary>
/// The passes for one hidden layer of rectifiers and one output, the commonest network for tables. With m the rectifiers' masks,
/// <c>G[h, k] = Σ m[h]·δ·x[k]</c> over the examples gives both layers: <c>∂W[h] = v[h]·G[h]</c> and <c>∂v[h] = W[h]·G[h]</c>.
/// So only masks are kept, and a gradient is two fused passes. A product is two as well: the output's tangent along (W', v') is
/// <c>Σₕ m[h]·(v'[h]·W[h] + v[h]·W'[h])·x</c>.
/// </summary>
internal sealed unsafe class RectifierPass<L, V, T> : ChunkPass<L, V, T>
    where L : struct, ILanes<V, T> where V : struct where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly int _inputs;
    private readonly int _units;
    private readonly int _paddedUnits;
    private readonly PackedWeights _packed;
    private readonly AlignedBuffer<T>[] _weighted;
    private readonly AlignedBuffer<T>[] _tangents;
    private readonly AlignedBuffer<T>?[] _sums;
    private PackedWeights[] _mixed = [];
    private AlignedBuffer<T>? _groupSums;
    private DenseVector<T>? _point;
    private bool _whole;

    internal RectifierPass(NetworkShape shape, Tiling tiling, int workers, bool withProducts) : base(shape, tiling, workers, withProducts)
    {
        _inputs = shape.Inputs;
        _units = shape.Layers[0].Outputs;
        int tile = RectifierKernels<L, V, T>.TileRows;
        _paddedUnits = (_units + tile - 1) / tile * tile;
        _packed = new PackedWeights(_inputs, _paddedUnits);
        _weighted = new AlignedBuffer<T>[workers];
        _tangents = new AlignedBuffer<T>[workers];
        _sums = new AlignedBuffer<T>?[workers];
        for (int w = 0; w < workers; w++)
        {
            _weighted[w] = new AlignedBuffer<T>(Math.Max((_inputs + 1L) * tiling.ChunkExamples, 2L * Elements));
            _tangents[w] = new AlignedBuffer<T>(tiling.ChunkExamples);
            _sums[w] = new AlignedBuffer<T>(2 * LaneLength);
        }
    }

    private int Elements => _units * (_inputs + 1);

    // The lanes of G and, last, of the sum of the deltas.
    private nint LaneLength => (nint)(Elements + 1) * _tiling.Width;

    internal override void SetWeights(DenseVector<T> weights, Knots? knots)
    {
        base.SetWeights(weights, knots);
        _point = weights;
        ReadOnlySpan<T> w = weights.Span;
        w[..(_units * _inputs)].CopyTo(_packed.Weights.Span);
        w.Slice(_units * _inputs, _units).CopyTo(_packed.Biases.Span);
        w.Slice(Elements, _units).CopyTo(_packed.Outputs.Span);
    }

    internal override void Reserve(int columns)
    {
        base.Reserve(columns);
        int groups = _tiling.GroupCount(columns);
        if (_groupSums is null || _groupSums.Length < (long)groups * Elements)
            _groupSums = new AlignedBuffer<T>((long)groups * Elements);
    }

    private protected override void Reserve(LayerBuffers<T>[] kept, int examples)
    {
        kept[0].Reserve(_paddedUnits, examples, smooth: false);
        kept[1].Reserve(1, examples, smooth: false);
    }

    internal override double Gradient(NetworkBatch<T> batch, Chunk chunk, T* gradient, bool accumulate, int worker)
    {
        (LayerBuffers<T>[] kept, Chunk place) = PlaceOf(chunk, worker);
        LayerBlock<T> output = kept[1].At(place);
        T* masks = kept[0].At(place).Values;
        RectifierKernels<L, V, T>.Forward<RectifierKernels<L, V, T>.Record>(
            _paddedUnits, _inputs, chunk.Columns, _packed.Weights.Pointer, _packed.Biases.Pointer, _packed.Outputs.Pointer,
            OutputBias(_point!), batch.Features(chunk), chunk.Columns, masks, chunk.Columns, output.Values);
        double loss = LossKernels<L, V, T>.Evaluate(
            _shape.Loss, 1, chunk.Columns, output.Values, chunk.Columns, batch.Targets + chunk.Start, batch.Weights + chunk.Start, Smoothing, output.Deltas);
        AddSums(batch, chunk, 0, chunk.Columns, masks, output.Deltas, 0, accumulate, worker);
        return loss;
    }

    private protected override T* ForwardInScratch(NetworkBatch<T> batch, Chunk chunk, int worker)
    {
        T* outputs = _tangents[worker].Pointer;
        RectifierKernels<L, V, T>.Forward<RectifierKernels<L, V, T>.Evaluate>(
            _paddedUnits, _inputs, chunk.Columns, _packed.Weights.Pointer, _packed.Biases.Pointer, _packed.Outputs.Pointer,
            OutputBias(_point!), batch.Features(chunk), chunk.Columns, null, 0, outputs);
        return outputs;
    }

    internal override void FinishGradient(int group, T* gradient, int worker)
    {
        T* sums = _groupSums!.Pointer + ((nint)group * Elements);
        AddLanes(Lanes(worker, 0), sums, gradient);
        for (nint h = 0; h < _units; h++)
            SetUnit(h, sums, _packed.Weights.Pointer, _packed.Biases.Pointer, _packed.Outputs.Pointer[h], gradient);
    }

    internal override void SetDirections(ReadOnlySpan<DenseVector<T>> directions, Knots? knots, bool whole)
    {
        base.SetDirections(directions, knots, whole);
        _whole = whole;
        if (_mixed.Length < directions.Length)
        {
            _mixed = new PackedWeights[directions.Length];
            for (int d = 0; d < directions.Length; d++)
                _mixed[d] = new PackedWeights(_inputs, _paddedUnits);
            for (int w = 0; w < _sums.Length; w++)
                _sums[w] = new AlignedBuffer<T>((1 + directions.Length) * LaneLength);
        }
        for (int d = 0; d < directions.Length; d++)
            Mix(directions[d].Pointer, _mixed[d]);
    }

    internal override void Product(
        Curvature curvature, NetworkBatch<T> batch, Chunk chunk, int from, int to, int direction, T* product, bool accumulate, int worker)
    {
        int start = from / _tiling.Width * _tiling.Width, columns = _tiling.Padded(to) - start;
        T* tangent = _tangents[worker].Pointer;
        LayerBlock<T> output = Kept[1].At(chunk, start);
        T* masks = Kept[0].At(chunk, start).Values;
        T* v = (T*)_directions[direction];
        RectifierKernels<L, V, T>.Forward<RectifierKernels<L, V, T>.Replay>(
            _paddedUnits, _inputs, columns, _mixed[direction].Weights.Pointer, _mixed[direction].Biases.Pointer,
            _mixed[direction].Outputs.Pointer, v[_shape.Length - 1], batch.Features(chunk) + start, chunk.Columns,
            masks, chunk.Columns, tangent);
        LossKernels<L, V, T>.Curvature(
            _shape.Loss, 1, columns, output.Values, chunk.Columns, batch.Weights + chunk.Start + start, tangent, columns);
        ClearOutside(tangent, 1, columns, from - start, to - start);
        AddSums(batch, chunk, start, columns, masks, tangent, 1 + direction, accumulate, worker);
        // All directions share the part's own G; the whole batch's is known from the gradient.
        if (curvature == Curvature.Hessian && direction == 0 && !_whole)
        {
            new ReadOnlySpan<T>(output.Deltas, columns).CopyTo(new Span<T>(tangent, columns));
            ClearOutside(tangent, 1, columns, from - start, to - start);
            AddSums(batch, chunk, start, columns, masks, tangent, 0, accumulate, worker);
        }
    }

    internal override void FinishProduct(Curvature curvature, int group, int direction, T* product, int worker)
    {
        T* sums = _weighted[worker].Pointer;
        AddLanes(Lanes(worker, 1 + direction), sums, product);
        for (nint h = 0; h < _units; h++)
            SetUnit(h, sums, _packed.Weights.Pointer, _packed.Biases.Pointer, _packed.Outputs.Pointer[h], product);
        if (curvature == Curvature.GaussNewton)
            return;
        T* v = (T*)_directions[direction];
        T* gradientSums = _whole ? _groupSums!.Pointer + ((nint)group * Elements) : sums + Elements;
        if (!_whole)
        {
            T unused = product[_shape.Length - 1];
            AddLanes(Lanes(worker, 0), gradientSums, product);
            product[_shape.Length - 1] = unused;
        }
        for (nint h = 0; h < _units; h++)
            AddUnit(h, gradientSums, v, v + (_units * _inputs), v[Elements + h], product);
    }

    // v'[h]·W[h] + v[h]·W'[h], whose masked sum over units is the output's tangent.
    private void Mix(T* direction, PackedWeights mixed)
    {
        int inputs = _inputs, units = _units;
        T* w = _packed.Weights.Pointer;
        T* target = mixed.Weights.Pointer;
        T* biases = direction + (units * inputs);
        T* outputs = biases + units;
        for (nint h = 0, at = 0; h < units; h++)
        {
            T own = _packed.Outputs.Pointer[h], other = outputs[h];
            mixed.Biases.Pointer[h] = (other * _packed.Biases.Pointer[h]) + (own * biases[h]);
            for (nint end = at + inputs; at < end; at++)
                target[at] = (other * w[at]) + (own * direction[at]);
        }
    }

    private T OutputBias(DenseVector<T> weights) => weights.Pointer[_shape.Length - 1];

    private T* Lanes(int worker, int vector) => _sums[worker]!.Pointer + ((nint)vector * LaneLength);

    private void AddSums(
        NetworkBatch<T> batch, Chunk chunk, int start, int columns, T* masks, T* delta, int vector, bool accumulate, int worker)
    {
        T* lanes = Lanes(worker, vector);
        T* weighted = _weighted[worker].Pointer;
        RectifierKernels<L, V, T>.Weigh(
            _inputs + 1, columns, delta, batch.Features(chunk) + start, chunk.Columns, weighted, columns, lanes + ((nint)Elements * _tiling.Width), accumulate);
        LaneSums<L, V, T>.Run(_units, _inputs + 1, columns, masks, chunk.Columns, weighted, columns, lanes, accumulate);
    }

    // Adds the lanes up, the output bias's straight into the result.
    private void AddLanes(T* lanes, T* sums, T* result)
    {
        nint w = L.Count, i = 0;
        for (; i <= Elements - 4; i += 4)
        {
            T* four = lanes + (i * w);
            L.Sum(L.Load(four), L.Load(four + w), L.Load(four + w + w), L.Load(four + w + w + w), sums + i);
        }
        for (; i < Elements; i++)
            sums[i] = L.Sum(L.Load(lanes + (i * w)));
        result[_shape.Length - 1] = L.Sum(L.Load(lanes + (Elements * L.Count)));
    }

    // One unit's share: G[h] times a factor for the first layer, its inner product with weights and bias for the second.
    private void SetUnit(nint h, T* sums, T* weights, T* biases, T factor, T* result)
    {
        nint inputs = _inputs;
        T* g = sums + (h * (inputs + 1));
        T* row = result + (h * inputs);
        T* w = weights + (h * inputs);
        T inner = biases[h] * g[inputs];
        for (nint k = 0; k < inputs; k++)
        {
            inner += w[k] * g[k];
            row[k] = factor * g[k];
        }
        result[(_units * inputs) + h] = factor * g[inputs];
        result[Elements + h] = inner;
    }

    private void AddUnit(nint h, T* sums, T* weights, T* biases, T factor, T* result)
    {
        nint inputs = _inputs;
        T* g = sums + (h * (inputs + 1));
        T* row = result + (h * inputs);
        T* w = weights + (h * inputs);
        T inner = biases[h] * g[inputs];
        for (nint k = 0; k < inputs; k++)
        {
            inner += w[k] * g[k];
            row[k] += factor * g[k];
        }
        result[(_units * inputs) + h] += factor * g[inputs];
        result[Elements + h] += inner;
    }

    /// <summary>A first and a second layer's weights, padded with units of zeros to whole tiles.</summary>
    private sealed class PackedWeights(int inputs, int units)
    {
        internal AlignedBuffer<T> Weights { get; } = new((long)inputs * units);

        internal AlignedBuffer<T> Biases { get; } = new(units);

        internal AlignedBuffer<T> Outputs { get; } = new(units);
    }
}
