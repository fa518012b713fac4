namespace MLNetHyper.Search;

/// <summary>A suite as a page.</summary>
public static class SuiteReport
{
    /// <summary>Creates the report.</summary>
    /// <param name="result">The suite.</param>
    /// <param name="command">The command line or code that makes it again.</param>
    public static Report Create(SuiteResult result, string command)
    {
        ArgumentNullException.ThrowIfNull(result);
        ArgumentException.ThrowIfNullOrWhiteSpace(command);
        var report = new Report($"{result.Options.Contestants[0].Name} on {result.Tables.Count} tables");
        report.Add(Table("Beside the other contestants, over all tables", result.ToSummaryTable()));
        report.Add(Table("Mean test error of every table", result.ToTable()));
        report.Paragraph(result.Note);
        return report.Heading("The command that made this report").Preformatted(command);
    }

    private static ReportTable Table(string caption, IReadOnlyList<string[]> rows)
    {
        var table = new ReportTable(caption, rows[0]);
        foreach (string[] row in rows.Skip(1))
            table.Add(row);
        return table;
    }
}
