namespace MLNetHyper.Engine;

/// <summary>One value for all weights, or one per tensor: a few doubles on the host, whatever the engine.</summary>
internal sealed class SharedValue<TVector> : HyperparameterValue<TVector> where TVector : class, IVector<TVector>
{
    private readonly TunedBlock<DenseVector<double>> _block;
    private readonly IReadOnlyList<TensorSegment> _segments;
    private readonly TVector? _elements;
    private readonly double[] _products;
    private readonly TunedBlock<DenseVector<double>>? _kept;
    private readonly IReadOnlyList<TensorSegment>? _models;
    private readonly double[] _parts;

    /// <param name="definition">Whether there is one value for all weights, or one per tensor.</param>
    /// <param name="tensors">The weights' tensors.</param>
    /// <param name="like">A vector of the weights' length.</param>
    /// <param name="models">The independent models.</param>
    internal SharedValue(Hyperparameter definition, IReadOnlyList<TensorSegment> tensors, TVector like, IReadOnlyList<TensorSegment> models) : base(definition)
    {
        bool scalar = definition.Granularity == Granularity.Scalar, perModel = models.Count > 1 && models.SequenceEqual(tensors);
        _segments = scalar ? [new TensorSegment("all", 0, like.Length, 0)] : tensors;
        _models = scalar && models.Count > 1 ? models : null;
        _block = new(definition, new DenseVector<double>(_segments.Count));
        _parts = new double[_models?.Count ?? 0];
        _products = new double[_models?.Count ?? _segments.Count];
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

    internal override bool HasFiniteHypergradient(int model) => _models is not null ? double.IsFinite(_parts[model]) : IsPerModel ? double.IsFinite(_block.Hypergradient.Span[model]) : _block.Hypergradient.IsFinite();

    private protected override void Reduce(double factor, TVector p, TVector x)
    {
        // Of what several models share each has its part, which may be left out.
        p.Dots(x, _models ?? _segments, _products);
        Span<double> hypergradient = _models is null ? _block.Hypergradient.Span : _parts;
        for (int k = 0; k < hypergradient.Length; k++)
            hypergradient[k] += factor * _products[k];
    }

    public override void AddHypergradient(int index, double amount)
    {
        if (!Definition.Tuned)
            return;
        if (_models is null)
            _block.Hypergradient.Span[index] += amount;
        else
            _parts[0] += amount;
    }

    internal override void ClearHypergradient()
    {
        Array.Clear(_parts);
        _block.Hypergradient.Fill(0);
    }

    internal override void ClearHypergradient(int model)
    {
        if (_models is not null)
            _parts[model] = 0;
        else if (IsPerModel)
            _block.Hypergradient.Span[model] = 0;
        else
            ClearHypergradient();
    }

    internal override void ApplyChainRule()
    {
        if (_models is not null)
        {
            double sum = 0;
            foreach (double part in _parts)
                sum += double.IsFinite(part) ? part : 0;
            _block.Hypergradient.Fill(sum);
        }
        _block.ApplyChainRule();
    }

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

    internal override void LimitRaw(double lower, double upper)
    {
        _block.Limit(lower, upper);
        Spread();
    }

    internal override void ShiftRaw(double shift)
    {
        _block.Shift(shift);
        Spread();
    }

    internal override void ShiftRaw(ReadOnlySpan<bool> models, double shift)
    {
        if (!IsPerModel)
        {
            ShiftRaw(shift);
            return;
        }
        for (int k = 0; k < models.Length; k++)
        {
            if (models[k])
                (_block.Raw.Span[k], _block.First.Span[k]) = (_block.Raw.Span[k] + shift, 0);
        }
        Clamp();
    }

    internal override void SetFactor(double factor)
    {
        _block.Factor = factor;
        Spread();
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

    internal override void SerializeHypergradient(StateArchive archive) => archive.Values(_models is null ? _block.Hypergradient.Span : _parts);

    /// <summary>Copies one model's real values to those of a set that is of that model alone.</summary>
    internal void CopyTo(int model, SharedValue<TVector> own)
    {
        Of(model, own, _block.Real.Span).CopyTo(own._block.Real.Span);
        own.Spread();
    }

    /// <summary>Adds the hypergradients of one of a set that is of one model alone.</summary>
    internal void AddHypergradientsOf(int model, SharedValue<TVector> own)
    {
        Span<double> sums = _models is null ? Of(model, own, _block.Hypergradient.Span) : _parts.AsSpan(model, 1);
        System.Numerics.Tensors.TensorPrimitives.Add<double>(sums, own._block.Hypergradient.Span, sums);
    }

    /// <summary>A model's part of the numbers: all where models share them.</summary>
    private Span<double> Of(int model, SharedValue<TVector> own, Span<double> numbers) => Count == own.Count ? numbers : numbers.Slice(model * own.Count, own.Count);

    private void Spread()
    {
        _elements?.Fill(_block.Real.Span, _segments);
    }
}
