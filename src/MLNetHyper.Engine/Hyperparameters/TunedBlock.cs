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
        if (definition.InitialValues is { } values)
            Raw.CopyFrom([.. values.Select(definition.Transform.ToRaw)]);
        else
            Raw.Fill(definition.Transform.ToRaw(definition.Initial));
        UpdateReal();
    }

    /// <summary>Whether it is one of an objective's hyperparameters that consist of several numbers.</summary>
    internal bool IsOfSeveral => _definition.Count > 1;

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

    /// <summary>What real values are multiplied by, above 0: a schedule's, which is no part of what is tuned.</summary>
    internal double Factor
    {
        get;
        set
        {
            field = value;
            UpdateReal();
        }
    } = 1;

    internal void UpdateReal()
    {
        Real.CopyFrom(Raw);
        _definition.Transform.ToReal(Real);
        if (Factor != 1)
            Real.Scale(Factor);
    }

    internal void ApplyChainRule()
    {
        if (Factor != 1)
        {
            Real.Scale(1 / Factor);
            Hypergradient.Scale(Factor);
        }
        _definition.Transform.ApplyChainRule(Real, Hypergradient, Scratch);
        if (Factor != 1)
            UpdateReal();
    }

    internal void Clamp() => Limit(_definition.Lower, _definition.Upper);

    internal void Limit(double lower, double upper)
    {
        Raw.Clamp(lower, upper);
        UpdateReal();
    }

    internal void Shift(double shift)
    {
        Scratch.Fill(shift);
        Raw.Combine(1, 1, Scratch);
        First.Fill(0);
        Clamp();
    }

    /// <summary>Takes over what a meta-optimizer moves.</summary>
    internal void CopyFrom(TunedBlock<TBlock> other)
    {
        Raw.CopyFrom(other.Raw);
        First.CopyFrom(other.First);
        Second.CopyFrom(other.Second);
    }

    /// <summary>The same for the elements that are chosen.</summary>
    internal void CopyFrom(TunedBlock<TBlock> other, ReadOnlySpan<bool> chosen)
    {
        for (int i = 0; i < chosen.Length; i++)
        {
            if (!chosen[i])
                continue;
            Raw.CopyFrom(other.Raw, i, 1);
            First.CopyFrom(other.First, i, 1);
            Second.CopyFrom(other.Second, i, 1);
        }
    }

    internal void Serialize(StateArchive archive)
    {
        archive.Vector(Raw);
        archive.Vector(First);
        archive.Vector(Second);
        archive.Value(ref Moves);
        UpdateReal();
    }
}
