namespace MLNetHyper.Search;

/// <summary>The part of a comparison's report that sets what the searches found beside what one pass learned.</summary>
internal static class ComparisonSettings
{
    internal static void AddTo(Report report, ComparisonResult result)
    {
        int largest = result.Options.Multiples.Max();
        ILookup<string, SearchPoint> settings = result.Entries
            .Where(e => e.Setting is not null && (!result.IsSearch(e.Method) || e.Multiple == largest))
            .ToLookup(e => ComparisonReport.Name(result, e.Method), e => e.Setting!.Value);
        if (settings.Count == 0)
            return;
        report.Heading("Hyperparameters found and hyperparameters learned")
            .Paragraph($"Every mark is one repeat: the setting that a search chose with its budget of {ComparisonConclusion.Count(largest, "plain training")}, what one pass had at the step whose weights it kept, and what the untuned run kept from start to end; learning rates are given without the schedule's factor. "
                + "A search's values hold for a whole training (population-based training's are its last), while one pass's moved. Where the marks lie close together, these values matter; where they are scattered, many settings are equally good, or luck decided.")
            .Add([
                .. ComparisonReport.HasMomentum(result.Options) ? [Chart("Learning rate and momentum", "Right: longer steps. Up: more of the earlier steps in each one. High together, they diverge.", settings, "momentum", AxisScale.Linear, p => p.Momentum)] : Array.Empty<Chart>(),
                Chart("Learning rate and weight decay", "Right: longer steps. Up: weights are held closer to zero. A weight decay that hardly matters is scattered over the whole height.", settings, "weight decay", AxisScale.Logarithmic, p => p.WeightDecay)]);
    }

    private static ScatterChart Chart(string title, string caption, ILookup<string, SearchPoint> settings, string yLabel, AxisScale yScale, Func<SearchPoint, double> y)
    {
        var chart = new ScatterChart(title, caption) { XLabel = "learning rate", YLabel = yLabel, XScale = AxisScale.Logarithmic, YScale = yScale, Shapes = true };
        foreach (IGrouping<string, SearchPoint> points in settings)
            chart.Add(points.Key, [.. points.Select(p => p.LearningRate)], [.. points.Select(y)]);
        return chart;
    }
}
