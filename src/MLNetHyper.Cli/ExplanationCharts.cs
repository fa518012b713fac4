namespace MLNetHyper.Cli;

/// <summary>An explanation as pictures of a report.</summary>
internal static class ExplanationCharts
{
    private const int MostColumns = 12;
    private const int MostClasses = 8;

    internal static Report Add(this Report report, Explanation explanation)
    {
        if (explanation.Importance.Count > 0)
        {
            int left = explanation.Importance.Count - MostColumns;
            report.Heading("What the model relies on").Add(Importance(explanation));
            if (left > 0)
                report.Paragraph($"{left} further columns matter less; 'onepass explain' lists them.");
        }
        if (explanation.Dependences.Count > 0)
            report.Heading("How predictions depend on columns");
        PartialDependence[] lines = [.. explanation.Dependences.Where(dependence => dependence.Numbers.Count > 1 && dependence.Outputs.Count <= MostClasses)];
        if (lines.Length > 0)
            report.Add([.. lines.Select(dependence => Lines(explanation, dependence))]);
        foreach (PartialDependence dependence in explanation.Dependences.Except(lines))
            report.Add(Rows(explanation, dependence));
        return report;
    }

    private static DistributionChart Importance(Explanation explanation)
    {
        string unit = explanation.Task == LearningTask.Regression ? $", in units of '{explanation.Label}'" : "";
        var chart = new DistributionChart("How much the error rises when a column is shuffled", $"The rise of the {explanation.Measure} when a column's values are shuffled among {explanation.Rows} rows; each dot is one permutation. At 0, the model does not need the column. Columns with the same information stand in for each other.")
        {
            ValueLabel = $"rise of the {explanation.Measure}{unit}",
            AxisIncludes = [0],
            OneColor = true,
        };
        foreach (ColumnImportance column in explanation.Importance.Take(MostColumns))
            chart.Add(column.Column, column.Increases);
        return chart;
    }

    private static LineChart Lines(Explanation explanation, PartialDependence dependence)
    {
        var chart = new LineChart($"How predictions depend on '{dependence.Column}'", Caption(explanation, dependence)) { XLabel = dependence.Column, YLabel = explanation.Task == LearningTask.Regression ? explanation.Label : "probability" };
        foreach ((int k, string name) in dependence.Outputs.Index())
            chart.Add(new LineSeries(name, dependence.Numbers, [.. dependence.Means.Select(means => means[k])]) { Markers = true });
        return chart;
    }

    private static ReportTable Rows(Explanation explanation, PartialDependence dependence)
    {
        var table = new ReportTable(Caption(explanation, dependence), [dependence.Column, .. dependence.Outputs]);
        foreach ((int i, string value) in dependence.Texts.Index())
            table.Add([value, .. dependence.Means[i].Select(mean => CompactNumber.Format(mean))]);
        return table;
    }

    private static string Caption(Explanation explanation, PartialDependence dependence) =>
        $"{explanation.Predicted(dependence)} averaged over {explanation.Rows} rows that are all given the same '{dependence.Column}'; their other columns stay as they are.";
}
