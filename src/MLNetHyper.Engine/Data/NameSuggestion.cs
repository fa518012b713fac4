namespace MLNetHyper.Engine;

/// <summary>What to say when a column, or anything else that goes by a name, does not exist.</summary>
static class NameSuggestion
{
    private const int ListedNames = 10;

    internal static string Missing(string name, IEnumerable<string> existing, string kind = "column")
    {
        string[] names = [.. existing];
        string? nearest = names.MinBy(candidate => Distance(name, candidate));
        // Beyond half of the letters a "suggestion" is only noise.
        if (nearest is not null && Distance(name, nearest) <= Math.Max(1, name.Length / 2))
            return $"there is no {kind} '{name}'. Did you mean '{nearest}'?";
        string listed = string.Join(", ", names.Take(ListedNames).Select(n => $"'{n}'"));
        return $"there is no {kind} '{name}'. The {kind}s are {listed}{(names.Length > ListedNames ? ", …" : "")}.";
    }

    /// <summary>Edits (insert, delete, replace) between two names, ignoring case.</summary>
    private static int Distance(string a, string b)
    {
        a = a.ToUpperInvariant();
        b = b.ToUpperInvariant();
        int[] previous = new int[b.Length + 1];
        int[] current = new int[b.Length + 1];
        for (int j = 0; j <= b.Length; j++)
            previous[j] = j;
        for (int i = 1; i <= a.Length; i++)
        {
            current[0] = i;
            for (int j = 1; j <= b.Length; j++)
                current[j] = Math.Min(Math.Min(current[j - 1], previous[j]) + 1, previous[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1));
            (previous, current) = (current, previous);
        }
        return previous[b.Length];
    }
}
