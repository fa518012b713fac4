namespace MLNetHyper.Engine;

/// <summary>
/// The numbers behind one hyperparameter: raw and real values, the hypergradient, and the meta-optimizer's two running
/// quantities. A block of one or a few doubles on the host, or one of the engine's vectors for a value per weight.
/// </summary>
internal sealed class TunedBlock<TBlock> where TBlock : class, IVector<TBlock>
{
    private readonly Hyperparameter _definition;

    internal TunedBlock(Hyperparameter definition, TBlock zero)
    {
        _definition = definition;
        Raw = zero;
        Real = zero.CreateZero();
        Hypergradient = zero.CreateZero();
        First = zero.CreateZero();
        Second = zero.CreateZero();
        Scratch = zero.CreateZero();
        Raw.Fill(definition.Transform.ToRaw(definition.Initial));
        UpdateReal();
    }

    internal TBlock Raw { get; }

    internal TBlock Real { get; }

    internal TBlock Hypergradient { get; }

    /// <summary>Adam's first moment, or the previous signs.</summary>
    internal TBlock First { get; }

    /// <summary>Adam's second moment, or the step sizes.</summary>
    internal TBlock Second { get; }

    internal TBlock Scratch { get; }

    /// <summary>How many times the meta-optimizer has moved this block.</summary>
    internal long Moves;

    internal void UpdateReal()
    {
        Real.CopyFrom(Raw);
        _definition.Transform.ToReal(Real);
    }

    internal void ApplyChainRule() => _definition.Transform.ApplyChainRule(Real, Hypergradient, Scratch);

    internal void Clamp()
    {
        Raw.Clamp(_definition.Lower, _definition.Upper);
        UpdateReal();
    }

    internal void Shift(double shift)
    {
        Scratch.Fill(shift);
        Raw.Combine(1, 1, Scratch);
        First.Fill(0);
        Clamp();
    }

    internal void Exchange(StateArchive archive)
    {
        archive.Vector(Raw);
        archive.Vector(First);
        archive.Vector(Second);
        archive.Value(ref Moves);
        UpdateReal();
    }
}
