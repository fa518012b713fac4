namespace MLNetHyper.Engine;

/// <summary>Sentences about what a table holds that the training rows did not.</summary>
internal static class Surprises
{
    /// <summary>Texts that are none of those seen in training, and missing ones where none were missing.</summary>
    internal static string? OfTexts(Table table, TableColumn column, IEnumerable<string> known, bool sawMissing)
    {
        string?[] sentences = [Unseen(table, column, known), sawMissing ? null : Missing(table, column, "they count as a text that was never seen")];
        return sentences.Any(sentence => sentence is not null) ? string.Join(" ", sentences.OfType<string>()) : null;
    }

    private static string? Unseen(Table table, TableColumn column, IEnumerable<string> known)
    {
        HashSet<string> seen = new(known, StringComparer.Ordinal), unseen = new(StringComparer.Ordinal);
        int rows = 0, first = -1;
        for (int row = 0; row < column.Count; row++)
        {
            if (column.TextAt(row) is not { } text || seen.Contains(text))
                continue;
            unseen.Add(text);
            rows++;
            if (first < 0)
                first = row;
        }
        return rows == 0 ? null : $"column '{column.Name}' has {Count(unseen.Count, "text")} in {Count(rows, "row")} that no training row had, first '{column.TextAt(first)}' in {table.PlaceOf(first)}: they count as \"other\".";
    }

    /// <summary>Missing values where none were missing in training.</summary>
    internal static string? Missing(Table table, TableColumn column, string consequence)
    {
        int[] rows = [.. Enumerable.Range(0, column.Count).Where(column.IsMissing)];
        return rows.Length == 0 ? null : $"column '{column.Name}' is empty in {Count(rows.Length, "row")}, first in {table.PlaceOf(rows[0])}, but was in no training row: {consequence}.";
    }

    /// <summary>Columns that training did not have.</summary>
    internal static string? Further(IReadOnlyCollection<string> columns) =>
        columns.Count == 0 ? null : $"{Count(columns.Count, "column")} that the training data did not have {(columns.Count == 1 ? "is" : "are")} not used: {string.Join(", ", columns)}.";

    private static string Count(int number, string what) => number == 1 ? $"1 {what}" : $"{number} {what}s";
}
