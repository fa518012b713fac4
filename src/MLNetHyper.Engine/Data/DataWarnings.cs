namespace MLNetHyper.Engine;

/// <summary>What there is to know about data before a result is trusted, in sentences.</summary>
static class DataWarnings
{
    /// <summary>Fewer rows in order say nothing.</summary>
    private const int FewestInOrder = 20;

    /// <param name="table">The rows that have a label.</param>
    /// <param name="columns">The whole table's columns that are features.</param>
    /// <param name="encoder">How they become features.</param>
    /// <param name="target">How the label becomes targets.</param>
    /// <param name="trainingRows">Number of rows that train.</param>
    /// <param name="skipped">Number of rows that were left out.</param>
    internal static IReadOnlyList<string> Of(Table table, IEnumerable<TableColumn> columns, FeatureEncoder encoder, TargetEncoder target, int trainingRows, int skipped)
    {
        TableColumn label = table[target.LabelColumn];
        List<string> warnings = [];
        if (skipped > 0)
            warnings.Add($"skipped {skipped} rows whose label or weight is missing{LabelWarnings.MissingWords(label, target.Task)}.");
        warnings.AddRange(LabelWarnings.Of(table, label, target));
        HashSet<string> used = [.. encoder.Columns];
        foreach (TableColumn column in columns.Where(column => used.Contains(column.Name)))
        {
            TableColumn labeled = table[column.Name];
            warnings.AddRange(column.IsNumeric ? OfNumbers(table, column, labeled) : OfTexts(table, labeled));
            if (LabelLeak.Describe(labeled, label, target) is string leak)
                warnings.Add($"column '{column.Name}' alone {leak} label '{label.Name}': if it is not known before the label is, leave it out with DataOptions.IgnoredColumns.");
        }
        if (encoder.DroppedColumns.Count > 0)
            warnings.Add($"these columns do not vary in the training rows and are not used: {string.Join(", ", encoder.DroppedColumns)}.");
        warnings.AddRange(encoder.Buckets.Where(column => column.Texts > column.Buckets).Select(column => $"column '{column.Column}' has {column.Texts} different texts in the training rows: they share {column.Buckets} features, none of the most frequent ones with another. DataOptions.CategoryBuckets says how many features, DataOptions.MaximumCategories from how many texts on, and DataOptions.IgnoredColumns leaves the column out."));
        if (trainingRows < encoder.InputCount)
        {
            (string name, int width) = encoder.TextWidths.DefaultIfEmpty().MaxBy(entry => entry.Features);
            string texts = width > 1 ? $", of which column '{name}' alone makes {width}" : "";
            warnings.Add($"{trainingRows} training rows are fewer than the {encoder.InputCount} features{texts}: many models fit these rows, but few of them fit others. Add rows, or leave columns out with DataOptions.IgnoredColumns.");
        }
        return warnings;
    }

    private static IEnumerable<string> OfNumbers(Table table, TableColumn column, TableColumn labeled)
    {
        string name = $"column '{column.Name}'";
        if (column.Notes.IsUnnamed)
            yield return $"{name} has no name in the header; it is used as a feature. Name it, or leave it out with DataOptions.IgnoredColumns under this name.";
        if (column.Notes.Codes is { } codes)
            yield return $"{name} has {codes.Count} numbers with leading zeros or more than 15 digits, the first of them '{Cell.Shown(codes.Text)}' in {codes.Place}. They are used as numbers, of which a double keeps 15 digits; if they are codes, name the column in CsvOptions.TextColumns.";
        if (column.Notes.TypographicMinus is { } minus)
            yield return $"{name} has {minus.Count} numbers with the minus sign U+2212, the first of them '{Cell.Shown(minus.Text)}' in {minus.Place}; they were read as negative.";
        if (AreDates(labeled.Numbers))
            yield return $"{name} looks like dates written as whole numbers, such as {Cell.Format(labeled.Numbers[0])}: as quantities they jump at the end of each month and year. Name it in DataOptions.DateColumns, or leave it out with DataOptions.IgnoredColumns.";
        else if (IsRowNumber(labeled.Numbers))
            yield return $"{name} has {labeled.Count} different whole numbers in order, like row numbers or identifiers: if it is one of these, leave it out with DataOptions.IgnoredColumns.";
        else if (Identifiers.AreNumbers(column.Name, labeled.Numbers))
            yield return $"{name} has a different whole number in each of {labeled.Count} rows, like identifiers: if it is one, leave it out with DataOptions.IgnoredColumns.";
    }

