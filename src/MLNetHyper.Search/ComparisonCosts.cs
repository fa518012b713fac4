namespace MLNetHyper.Search;

/// <summary>The part of a comparison's report that sets errors against what they cost.</summary>
internal static class ComparisonCosts
{
    private const int MostBands = 3;
    private const string CostLabel = "cost in plain trainings";

    internal static void AddTo(Report report, ComparisonResult result)
    {
        report.Heading("Error against cost").Add(Chart(result));
        if (AreMany(result))
            report.Add([.. result.Options.Searches.Select(search => Chart(result, search.Name))]);
    }

    /// <summary>Whether the searches' bands would hide each other.</summary>
    private static bool AreMany(ComparisonResult result) => result.Options.Searches.Count > MostBands;

    private static LineChart Chart(ComparisonResult result)
    {
        string bands = AreMany(result) ? "; the smaller pictures show the spread" : "; shaded: the middle half of the repeats";
        return Chart(result, new LineChart($"Median test {result.ErrorName} against cost", $"Lower and further left is better. Lines: what a search delivers for its budget{bands}. Marks: single runs, side by side where costs are equal; whiskers: their middle half. The dashed line is what one pass reached; a search has caught up where a point of its line is no higher.")
        {
            XLabel = CostLabel,
            YLabel = $"test {result.ErrorName}",
            XScale = AxisScale.Logarithmic,
            YScale = AxisScale.Logarithmic,
        }, result.Rows, hasBands: !AreMany(result)).Reference(result.OnePass.Median, "reached in one pass");
    }

    /// <summary>One search beside the single runs with the same start, on the axes of all.</summary>
    private static LineChart Chart(ComparisonResult result, string search) =>
        Chart(result, new LineChart(search, "Shaded area and whiskers: the middle half of the repeats.")
        {
            XLabel = CostLabel,
            YLabel = $"test {result.ErrorName}",
            XScale = AxisScale.Logarithmic,
            YScale = AxisScale.Logarithmic,
            XAxisIncludes = [.. result.Rows.Select(r => r.MeanCost)],
            YAxisIncludes = [.. result.Rows.SelectMany(r => new[] { r.LowerQuartile, r.UpperQuartile })],
        }, result.Rows.Where(r => r.Method == search || r == result.OnePass || r == result.PlainTraining), hasBands: true).Reference(result.OnePass.Median, ComparisonReport.OnePassName);

    private static LineChart Chart(ComparisonResult result, LineChart chart, IEnumerable<ComparisonRow> shown, bool hasBands)
    {
        foreach (IGrouping<string, ComparisonRow> rows in shown.GroupBy(r => r.Method))
        {
            bool search = result.IsSearch(rows.Key);
            chart.Add(new LineSeries(ComparisonReport.Name(result, rows.Key), [.. rows.Select(r => r.MeanCost)], [.. rows.Select(r => r.Median)])
            {
                Band = search && !hasBands ? null : new([.. rows.Select(r => r.LowerQuartile)], [.. rows.Select(r => r.UpperQuartile)]),
                Markers = search,
                Whiskers = !search,
            });
        }
        return chart;
    }
}
