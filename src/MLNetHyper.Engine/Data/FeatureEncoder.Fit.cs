namespace MLNetHyper.Engine;

internal sealed partial class FeatureEncoder
{
    /// <summary>Default limit of different texts in a column.</summary>
    public const int DefaultMaximumCategories = 100;

    /// <summary>Learns from a table's rows how to encode its columns. Pass training rows only: see <see cref="Table.Select"/>.</summary>
    /// <param name="table">The training rows.</param>
    /// <param name="ignoredColumns">Columns that are no features, such as the label; null for none.</param>
    /// <param name="maximumCategories">How many different texts a text column may have, at least 1; default <see cref="DefaultMaximumCategories"/>.</param>
    /// <param name="dateColumns">Columns of dates and times, and whether the month comes first in each where that is open; null for none.</param>
    /// <param name="bucketColumns">Columns whose texts share buckets, and how many; null for none.</param>
    /// <exception cref="DataFormatException">An ignored column does not exist, a cell is no date, a text column has too many texts or looks like numbers spoilt by a few texts, a number is infinite, or no column is left that varies.</exception>
    public static FeatureEncoder Fit(Table table, IEnumerable<string>? ignoredColumns = null, int maximumCategories = DefaultMaximumCategories, IReadOnlyDictionary<string, bool>? dateColumns = null, IReadOnlyDictionary<string, int>? bucketColumns = null)
    {
        ArgumentNullException.ThrowIfNull(table);
        ArgumentOutOfRangeException.ThrowIfLessThan(maximumCategories, 1);
        HashSet<string> ignored = new(StringComparer.Ordinal);
        foreach (string name in ignoredColumns ?? [])
            ignored.Add(table[name].Name);

        List<ColumnEncoding> encodings = [];
        List<string> dropped = [];
        foreach (TableColumn column in table.Columns.Where(column => !ignored.Contains(column.Name)))
        {
            ColumnEncoding? encoding = dateColumns?.TryGetValue(column.Name, out bool monthFirst) == true ? DateEncoding.Fit(table, column, monthFirst)
                : column.IsNumeric ? Numbers(table, column)
                : bucketColumns?.TryGetValue(column.Name, out int buckets) == true ? BucketEncoding.Fit(column, buckets)
                : Categories(table, column, maximumCategories);
            if (encoding is null)
                dropped.Add(column.Name);
            else
                encodings.Add(encoding);
        }
        return encodings.Count > 0
            ? new FeatureEncoder([.. encodings], [.. dropped], [.. ignored.Order(StringComparer.Ordinal)])
            : throw table.Error("no feature is left: every column is the label, ignored, or the same in all training rows. Keep a column that varies.");
    }

    /// <summary>Throws if text columns are no features, and names them all at once. For all of a file's rows, so that a bad cell is found wherever it is.</summary>
    /// <returns>Those whose texts are to share buckets, and how many.</returns>
    internal static Dictionary<string, int> CheckTexts(Table table, IEnumerable<string> ignoredColumns, DataOptions options)
    {
        HashSet<string> ignored = [.. ignoredColumns];
        Dictionary<string, int> bucketed = new(StringComparer.Ordinal);
        List<DataFormatException> unusable = [];
        foreach (TableColumn column in table.Columns.Where(column => !column.IsNumeric && !ignored.Contains(column.Name)))
        {
            try
            {
                if (options.BucketColumns.Contains(column.Name) || (options.CategoryBuckets > 0 && TextJudgement.AreManyCategories(table, column, options.MaximumCategories)))
                    bucketed.Add(column.Name, options.CategoryBuckets);
                else
                    Distinct(table, column, options.MaximumCategories);
            }
            catch (DataFormatException exception)
            {
                unusable.Add(exception);
            }
        }
        if (unusable.Count == 1)
            throw unusable[0];
        if (unusable.Count > 1)
        {
            throw new DataFormatException($"{unusable.Count} columns cannot be used as they are. Leave them out with DataOptions.IgnoredColumns, or see to each: {string.Join(" ", unusable.Select((exception, i) => $"({i + 1}) {exception.Problem}"))}", table.Source)
            {
                Columns = [.. unusable.Select(exception => exception.Column!)],
            };
        }
        return bucketed;
    }

    private static NumericEncoding? Numbers(Table table, TableColumn column)
    {
        for (int row = 0; row < column.Count; row++)
        {
            if (double.IsInfinity(column.Numbers[row]))
                throw table.Error(Cell.Infinite(Cell.Format(column.Numbers[row])), row, column.Name);
        }
        ColumnStatistics statistics = ColumnStatistics.Of(column.Numbers);
        // Missing in every row does not vary either.
        bool hasIndicator = statistics.Missing > 0 && statistics.Missing < column.Count;
        return statistics.Deviation > 0 || hasIndicator ? new NumericEncoding(column.Name, statistics.Mean, statistics.Deviation, hasIndicator) : null;
    }

    private static CategoryEncoding? Categories(Table table, TableColumn column, int maximumCategories)
    {
        string[] texts = Distinct(table, column, maximumCategories);
        bool varies = texts.Length > 1 || (texts.Length == 1 && column.Texts.Contains(null));
        return varies ? new CategoryEncoding(column.Name, texts, column.Texts.Contains(null)) : null;
    }

    /// <summary>The categories, or an error if they are rather numbers with mistakes, or names.</summary>
    private static string[] Distinct(Table table, TableColumn column, int maximumCategories)
    {
        TextJudgement.RejectNumbers(table, column);
        string[] texts = CategoryNames.Of(column.Texts);
        if (texts.Length <= maximumCategories)
            return texts;
        TextJudgement judged = TextJudgement.Of(table, column);
        string? looks = judged.Description;
        if (looks is null && TextJudgement.FreeText(column) is { } sentence)
            throw table.Error($"column '{column.Name}' is free text, such as '{Cell.Shown(sentence)}', and nearly every row has a different one: what it says is in its words, which are not categories. Leave it out with DataOptions.IgnoredColumns, first make numbers out of its words (FeaturizeText in ML.NET), or take whole texts as categories with DataOptions.BucketColumns.", column: column.Name);
        throw table.Error($"column '{column.Name}' has {texts.Length} different texts, more than the {maximumCategories} that a feature may have{(looks is null ? "" : $", and {looks}")}. "
            + $"{(looks is null ? "Group them" : judged.LooksLikeDates ? "Name it in DataOptions.DateColumns, which turns it into year, month, day, weekday and hour" : "Write it as numbers")}, leave it out with DataOptions.IgnoredColumns, raise DataOptions.MaximumCategories, or let its texts share features with DataOptions.BucketColumns.", column: column.Name);
    }
}
