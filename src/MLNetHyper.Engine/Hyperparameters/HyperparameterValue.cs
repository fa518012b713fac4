namespace MLNetHyper.Engine;

/// <summary>The current value of one hyperparameter as an update rule or a loss uses it, and the hypergradient gathered for it.</summary>
/// <typeparam name="TVector">The engine's flat vector.</typeparam>
/// <remarks>
/// Update rules call <see cref="Multiply"/>, <see cref="AddProduct"/> and <see cref="AddHypergradient(double, TVector, TVector)"/>; objectives read <see cref="Mean"/> or
/// <see cref="Elements"/> and call <see cref="AddHypergradient(int, double)"/> or <see cref="AddHypergradients"/>; the rest belongs to the loop.
/// </remarks>
public abstract class HyperparameterValue<TVector> where TVector : class, IVector<TVector>
{
    private protected HyperparameterValue(Hyperparameter definition) => Definition = definition;

    /// <summary>Its name, transform, bounds and granularity.</summary>
    public Hyperparameter Definition { get; }

    /// <summary>The real value; the mean of the real values where there are several.</summary>
    public abstract double Mean { get; }

    /// <summary>One real value per weight, for an objective's one for each of its numbers; null where it is a single value.</summary>
    public abstract TVector? Elements { get; }

    /// <summary><c>x ← c∘x</c>, with c this value.</summary>
    public void Multiply(TVector x)
    {
        if (Elements is { } elements)
            x.CombineProduct(0, 1, elements, x);
        else
            x.Scale(Mean);
    }

    /// <summary><c>y ← a·y + b·c∘x</c>, with c this value.</summary>
    public void AddProduct(TVector y, double a, double b, TVector x)
    {
        if (Elements is { } elements)
            y.CombineProduct(a, b, elements, x);
        else
            y.Combine(a, b * Mean, x);
    }

    /// <summary>
    /// Adds <c>factor·Σ p∘x</c> to the hypergradient of the real value, the sum running over the weights that share a value.
    /// Does nothing where the hyperparameter is not tuned.
    /// </summary>
    public void AddHypergradient(double factor, TVector p, TVector x)
    {
        if (Gathers)
            Reduce(factor, p, x);
    }

    /// <summary>Whether it takes hypergradients now, so that they are worth computing.</summary>
    internal bool Gathers => Definition.Tuned && !IsHeld;

    /// <summary>Whether hypergradients pass it by for now, so that a method can take those of others by themselves.</summary>
    internal bool IsHeld { get; set; }

    /// <summary>Adds to the hypergradient of the real value of one of the <see cref="Count"/> numbers, where they are few: one for all weights, per tensor, or an objective's single one.</summary>
    /// <exception cref="NotSupportedException">They are many, and gather their hypergradients elementwise.</exception>
    public abstract void AddHypergradient(int index, double amount);

    /// <summary>Adds <c>factor·amounts</c> to the hypergradients of an objective's many numbers.</summary>
    /// <exception cref="NotSupportedException">It is a single value.</exception>
    public virtual void AddHypergradients(double factor, TVector amounts) => throw new NotSupportedException($"'{Definition.Name}' is a single value: give its hypergradient as a number.");

    private protected abstract void Reduce(double factor, TVector p, TVector x);

    /// <summary>The mean of one model's values.</summary>
    internal virtual double MeanOf(int model) => Mean;

    /// <summary>The hypergradient's Euclidean norm.</summary>
    internal abstract double HypergradientNorm { get; }

    /// <summary>The norm of the hypergradient of one model's values.</summary>
    internal virtual double HypergradientNormOf(int model) => HypergradientNorm;

    /// <summary>The weights that share each of its numbers.</summary>
    internal abstract IReadOnlyList<TensorSegment> Segments { get; }

    /// <summary>How many numbers it holds.</summary>
    public abstract int Count { get; }

    internal abstract bool HasFiniteHypergradient(int model);

    internal abstract void ClearHypergradient();

    internal virtual void ClearHypergradient(int model) => ClearHypergradient();

    /// <summary>Turns the hypergradient of the real value into that of the raw value.</summary>
    internal abstract void ApplyChainRule();

    /// <summary>Moves the raw value; call <see cref="Clamp"/> before using the real one.</summary>
    internal abstract void Move(MetaOptimizer optimizer);

    /// <summary>As the other overload, but for the values of models that are frozen. What all models share moves unless all are frozen.</summary>
    internal virtual void Move(MetaOptimizer optimizer, ReadOnlySpan<bool> frozen)
    {
        if (frozen.Contains(false))
            Move(optimizer);
    }

    /// <summary>Clamps the raw value to its bounds and recomputes the real one.</summary>
    internal abstract void Clamp();

    /// <summary>Takes raw values to within bounds for now.</summary>
    internal abstract void LimitRaw(double lower, double upper);

    /// <summary>Adds <paramref name="shift"/> to every raw value, clamped, and forgets the meta-optimizer's momentum.</summary>
    internal abstract void ShiftRaw(double shift);

    /// <summary>As the other overload, for the values of the models that are chosen, at least one. What all models share is shifted once.</summary>
    internal virtual void ShiftRaw(ReadOnlySpan<bool> models, double shift) => ShiftRaw(shift);

    /// <summary>Multiplies the real values by a factor above 0 from now on, in place of the one before.</summary>
    internal abstract void SetFactor(double factor);

    /// <summary>Sets every raw value.</summary>
    internal abstract void SetRaw(double raw);

    /// <summary>Copies the raw values (<see cref="Count"/> of them).</summary>
    internal abstract void CopyRawTo(Span<double> destination);

    /// <summary>Copies the hypergradients (<see cref="Count"/> of them).</summary>
    internal abstract void CopyHypergradientTo(Span<double> destination);

    /// <summary>Sets the raw values (<see cref="Count"/> of them).</summary>
    internal abstract void SetRaw(ReadOnlySpan<double> source);

    internal abstract void Serialize(StateArchive archive);

    /// <summary>The hypergradient as it was added up, before the chain rule.</summary>
    internal abstract void SerializeHypergradient(StateArchive archive);
}
