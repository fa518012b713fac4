namespace MLNetHyper.Engine;

/// <summary>One value for all weights, or one per tensor: a few doubles on the host, whatever the engine.</summary>
internal sealed class SharedValue<TVector> : HyperparameterValue<TVector> where TVector : class, IVector<TVector>
{
    private readonly TunedBlock<DenseVector<double>> _block;
    private readonly IReadOnlyList<TensorSegment> _segments;
    private readonly TVector? _elements;
    private readonly double[] _products;
    private readonly TunedBlock<DenseVector<double>>? _kept;

    /// <param name="definition">Whether there is one value for all weights, or one per tensor.</param>
    /// <param name="tensors">The weights' tensors.</param>
    /// <param name="like">A vector of the weights' length.</param>
    /// <param name="perModel">Whether each tensor is all of an independent model.</param>
    internal SharedValue(Hyperparameter definition, IReadOnlyList<TensorSegment> tensors, TVector like, bool perModel) : base(definition)
    {
        bool scalar = definition.Granularity == Granularity.Scalar;
        _segments = scalar ? [new TensorSegment("all", 0, like.Length, 0)] : tensors;
        _block = new(definition, new DenseVector<double>(_segments.Count));
        _products = new double[_segments.Count];
        _elements = scalar ? null : like.CreateZero();
        _kept = perModel && !scalar ? new(definition, new DenseVector<double>(_segments.Count)) : null;
        Spread();
    }

    public override double Mean
    {
        get
        {
            ReadOnlySpan<double> real = _block.Real.Span;
            return real.Length == 1 ? real[0] : System.Numerics.Tensors.TensorPrimitives.Average(real);
        }
    }

    public override TVector? Elements => _elements;

    internal override double HypergradientNorm => Math.Sqrt(_block.Hypergradient.Dot(_block.Hypergradient));

    internal override IReadOnlyList<TensorSegment> Segments => _segments;

    public override int Count => _segments.Count;

    private bool IsPerModel => _kept is not null;

    internal override double MeanOf(int model) => IsPerModel ? _block.Real.Span[model] : Mean;

    internal override double HypergradientNormOf(int model) => IsPerModel ? Math.Abs(_block.Hypergradient.Span[model]) : HypergradientNorm;

    internal override bool HasFiniteHypergradient(int model) => IsPerModel ? double.IsFinite(_block.Hypergradient.Span[model]) : _block.Hypergradient.IsFinite();

    private protected override void Reduce(double factor, TVector p, TVector x)
    {
        p.Dots(x, _segments, _products);
        Span<double> hypergradient = _block.Hypergradient.Span;
        for (int k = 0; k < hypergradient.Length; k++)
            hypergradient[k] += factor * _products[k];
    }

    public override void AddHypergradient(int index, double amount) => _block.Hypergradient.Span[index] += Definition.Tuned ? amount : 0;

    internal override void ClearHypergradient() => _block.Hypergradient.Fill(0);

    internal override void ClearHypergradient(int model)
    {
        if (IsPerModel)
            _block.Hypergradient.Span[model] = 0;
        else
            ClearHypergradient();
    }

    internal override void ApplyChainRule() => _block.ApplyChainRule();

    internal override void Move(MetaOptimizer optimizer) => optimizer.Move(_block);

    internal override void Move(MetaOptimizer optimizer, ReadOnlySpan<bool> frozen)
    {
        if (_kept is null || !frozen.Contains(true))
        {
            base.Move(optimizer, frozen);
            return;
        }
        _kept.CopyFrom(_block);
        optimizer.Move(_block);
        _block.CopyFrom(_kept, frozen);
    }

    internal override void Clamp()
    {
        _block.Clamp();
        Spread();
    }

    internal override void ShiftRaw(double shift)
    {
        _block.Shift(shift);
        Spread();
    }

    internal override void ShiftRaw(int model, double shift)
    {
        if (!IsPerModel)
        {
            ShiftRaw(shift);
            return;
        }
        _block.Raw.Span[model] += shift;
        _block.First.Span[model] = 0;
        Clamp();
    }

    internal override void SetRaw(double raw)
    {
        _block.Raw.Fill(raw);
        _block.UpdateReal();
        Spread();
    }

    internal override void CopyRawTo(Span<double> destination) => _block.Raw.Span.CopyTo(destination);

    internal override void CopyHypergradientTo(Span<double> destination) => _block.Hypergradient.Span.CopyTo(destination);

    internal override void SetRaw(ReadOnlySpan<double> source)
    {
        source.CopyTo(_block.Raw.Span);
        _block.UpdateReal();
        Spread();
    }

    internal override void Serialize(StateArchive archive)
    {
        _block.Serialize(archive);
        Spread();
    }

    private void Spread()
    {
        _elements?.Fill(_block.Real.Span, _segments);
    }
}