    internal static IEnumerable<string> OfTexts(Table table, TableColumn column)
    {
        if (column.Notes.IsUnnamed)
            yield return $"column '{column.Name}' has no name in the header; it is used as a feature. Name it, or leave it out with DataOptions.IgnoredColumns under this name.";
        int count = CategoryNames.Of(column.Texts).Length;
        TextJudgement judged = TextJudgement.Of(table, column);
        if (judged.LooksLikeDates)
            yield return $"column '{column.Name}' {judged.Description}: its {count} texts are categories, and any other will be unknown. Name it in DataOptions.DateColumns, which turns it into year, month, day, weekday and hour, or leave it out with DataOptions.IgnoredColumns.";
        else if (judged.IsMostlyNumbers && !column.MeantAsText)
            yield return $"column '{column.Name}' {judged.Description}: its {count} texts are categories. If they are numbers, name the column in CsvOptions.NumericColumns, which refuses the others; if not, in CsvOptions.TextColumns.";
        if (Identifiers.AreTexts(column.Texts))
            yield return $"column '{column.Name}' has a different text in each of {column.Count} rows, like names or identifiers: it says nothing about new rows. Leave it out with DataOptions.IgnoredColumns.";
        if (SpellingWarning(table, column) is string spelling)
            yield return spelling;
    }

    /// <summary>Texts that differ only in upper and lower case, or in spaces; true and false are one however they are written.</summary>
    private static string? SpellingWarning(Table table, TableColumn column)
    {
        string[] names = CategoryNames.Of(column.Texts);
        if (names.All(CategoryNames.IsBoolean))
            return null;
        string[][] alike = [.. names.GroupBy(name => string.Join(' ', name.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)).ToUpperInvariant(), StringComparer.Ordinal).Where(group => group.Count() > 1).Select(group => group.ToArray())];
        if (alike.Length == 0)
            return null;
        string[] texts = column.Texts.ToArray()!;
        string Shown(string text) => $"'{Cell.Shown(text)}' ({texts.Count(other => other == text)} rows, first in {table.PlaceOf(Array.IndexOf(texts, text))})";
        return $"column '{column.Name}' has {alike.Sum(group => group.Length)} texts that differ only in upper and lower case or in spaces, such as {Shown(alike[0][0])} and {Shown(alike[0][1])}: each counts as a text of its own. Write them the same way.";
    }

    /// <summary>Whether all are days such as 20240131.</summary>
    private static bool AreDates(ReadOnlySpan<double> numbers)
    {
        foreach (double number in numbers)
        {
            if (!(number is > 15000000 and < 30000000 && Math.Floor(number) == number && (int)number / 100 % 100 is >= 1 and <= 12 && (int)number % 100 is >= 1 and <= 31))
                return false;
        }
        return numbers.Length > 0;
    }

    private static bool IsRowNumber(ReadOnlySpan<double> numbers)
    {
        if (numbers.Length < FewestInOrder)
            return false;
        bool ascends = numbers[1] > numbers[0];
        for (int row = 0; row < numbers.Length; row++)
        {
            // A missing number is neither whole nor in order.
            if (Math.Floor(numbers[row]) != numbers[row] || (row > 0 && !(ascends ? numbers[row] > numbers[row - 1] : numbers[row] < numbers[row - 1])))
                return false;
        }
        return true;
    }
}
