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
        if (result.Rivals.Count > 0)
        {
            report.Heading("Table by table").Paragraph($"The error of {result.Options.Contestants[0].Name} divided by the other's, division by division, with the interval that holds the true ratio in 95 of 100 cases; left of 1, {result.Options.Contestants[0].Name} is better. Filled where the interval leaves out 1, hollow where chance may be all there is to it.")
                .Add([.. result.Rivals.Select(rival => Beside(result, rival))]);
        }
        report.Heading("Errors").Add(Table("Mean test error of every table", result.ToTable()));
        report.Paragraph(result.Note);
        return report.Heading("The command that made this report").Preformatted(command);
    }

    private static IntervalChart Beside(SuiteResult result, SuiteRival rival)
    {
        var chart = new IntervalChart($"Beside {rival.Name}", $"Beyond chance better on {rival.SurelyBetter}, worse on {rival.SurelyWorse} of {result.Tables.Count} tables.") { ValueLabel = "ratio of errors", ValueScale = AxisScale.Logarithmic, Reference = 1 };
        foreach ((SuiteTable table, PairedDifference difference) in result.Tables.Zip(rival.Differences))
            chart.Add(table.Name, difference.Ratio, difference.Lower, difference.Upper);
        return chart;
    }

    private static ReportTable Table(string caption, IReadOnlyList<string[]> rows)
    {
        var table = new ReportTable(caption, rows[0]);
        foreach (string[] row in rows.Skip(1))
            table.Add(row);
        return table;
    }
}
