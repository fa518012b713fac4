namespace MLNetHyper.Engine;

/// <summary>
/// Numbers that an update rule keeps of each of the independent models, such as a distance that it estimates: doubles on the host,
/// whatever the engine. A rule that needs one elementwise spreads it over a state vector.
/// </summary>
/// <param name="count">How many numbers of each model.</param>
/// <param name="models">The weights of each of the models.</param>
internal sealed class RuleNumbers(int count, IReadOnlyList<TensorSegment> models)
{
    private readonly double[] _values = new double[count * models.Count];

    /// <summary>The weights of each of the models.</summary>
    internal IReadOnlyList<TensorSegment> Models => models;

    /// <summary>One of the numbers, of every model.</summary>
    internal Span<double> this[int number] => _values.AsSpan(number * models.Count, models.Count);

    /// <summary>Sets a number of the models that are chosen.</summary>
    internal void Set(int number, double value, ReadOnlySpan<bool> chosen)
    {
        Span<double> values = this[number];
        for (int k = 0; k < values.Length; k++)
        {
            if (chosen[k])
                values[k] = value;
        }
    }

    /// <summary>Sets all numbers of the models that are chosen to zero.</summary>
    internal void Clear(ReadOnlySpan<bool> chosen)
    {
        for (int number = 0; number < count; number++)
            Set(number, 0, chosen);
    }

    internal void CopyFrom(RuleNumbers other) => other._values.CopyTo(_values, 0);

    internal void Serialize(StateArchive archive) => archive.Values(_values);
}
