namespace MLNetHyper.Engine;

/// <summary>The names of categories and classes: texts as they are, but true and false are one boolean however they are written.</summary>
static class CategoryNames
{
    /// <summary>The different texts in ordinal order; several spellings of true or of false become one.</summary>
    internal static string[] Of(ReadOnlySpan<string?> texts)
    {
        HashSet<string> distinct = new(StringComparer.Ordinal);
        foreach (string? text in texts)
        {
            if (text is not null)
                distinct.Add(text);
        }
        bool severalSpellings = distinct.All(IsBoolean) && distinct.Distinct(StringComparer.OrdinalIgnoreCase).Count() < distinct.Count;
        return [.. (severalSpellings ? distinct.Select(text => text.ToLowerInvariant()).Distinct() : distinct).Order(StringComparer.Ordinal)];
    }

    /// <summary>How a text is compared with the names.</summary>
    internal static StringComparer Comparer(IReadOnlyCollection<string> names) =>
        // Older models may have several spellings as several classes.
        names.All(IsBoolean) && names.Distinct(StringComparer.OrdinalIgnoreCase).Count() == names.Count ? StringComparer.OrdinalIgnoreCase : StringComparer.Ordinal;

    internal static bool IsBoolean(string text) => text.Equals("true", StringComparison.OrdinalIgnoreCase) || text.Equals("false", StringComparison.OrdinalIgnoreCase);
}
