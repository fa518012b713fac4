namespace MLNetHyper.Engine;

/// <summary>What can be chosen by name.</summary>
/// <param name="kind">What there is none of, in a message.</param>
/// <param name="entries">The choices, and what makes them.</param>
internal sealed class Registry<T>(string kind, params (NamedChoice Choice, T Value)[] entries)
{
    internal IReadOnlyList<NamedChoice> Choices { get; } = [.. entries.Select(entry => entry.Choice)];

    /// <exception cref="ArgumentException">There is none of that name; the message suggests the nearest.</exception>
    internal T Find(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        int index = Array.FindIndex(entries, entry => entry.Choice.Name == name);
        return index >= 0 ? entries[index].Value : throw new ArgumentException(NameSuggestion.Missing(name, Choices.Select(choice => choice.Name), kind));
    }
}
