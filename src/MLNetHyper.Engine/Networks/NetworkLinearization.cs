using System.Numerics;
using System.Numerics.Tensors;

namespace MLNetHyper.Engine;

/// <summary>
/// One network at one point: cuts a batch into chunks, has them computed by one or more threads and adds the results in an order
/// that does not depend on the threads.
/// </summary>
/// <typeparam name="L">The registers used.</typeparam>
/// <typeparam name="V">Their type.</typeparam>
/// <typeparam name="T">float or double.</typeparam>
internal sealed unsafe class NetworkLinearization<L, V, T> : ILinearization<DenseVector<T>>, IPredictor<T>, IDividedWork
    where L : struct, ILanes<V, T> where V : struct where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    // Waking another thread pays from about a hundred microseconds of work.
    private const double FlopsWorthThreads = 2e7;

    private readonly NetworkShape _shape;
    private readonly Tiling _tiling;
    private readonly WorkerTeam _team;
    private readonly bool _withProducts;
    private readonly Regularizers<T>? _regularizers;
    private readonly ChunkPass<L, V, T> _pass;
    private AlignedBuffer<T>? _groupSums;
    private double[] _groupLosses = [];
    private nint[] _targets = [];
    private NetworkBatch<T>? _predicted;

    // The point of the last gradient.
    private DenseVector<T>? _weights;
    private NetworkBatch<T>? _batch;
    private NetworkBatch<T>? _regularized;
    private DenseVector<T>? _tangent;

    // The job under way.
    private Job _job;
    private Curvature _curvature;
    private DenseVector<T>[] _directions = [];
    private int _directionCount;
    private int _firstGroup;
    private int _endGroup;
    private (int Start, int End) _part;
    private bool _byNoise;

    internal NetworkLinearization(NetworkShape shape, Tiling tiling, WorkerTeam team, Regularizers<T>? regularizers, bool withProducts)
    {
        _shape = shape;
        _tiling = tiling;
        _team = team;
        _regularizers = regularizers;
        _withProducts = withProducts;
        // The fused passes know neither noise nor targets between classes.
        _pass = tiling.Fused && regularizers is null
            ? new RectifierPass<L, V, T>(shape, tiling, team.Size, withProducts)
            : new ChunkPass<L, V, T>(shape, tiling, team.Size, withProducts);
    }

    private enum Job
    {
        Loss,
        Gradient,
        Products,
        Tangent,
    }

    /// <inheritdoc/>
    public double Loss(DenseVector<T> weights, Batch batch)
    {
        NetworkBatch<T> examples = Check(weights, batch);
        (DenseVector<T>?, NetworkBatch<T>?) point = (_weights, _batch);
        _pass.SetWeights(weights, examples.Knots);
        Take(examples);
        Start(Job.Loss, examples, (0, examples.Count), 0);
        Divide(2 * WeightsUsed(examples) * examples.Count);
        (_weights, _batch) = point;
        if (_weights is not null)
            _pass.SetWeights(_weights, _batch!.Knots);
        if (_batch is not null)
            Take(_batch);
        return TotalLoss();
    }

    /// <inheritdoc/>
    public double Gradient(DenseVector<T> weights, Batch batch, DenseVector<T> gradient)
    {
        NetworkBatch<T> examples = Check(weights, batch);
        ArgumentNullException.ThrowIfNull(gradient);
        ArgumentOutOfRangeException.ThrowIfNotEqual(gradient.Length, _shape.Length);
        _weights = weights;
        Take(examples);
        _pass.SetWeights(weights, examples.Knots);
        _pass.Reserve(_tiling.Padded(examples.Count));
        Start(Job.Gradient, examples, (0, examples.Count), 1);
        Aim(0, gradient);
        Divide(6 * WeightsUsed(examples) * examples.Count);
        Sum(0, gradient, 1);
        return TotalLoss();
    }

    /// <inheritdoc/>
    public void CurvatureVectorProducts(
        Curvature curvature, ReadOnlySpan<DenseVector<T>> directions, ReadOnlySpan<DenseVector<T>> products, BatchPart part)
    {
        if (!_withProducts)
            throw new InvalidOperationException("This linearization was created for gradients alone. Create it with products.");
        if (_batch is null)
            throw new InvalidOperationException("Products are taken where the last gradient was, but there was none yet.");
        ArgumentOutOfRangeException.ThrowIfNotEqual(products.Length, directions.Length);
        ArgumentOutOfRangeException.ThrowIfLessThan(part.Count, 1, nameof(part));
        ArgumentOutOfRangeException.ThrowIfNegative(part.Index, nameof(part));
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(part.Index, part.Count, nameof(part));
        int count = _batch.Count;
        (int Start, int End) range = count < part.Count
            ? (0, count)
            : ((int)((long)part.Index * count / part.Count), (int)((long)(part.Index + 1) * count / part.Count));
        Start(Job.Products, _batch, range, directions.Length);
        _curvature = curvature;
        if (_directions.Length < directions.Length)
            _directions = new DenseVector<T>[directions.Length];
        for (int d = 0; d < directions.Length; d++)
        {
            ArgumentOutOfRangeException.ThrowIfNotEqual(directions[d].Length, _shape.Length, nameof(directions));
            ArgumentOutOfRangeException.ThrowIfNotEqual(products[d].Length, _shape.Length, nameof(products));
            _directions[d] = directions[d];
            Aim(d, products[d]);
        }
        _pass.SetDirections(directions, _batch.Knots, range == (0, count));
        Divide(8 * WeightsUsed(_batch) * (range.End - range.Start) * directions.Length);
        // What was computed has the whole batch's weights; a part stands for the batch.
        double weight = range == (0, count) ? 1 : _batch.WeightOf(range.Start, range.End) / _batch.NormalizedWeight;
        for (int d = 0; d < directions.Length; d++)
        {
            Sum(d, products[d], weight > 0 ? 1 / weight : 0);
            _directions[d] = null!;
        }
    }

    /// <inheritdoc/>
    public void AddHypergradients(double factor, DenseVector<T> adjoint)
    {
        ArgumentNullException.ThrowIfNull(adjoint);
        // Each is a single number: one tangent more, but no second way through the network.
        _tangent ??= new DenseVector<T>(_shape.Length);
        for (int i = 0; i < _regularizers?.Values.Count; i++)
        {
            HyperparameterValue<DenseVector<T>> value = _regularizers.Values[i];
            if (!value.Definition.Tuned)
                continue;
            GradientTangent(value, 0, _tangent);
            value.AddHypergradient(0, factor * _tangent.Dot(adjoint));
        }
    }

    /// <inheritdoc/>
    public void GradientTangent(HyperparameterValue<DenseVector<T>> value, int index, DenseVector<T> tangent)
    {
        ArgumentNullException.ThrowIfNull(value);
        ArgumentNullException.ThrowIfNull(tangent);
        ArgumentOutOfRangeException.ThrowIfNotEqual(tangent.Length, _shape.Length);
        if (_batch is null || !_withProducts)
            throw new InvalidOperationException("Tangents are taken where the last gradient was, by a linearization with products.");
        _byNoise = value.Definition.Name == Regularization.InputNoiseName;
        Start(Job.Tangent, _batch, (0, _batch.Count), 1);
        Aim(0, tangent);
        Divide(6.0 * _shape.Length * _batch.Count);
        Sum(0, tangent, 1);
    }

    /// <inheritdoc/>
    public void Predict(DenseVector<T> weights, ReadOnlySpan<T> features, Span<T> outputs)
    {
        _predicted ??= new NetworkBatch<T>(_tiling, _shape.Inputs, _tiling.ChunkExamples);
        _pass.SetWeights(weights, knots: null);
        int rows = features.Length / _shape.Inputs;
        for (int row = 0; row < rows; row += _tiling.ChunkExamples)
        {
            int count = Math.Min(_tiling.ChunkExamples, rows - row);
            _predicted.Fill(features.Slice(row * _shape.Inputs, count * _shape.Inputs));
            _pass.Outputs(_predicted, outputs.Slice(row * _shape.Outputs, count * _shape.Outputs));
        }
        GC.KeepAlive(weights);
    }

    void IDividedWork.Do(int item, int worker)
    {
        int group = _firstGroup + item;
        (int first, int end) = _tiling.ChunksOf(_batch!.Count, group);
        bool accumulate = false;
        double loss = 0;
        for (int c = first; c < end; c++)
        {
            Chunk chunk = _tiling.ChunkAt(_batch.Count, c);
            int from = Math.Max(_part.Start, chunk.Start) - chunk.Start;
            int to = Math.Min(_part.End, chunk.Start + chunk.Count) - chunk.Start;
            if (from >= to)
                continue;
            switch (_job)
            {
                case Job.Loss:
                    loss += _pass.Loss(_regularized!, chunk, worker);
                    break;
                case Job.Gradient:
                    loss += _pass.Gradient(_regularized!, chunk, (T*)_targets[item], accumulate, worker);
                    break;
                case Job.Tangent when _byNoise:
                    _pass.InputTangent(_regularized!, _regularizers!.Noise, chunk, (T*)_targets[item], accumulate, worker);
                    break;
                case Job.Tangent:
                    _pass.SmoothingTangent(_regularized!, chunk, (T*)_targets[item], accumulate, worker);
                    break;
                default:
                    for (int d = 0; d < _directionCount; d++)
                        _pass.Product(_curvature, _regularized!, chunk, from, to, d, (T*)_targets[(d * Groups) + item], accumulate, worker);
                    break;
            }
            accumulate = true;
        }
        if (_job == Job.Gradient)
            _pass.FinishGradient(group, (T*)_targets[item], worker);
        for (int d = 0; _job == Job.Products && d < _directionCount; d++)
            _pass.FinishProduct(_curvature, group, d, (T*)_targets[(d * Groups) + item], worker);
        _groupLosses[item] = loss;
    }

    private int Groups => _endGroup - _firstGroup;

    private NetworkBatch<T> Check(DenseVector<T> weights, Batch batch)
    {
        ArgumentNullException.ThrowIfNull(weights);
        ArgumentOutOfRangeException.ThrowIfNotEqual(weights.Length, _shape.Length);
        return batch is NetworkBatch<T> own && own.Tiling == _tiling && own.FeatureCount == _shape.Inputs
            ? own
            : throw new ArgumentException("The batch was not made by this objective.", nameof(batch));
    }

    /// <summary>Makes a batch the present one, with what regularizers do to it.</summary>
    private void Take(NetworkBatch<T> batch)
    {
        _batch = batch;
        _regularized = _regularizers?.Apply(batch) ?? batch;
        _pass.Smoothing = _regularizers?.Smoothing ?? T.Zero;
    }

    // Which groups of chunks touch the part, and room for their results.
    private void Start(Job job, NetworkBatch<T> batch, (int Start, int End) part, int vectors)
    {
        _job = job;
        _part = part;
        _directionCount = vectors;
        int groups = _tiling.GroupCount(batch.Count);
        _firstGroup = 0;
        while (_firstGroup < groups - 1 && EndOf(_firstGroup) <= part.Start)
            _firstGroup++;
        _endGroup = _firstGroup + 1;
        while (_endGroup < groups && EndOf(_endGroup - 1) < part.End)
            _endGroup++;
        if (_groupLosses.Length < Groups)
            _groupLosses = new double[Groups];
        if (_targets.Length < Groups * vectors)
            _targets = new nint[Groups * vectors];
        if (Groups > 1 && vectors > 0 && (_groupSums is null || _groupSums.Length < (long)Groups * vectors * _shape.Length))
            _groupSums = new AlignedBuffer<T>((long)Groups * vectors * _shape.Length);

        int EndOf(int group)
        {
            Chunk last = _tiling.ChunkAt(batch.Count, _tiling.ChunksOf(batch.Count, group).End - 1);
            return last.Start + last.Count;
        }
    }

    // A single group writes where the result belongs.
    private void Aim(int vector, DenseVector<T> result)
    {
        for (int g = 0; g < Groups; g++)
        {
            _targets[(vector * Groups) + g] = Groups == 1
                ? (nint)result.Pointer
                : (nint)(_groupSums!.Pointer + ((nint)((vector * Groups) + g) * _shape.Length));
        }
    }

    /// <summary>With how many weights an example is multiplied: of a feature and its bins there are two values at knots.</summary>
    private double WeightsUsed(NetworkBatch<T> batch) => batch.Knots is { } knots
        ? _shape.Length - ((double)_shape.Layers[0].Outputs * (knots.Inputs - knots.Plain.Length - (2 * knots.Features.Length)))
        : _shape.Length;

    private void Divide(double flops) => _team.Run(this, Groups, alone: flops < FlopsWorthThreads);

    private void Sum(int vector, DenseVector<T> result, double scale)
    {
        if (Groups > 1)
        {
            ReadOnlySpan<T> first = new((T*)_targets[vector * Groups], _shape.Length);
            first.CopyTo(result.Span);
            for (int g = 1; g < Groups; g++)
                TensorPrimitives.Add(result.Span, new ReadOnlySpan<T>((T*)_targets[(vector * Groups) + g], _shape.Length), result.Span);
        }
        if (scale != 1)
            result.Scale(scale);
    }

    private double TotalLoss()
    {
        double sum = 0;
        for (int g = 0; g < Groups; g++)
            sum += _groupLosses[g];
        return sum;
    }
}

/// <summary>Evaluates a network outside training.</summary>
/// <typeparam name="T">float or double.</typeparam>
internal interface IPredictor<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Writes the raw outputs of row-major features.</summary>
    void Predict(DenseVector<T> weights, ReadOnlySpan<T> features, Span<T> outputs);
}
