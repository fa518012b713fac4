namespace MLNetHyper.Search;

/// <summary>The part of a comparison's report that says who catches up, and when.</summary>
internal static class ComparisonStandings
{
    private const string Never = "–";

    internal static void AddTo(Report report, ComparisonResult result)
    {
        string tolerance = CompactNumber.Format(100 * ComparisonResult.NearBestTolerance);
        var table = new ReportTable("The cheapest that was enough", "contestant", "catch-up budget", "over one pass's cost", "near-best budget", "cost", "seconds");
        foreach (ContestantStanding standing in result.Standings)
        {
            ComparisonRow? equal = standing.CatchUp, near = standing.NearBest;
            string[] cells =
            [
                ComparisonReport.Name(result, standing.Method),
                Budget(result, equal), standing.CatchUpFactor is { } factor ? $"{CompactNumber.Format(factor, 2)} ×" : Never,
                Budget(result, near), near is null ? Never : ComparisonReport.Number(near.MeanCost), near is null ? Never : ComparisonReport.Number(near.MeanSeconds),
            ];
            _ = standing.Method == result.OnePass.Method ? table.AddEmphasized(cells) : table.Add(cells);
        }
        report.Heading("Who catches up, and when").Add(table)
            .Paragraph($"Catching up with one pass takes a median as low as its own, {ComparisonReport.Number(result.OnePass.Median)}. Near the best is a median within {tolerance} % of the lowest in this comparison, {ComparisonReport.Number(result.Rows.Min(r => r.Median))}; cost and seconds are what it took to get there. A dash means that it did not get there with what it was given (one pass has nobody to catch up with). The cheapest of several budgets counts, so a search that was lucky at a small one is favored.");
    }

    // A single run has no budget; it takes what it takes.
    private static string Budget(ComparisonResult result, ComparisonRow? row) =>
        row is null ? Never : result.IsSearch(row.Method) ? ComparisonReport.Number(row.Multiple) : "1 run";
}
