using System.Collections;

namespace MLNetHyper.Engine;

/// <summary>The current values of all hyperparameters of one run.</summary>
/// <typeparam name="TVector">The engine's flat vector.</typeparam>
public sealed class HyperparameterSet<TVector> : IReadOnlyList<HyperparameterValue<TVector>> where TVector : class, IVector<TVector>
{
    private readonly HyperparameterValue<TVector>[] _values;

    /// <param name="definitions">Where they start, and how fine they are: the update rule's, then the objective's.</param>
    /// <param name="tensors">The weights that share a value per tensor.</param>
    /// <param name="like">A vector of the weights' length.</param>
    /// <param name="models">Independent models, each with values of its own where a tensor is all of a model; null for one model.</param>
    /// <param name="ofObjective">How many of the definitions, at the end, are the objective's.</param>
    /// <param name="create">Makes a vector of so many zeros, for an objective's that consist of several numbers.</param>
    internal HyperparameterSet(
        IReadOnlyList<Hyperparameter> definitions, IReadOnlyList<TensorSegment> tensors, TVector like, IReadOnlyList<TensorSegment>? models = null, int ofObjective = 0, Func<int, TVector>? create = null)
    {
        _values = new HyperparameterValue<TVector>[definitions.Count];
        for (int i = 0; i < _values.Length; i++)
        {
            Hyperparameter definition = definitions[i];
            if (definition.Fault() is { } fault)
                throw new ArgumentException(fault, nameof(definitions));
            _values[i] = definition.Count > 1 ? new ElementwiseValue<TVector>(definition, create!(definition.Count))
                : definition.Granularity == Granularity.PerWeight ? new ElementwiseValue<TVector>(definition, like)
                : new SharedValue<TVector>(definition, tensors, like, models ?? []);
        }
        OfObjective = new ArraySegment<HyperparameterValue<TVector>>(_values, _values.Length - ofObjective, ofObjective);
    }

    /// <summary>Those that belong to the objective's training loss.</summary>
    public IReadOnlyList<HyperparameterValue<TVector>> OfObjective { get; }

    /// <summary>Whether any of these takes hypergradients.</summary>
    internal bool TunesObjective
    {
        get
        {
            // Asked at every hyperparameter step: nothing is allocated.
            for (int i = 0; i < OfObjective.Count; i++)
            {
                if (OfObjective[i] is { IsHeld: false, Definition.Tuned: true })
                    return true;
            }
            return false;
        }
    }

    /// <inheritdoc/>
    public int Count => _values.Length;

    /// <inheritdoc/>
    public HyperparameterValue<TVector> this[int index] => _values[index];

    /// <summary>The value of the hyperparameter called <paramref name="name"/>.</summary>
    /// <exception cref="KeyNotFoundException">There is none of that name.</exception>
    public HyperparameterValue<TVector> this[string name]
    {
        get
        {
            foreach (HyperparameterValue<TVector> value in _values)
            {
                if (value.Definition.Name == name)
                    return value;
            }
            throw new KeyNotFoundException($"There is no hyperparameter '{name}'; there are {string.Join(", ", _values.Select(v => v.Definition.Name))}.");
        }
    }

    internal void ClearHypergradients()
    {
        foreach (HyperparameterValue<TVector> value in _values)
            value.ClearHypergradient();
    }

    internal void ClearHypergradients(int model)
    {
        foreach (HyperparameterValue<TVector> value in _values)
            value.ClearHypergradient(model);
    }

    /// <summary>Turns the gathered hypergradients into those of the raw values.</summary>
    internal void ApplyChainRule()
    {
        foreach (HyperparameterValue<TVector> value in _values)
        {
            if (value.Definition.Tuned)
                value.ApplyChainRule();
        }
    }

    /// <summary>Whether all hypergradients of a model's values are finite.</summary>
    internal bool HasFiniteHypergradients(int model)
    {
        foreach (HyperparameterValue<TVector> value in _values)
        {
            if (value.Definition.Tuned && !value.HasFiniteHypergradient(model))
                return false;
        }
        return true;
    }

    /// <summary>Moves the tuned values, but for those of models that are frozen.</summary>
    internal void Move(MetaOptimizer optimizer, ReadOnlySpan<bool> frozen)
    {
        foreach (HyperparameterValue<TVector> value in _values)
        {
            if (value.Definition.Tuned)
                value.Move(optimizer, frozen);
        }
    }

    internal void Clamp()
    {
        foreach (HyperparameterValue<TVector> value in _values)
        {
            if (value.Definition.Tuned)
                value.Clamp();
        }
    }

    /// <summary>Copies one model's real values to a set that is of that model alone, where none has values per weight.</summary>
    internal void CopyTo(int model, HyperparameterSet<TVector> own)
    {
        for (int i = 0; i < _values.Length; i++)
            ((SharedValue<TVector>)_values[i]).CopyTo(model, (SharedValue<TVector>)own._values[i]);
    }

    /// <summary>Adds the hypergradients of such a set.</summary>
    internal void AddHypergradientsOf(int model, HyperparameterSet<TVector> own)
    {
        for (int i = 0; i < _values.Length; i++)
            ((SharedValue<TVector>)_values[i]).AddHypergradientsOf(model, (SharedValue<TVector>)own._values[i]);
    }

    internal void Serialize(StateArchive archive)
    {
        foreach (HyperparameterValue<TVector> value in _values)
            value.Serialize(archive);
    }

    /// <summary>The hypergradients of the tuned values.</summary>
    internal void SerializeHypergradients(StateArchive archive)
    {
        foreach (HyperparameterValue<TVector> value in _values)
        {
            if (value.Definition.Tuned)
                value.SerializeHypergradient(archive);
        }
    }

    /// <inheritdoc/>
    public IEnumerator<HyperparameterValue<TVector>> GetEnumerator() => ((IEnumerable<HyperparameterValue<TVector>>)_values).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
