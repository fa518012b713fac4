namespace MLNetHyper.Engine;

/// <summary>Recognizes columns that name rows rather than tell of them.</summary>
static class Identifiers
{
    /// <summary>Fewer rows may all differ by chance.</summary>
    private const int Fewest = 20;

    /// <summary>Of quantities spread evenly over their range, so many pairs would be alike.</summary>
    private const double ExpectedPairs = 20;

    private static readonly string[] _words = ["id", "ids", "key", "uuid", "guid", "identifier", "rowid", "index", "nr", "no", "number", "code"];

    /// <summary>
    /// Whether a whole number stands in every row and none twice, although the column is called an identifier, or numbers so close together would by chance have
    /// been alike in several pairs of rows: <c>n (n - 1) / 2</c> pairs, each with chance one in the range.
    /// </summary>
    internal static bool AreNumbers(string name, ReadOnlySpan<double> numbers)
    {
        if (numbers.Length < Fewest)
            return false;
        HashSet<double> seen = [];
        (double least, double greatest) = (double.PositiveInfinity, double.NegativeInfinity);
        foreach (double number in numbers)
        {
            // A missing number is not whole either.
            if (Math.Floor(number) != number || !seen.Add(number))
                return false;
            (least, greatest) = (Math.Min(least, number), Math.Max(greatest, number));
        }
        double pairs = numbers.Length * (numbers.Length - 1.0) / 2;
        return pairs / (greatest - least + 1) >= ExpectedPairs || Words(name).Any(word => _words.Contains(word, StringComparer.OrdinalIgnoreCase));
    }

    /// <summary>Whether a text stands in every row and none twice.</summary>
    internal static bool AreTexts(ReadOnlySpan<string?> texts)
    {
        if (texts.Length < Fewest)
            return false;
        HashSet<string> seen = new(StringComparer.Ordinal);
        foreach (string? text in texts)
        {
            if (text is null || !seen.Add(text))
                return false;
        }
        return true;
    }

    /// <summary>"customerId", "customer_id" and "Customer ID" have the word id.</summary>
    private static IEnumerable<string> Words(string name)
    {
        int start = 0;
        for (int i = 1; i <= name.Length; i++)
        {
            if (i < name.Length && char.IsLetter(name[i]) == char.IsLetter(name[i - 1]) && !(char.IsUpper(name[i]) && char.IsLower(name[i - 1])))
                continue;
            yield return name[start..i];
            start = i;
        }
    }
}
