using System.Collections;

namespace MLNetHyper.Engine;

/// <summary>The current values of all hyperparameters of one run.</summary>
/// <typeparam name="TVector">The engine's flat vector.</typeparam>
public sealed class HyperparameterSet<TVector> : IReadOnlyList<HyperparameterValue<TVector>> where TVector : class, IVector<TVector>
{
    private readonly HyperparameterValue<TVector>[] _values;

    internal HyperparameterSet(IReadOnlyList<Hyperparameter> definitions, IReadOnlyList<TensorSegment> tensors, TVector like)
    {
        _values = new HyperparameterValue<TVector>[definitions.Count];
        for (int i = 0; i < _values.Length; i++)
        {
            Hyperparameter definition = definitions[i];
            if (definition.Fault() is { } fault)
                throw new ArgumentException(fault, nameof(definitions));
            _values[i] = definition.Granularity == Granularity.PerWeight
                ? new ElementwiseValue<TVector>(definition, like)
                : new SharedValue<TVector>(definition, tensors, like);
        }
    }

    /// <inheritdoc/>
    public int Count => _values.Length;

    /// <inheritdoc/>
    public HyperparameterValue<TVector> this[int index] => _values[index];

    /// <summary>The value of the hyperparameter called <paramref name="name"/>.</summary>
    /// <exception cref="KeyNotFoundException">The update rule has none of that name.</exception>
    public HyperparameterValue<TVector> this[string name]
    {
        get
        {
            foreach (HyperparameterValue<TVector> value in _values)
            {
                if (value.Definition.Name == name)
                    return value;
            }
            throw new KeyNotFoundException($"The update rule has no hyperparameter '{name}'; it has {string.Join(", ", _values.Select(v => v.Definition.Name))}.");
        }
    }

    internal void ClearHypergradients()
    {
        foreach (HyperparameterValue<TVector> value in _values)
            value.ClearHypergradient();
    }

    /// <summary>Turns the gathered hypergradients into those of the raw values; false if any is not finite.</summary>
    internal bool ApplyChainRule()
    {
        bool finite = true;
        foreach (HyperparameterValue<TVector> value in _values)
        {
            if (!value.Definition.Tuned)
                continue;
            value.ApplyChainRule();
            finite &= value.HasFiniteHypergradient;
        }
        return finite;
    }

    internal void Move(MetaOptimizer optimizer)
    {
        foreach (HyperparameterValue<TVector> value in _values)
        {
            if (value.Definition.Tuned)
                value.Move(optimizer);
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

    internal void Exchange(StateArchive archive)
    {
        foreach (HyperparameterValue<TVector> value in _values)
            value.Exchange(archive);
    }

    /// <inheritdoc/>
    public IEnumerator<HyperparameterValue<TVector>> GetEnumerator() => ((IEnumerable<HyperparameterValue<TVector>>)_values).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
