namespace MLNetHyper.Cli;

/// <summary>The data that a run was trained on, as a part of its report: what became of rows and columns, and what is missing in them.</summary>
internal static class DataSummary
{
    private const int MostColumns = 40;
    private const int MostTexts = 4;

    internal static void AddTo(Report report, TrainRun run)
    {
        Table table = run.Table;
        report.Heading("The data").Add(Rows(run));
        int left = table.Columns.Count - MostColumns;
        var columns = new ReportTable(IsSample(run) ? $"Columns, and how many of {CompactNumber.Format(table.RowCount)} rows, a sample of all, have no value there" : "Columns, and how many rows have no value there", "column", "used as", "features", "gaps", "values");
        foreach (TableColumn column in table.Columns.Take(MostColumns))
            columns.Add([column.Name, .. Describe(run, column)]);
        report.Add(columns);
        if (left > 0)
            report.Paragraph($"{Words.Count(left, "further column")}, with {Words.Count(table.Columns.Skip(MostColumns).Sum(column => (long)Gaps(column)), "gap")}, of which {table.Columns.Skip(MostColumns).Count(column => run.Prepared.Features.Columns.Contains(column.Name))} are features.");
    }

    private static ReportTable Rows(TrainRun run)
    {
        PreparedData<float> data = run.Prepared;
        string caption = run.Options.MemberCount > 1 && data.ValidatesAtRandom && !IsSample(run) ? "Rows; which of them validate differs from network to network" : "Rows";
        var rows = new ReportTable(caption, "rows that", "number");
        rows.Add("train", CompactNumber.Format(data.TrainingCount)).Add("validate", CompactNumber.Format(data.ValidationRows.Count)).Add("test", CompactNumber.Format(data.TestRows.Count));
        return rows.Add("are left out, since the label or the weight is missing", CompactNumber.Format(data.SkippedRows));
    }

    /// <summary>Whether the table is but a part of the rows, since all do not fit in memory.</summary>
    private static bool IsSample(TrainRun run) => run.Prepared.Training is not Examples<float> { Share: null };

    private static string[] Describe(TrainRun run, TableColumn column)
    {
        string gaps = CompactNumber.Format(Gaps(column));
        string Unused(string why) => run.Data.LabelColumn == column.Name ? "label" : run.Data.WeightColumn == column.Name ? "weight" : why;
        return run.Prepared.Features.Encodings.FirstOrDefault(encoding => encoding.Column == column.Name) switch
        {
            CategoryEncoding categories => [categories.Categories.Count == 1 ? "1 category" : $"{CompactNumber.Format(categories.Categories.Count)} categories", Number(categories), gaps, Texts(categories.Categories)],
            BucketEncoding buckets => [$"{CompactNumber.Format(buckets.Categories.Count)} categories in {Words.Count(buckets.Buckets, "bucket")}", CompactNumber.Format(buckets.Indicators), gaps, Texts(buckets.Categories)],
            DateEncoding dates => ["date", Number(dates), gaps, Values(column)],
            { } number => ["number", Number(number), gaps, Values(column)],
            null when run.Data.IgnoredColumns.Contains(column.Name) => [Unused("left out by --drop"), "–", gaps, Values(column)],
            _ => [Unused("nothing, since it does not vary"), "–", gaps, Values(column)],
        };
    }

    private static string Number(ColumnEncoding encoding) => CompactNumber.Format(encoding.Features.Count);

    private static string Values(TableColumn column)
    {
        if (!column.IsNumeric)
            return Texts([.. column.Texts.ToArray().OfType<string>().Distinct().Order(StringComparer.Ordinal)]);
        double[] numbers = [.. column.Numbers.ToArray().Where(double.IsFinite)];
        return numbers.Length == 0 ? "–" : $"{CompactNumber.Format(numbers.Min())} to {CompactNumber.Format(numbers.Max())}";
    }

    private static string Texts(IReadOnlyList<string> texts) =>
        texts.Count == 0 ? "–" : string.Join(", ", texts.Take(MostTexts)) + (texts.Count > MostTexts ? $" and {CompactNumber.Format(texts.Count - MostTexts)} more" : "");

    private static int Gaps(TableColumn column) => Enumerable.Range(0, column.Count).Count(column.IsMissing);
}
