namespace MLNetHyper.Engine;

/// <summary>One value per weight, or the many numbers of an objective's hyperparameter, kept in the engine's own vectors.</summary>
internal sealed class ElementwiseValue<TVector> : HyperparameterValue<TVector> where TVector : class, IVector<TVector>
{
    private readonly TunedBlock<TVector> _block;
    private readonly TVector _ones;

    internal ElementwiseValue(Hyperparameter definition, TVector like) : base(definition)
    {
        _block = new(definition, like.CreateZero());
        _ones = like.CreateZero();
        _ones.Fill(1);
    }

    public override double Mean => _block.Real.Dot(_ones) / _ones.Length;

    public override TVector? Elements => _block.Real;

    internal override double HypergradientNorm => Math.Sqrt(_block.Hypergradient.Dot(_block.Hypergradient));

    internal override IReadOnlyList<TensorSegment> Segments => throw new NotSupportedException("A value per weight is shared by none.");

    public override int Count => _ones.Length;

    internal override bool HasFiniteHypergradient(int model) => _block.Hypergradient.IsFinite();

    private protected override void Reduce(double factor, TVector p, TVector x) => _block.Hypergradient.CombineProduct(1, factor, p, x);

    public override void AddHypergradient(int index, double amount) =>
        throw new NotSupportedException($"The values of '{Definition.Name}' gather their hypergradients elementwise.");

    public override void AddHypergradients(double factor, TVector amounts)
    {
        if (Definition.Tuned)
            _block.Hypergradient.Combine(1, factor, amounts);
    }

    internal override void ClearHypergradient() => _block.Hypergradient.Fill(0);

    internal override void ApplyChainRule() => _block.ApplyChainRule();

    internal override void Move(MetaOptimizer optimizer) => optimizer.Move(_block);

    internal override void Clamp() => _block.Clamp();

    internal override void LimitRaw(double lower, double upper) => _block.Limit(lower, upper);

    internal override void ShiftRaw(double shift) => _block.Shift(shift);

    internal override void SetFactor(double factor) => _block.Factor = factor;

    internal override void SetRaw(double raw)
    {
        _block.Raw.Fill(raw);
        _block.UpdateReal();
    }

    internal override void CopyRawTo(Span<double> destination) => _block.Raw.CopyTo(destination);

    internal override void CopyHypergradientTo(Span<double> destination) => _block.Hypergradient.CopyTo(destination);

    internal override void SetRaw(ReadOnlySpan<double> source)
    {
        _block.Raw.CopyFrom(source);
        _block.UpdateReal();
    }

    internal override void Serialize(StateArchive archive) => _block.Serialize(archive);

    internal override void SerializeHypergradient(StateArchive archive) => archive.Vector(_block.Hypergradient);
}
