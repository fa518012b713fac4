using System.Globalization;

namespace MLNetHyper.Engine;

/// <summary>What to say when a column, or anything else that goes by a name, does not exist.</summary>
internal static class NameSuggestion
{
    private const int ListedNames = 10;

    /// <summary>"there is no column 'pirce'. Did you mean 'price'?", or a list of what there is where nothing is near.</summary>
    /// <param name="name">The name that was not found.</param>
    /// <param name="existing">The names that there are.</param>
    /// <param name="kind">What the names are of.</param>
    public static string Missing(string name, IEnumerable<string> existing, string kind = "column")
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(existing);
        string[] names = [.. existing];
        if (names.FirstOrDefault(candidate => IsComposedDifferently(name, candidate)) is string composed)
            return $"there is no {kind} '{name}'. There is '{composed}', whose letters are composed differently (an accent may be part of its letter or a character behind it). Write it the same way in both places, for example by copying it.";
        string? nearest = names.MinBy(candidate => Distance(name, candidate));
        // Beyond a third of the letters, or with none in common, a "suggestion" is only noise.
        if (nearest is not null && Distance(name, nearest) is var distance && distance <= Math.Max(1, name.TrimStart('-').Length / 3) && distance < Math.Max(name.Length, nearest.Length))
            return $"there is no {kind} '{name}'. Did you mean '{nearest}'?";
        string listed = string.Join(", ", names.Take(ListedNames).Select(n => $"'{n}'"));
        return $"there is no {kind} '{name}'. The {kind}s are {listed}{(names.Length > ListedNames ? ", …" : "")}.";
    }

    /// <summary>
    /// Whether two names look alike, though one has whole letters where the other has letters and combining marks (Unicode's NFC and NFD). Told without
    /// Unicode's tables, which a program of invariant culture does not have: the rest must be equal.
    /// </summary>
    private static bool IsComposedDifferently(string a, string b)
    {
        if (a.Length < b.Length)
            (a, b) = (b, a);
        int i = 0, j = 0;
        bool differs = false;
        while (i < a.Length && j < b.Length)
        {
            int marks = 0;
            while (i + 1 + marks < a.Length && char.GetUnicodeCategory(a[i + 1 + marks]) == UnicodeCategory.NonSpacingMark)
                marks++;
            if (a[i] == b[j])
                marks = 0;
            else if (marks == 0 || b[j] < 0x80)
                return false;
            differs |= marks > 0;
            i += 1 + marks;
            j++;
        }
        return differs && i == a.Length && j == b.Length;
    }

    // One letter in two, but two letters on many a keyboard.
    private static string Capitals(string name) => name.ToUpperInvariant().Replace("ß", "SS", StringComparison.Ordinal);

    /// <summary>Edits (insert, delete, replace, swap two neighbors) between two names, ignoring case; no letter is edited twice (optimal string alignment).</summary>
    private static int Distance(string a, string b)
    {
        a = Capitals(a);
        b = Capitals(b);
        int[] before = new int[b.Length + 1];
        int[] previous = new int[b.Length + 1];
        int[] current = new int[b.Length + 1];
        for (int j = 0; j <= b.Length; j++)
            previous[j] = j;
        for (int i = 1; i <= a.Length; i++)
        {
            current[0] = i;
            for (int j = 1; j <= b.Length; j++)
            {
                current[j] = Math.Min(Math.Min(current[j - 1], previous[j]) + 1, previous[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1));
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                    current[j] = Math.Min(current[j], before[j - 2] + 1);
            }
            (before, previous, current) = (previous, current, before);
        }
        return previous[b.Length];
    }
}
