namespace MLNetHyper.Search;

/// <summary>The report of a comparison between tuning in one pass and searching by restarts.</summary>
public static class ComparisonReport
{
    internal const string OnePassName = "one pass";
    internal const string PlainName = "untuned";

    /// <summary>Creates the report.</summary>
    /// <param name="result">The comparison.</param>
    /// <param name="command">The command line or code that makes it again.</param>
    public static Report Create(ComparisonResult result, string command)
    {
        ArgumentNullException.ThrowIfNull(result);
        ArgumentException.ThrowIfNullOrWhiteSpace(command);
        return Create(result).Heading("The command that made this report").Preformatted(command);
    }

    /// <summary>The same without a command, for where the code stands above, as in a notebook.</summary>
    internal static Report Create(ComparisonResult result)
    {
        ComparisonOptions options = result.Options;
        string data = result.Source is null ? "" : $" on {Path.GetFileName(result.Source)}";
        var report = new Report($"One pass against search{data}")
        {
            Subtitle = $"{result.ErrorName} of '{options.Data.LabelColumn}' ({result.Task.ToString().ToLowerInvariant()}), {ComparisonConclusion.Count(options.Repeats, "repeat")}, seeds {options.Seed} to {unchecked(options.Seed + options.Repeats - 1)}, method {result.OnePass.Method}",
        };
        report.Add(KeyFigures(result)).Paragraph(result.Conclusion);
        ComparisonCosts.AddTo(report, result);
        report.Add(Table(result));
        report.Paragraph("Budget: what a contestant was allowed, in weight steps of one plain training. Cost: what it took, validation included; a run that diverges is stopped, and successive halving and grids may not use up the budget. Diverged: settings whose weights ceased to be finite, over all repeats. Failed: repeats in which nothing finite came out.");
        ComparisonStandings.AddTo(report, result);
        report.Heading("How the results spread")
            .Paragraph("A single run may be lucky. Every dot is one repeat, with a different random division of the rows, different initial weights and different drawn settings. Besides the middle, look at the right end, where the bad surprises are.");
        report.Add([.. options.Multiples.Order().Select(multiple => Spread(result, multiple))]);
        ComparisonSettings.AddTo(report, result);
        AddExample(report, result.Example);
        return report.Heading("How it was measured").Paragraph(Protocol(options));
    }

    private static KeyFigure[] KeyFigures(ComparisonResult result)
    {
        string interval = ComparisonConclusion.Interval(result) is { } range ? $"; {range}" : "";
        return
        [
            new($"Median {result.ErrorName}, one pass", Number(result.OnePass.Median), $"middle half {Range(result.OnePass)}"),
            new("Cost of one pass", $"{Number(result.OnePass.MeanCost)} ×", "in plain trainings"),
            result.CatchUp is { } equal
                ? new("Cheapest as good", $"{CompactNumber.Format(equal.MeanCost / result.OnePass.MeanCost, 2)} ×", $"the cost of one pass: {Name(result, equal.Method)}{(result.IsSearch(equal.Method) ? $", budget {equal.Multiple}" : "")}{interval}")
                : new("Cheapest as good", "none", $"within {CompactNumber.Format(result.Others.Max(r => r.MeanCost) / result.OnePass.MeanCost, 2)} × the cost of one pass{interval}"),
            new("The same start untuned", Number(result.PlainTraining.Median), $"at {Number(result.PlainTraining.MeanCost)} ×"),
        ];
    }

    private static ReportTable Table(ComparisonResult result)
    {
        var table = new ReportTable($"Test {result.ErrorName} over {ComparisonConclusion.Count(result.Options.Repeats, "repeat")}",
            "contestant", "budget", "median", "middle half", "cost", "seconds", "diverged", "failed");
        foreach (ComparisonRow row in result.Rows)
        {
            bool search = result.SearchRows.Contains(row);
            string[] cells = [Name(result, row.Method), search ? Number(row.Multiple) : "–", Number(row.Median), Range(row), Number(row.MeanCost), Number(row.MeanSeconds), Number(row.DivergedTrials), Number(row.Failures)];
            _ = row == result.OnePass ? table.AddEmphasized(cells) : table.Add(cells);
        }
        return table;
    }

    private static DistributionChart Spread(ComparisonResult result, int multiple)
    {
        var chart = new DistributionChart(multiple == 1 ? "Budget of 1 plain training" : $"Budget of {multiple} plain trainings", $"Test {result.ErrorName} of every repeat; single runs are the same in every picture.")
        {
            ValueLabel = $"test {result.ErrorName}",
            ValueScale = AxisScale.Logarithmic,
            AxisIncludes = [.. result.Entries.Select(e => e.TestError)],
        };
        foreach (IGrouping<string, ComparisonEntry> entries in result.Entries.Where(e => !result.IsSearch(e.Method) || e.Multiple == multiple).GroupBy(e => e.Method))
            chart.Add(Name(result, entries.Key), [.. entries.Select(e => e.TestError)]);
        return chart;
    }

    private static void AddExample(Report report, OnePassResult example)
    {
        if (example.Trajectory.Count < 2)
            return;
        report.Heading("What one pass did in the first repeat")
            .Paragraph($"One training run of {CompactNumber.Format(example.Steps)} steps. Its weights are those of step {CompactNumber.Format(example.BestStep)}, where {(example.Model.Network.Weights.Count > 1 ? "the first network's" : "the")} validation loss was lowest; the guard against divergence rolled back {ComparisonConclusion.Count(example.Training.Rollbacks, "time")}.")
            .Add(TrajectoryCharts.OfReturnedWeights(example.Model.Network))
            .Add(TrajectoryCharts.Losses(example.Model.Network));
        if (example.TunedHyperparameters.Count > 0)
            report.Paragraph("A search keeps these values fixed, apart from the learning rate's schedule, and trains anew for each setting; one pass moves them while it trains.").Add([.. TrajectoryCharts.Hyperparameters(example.Model.Network)]);
    }

    private static string Protocol(ComparisonOptions options)
    {
        SearchSpace space = options.Space;
        string division = options.Data.RowOrder is null ? "Each repeat divides the rows at random again" : "The rows are divided in file order, the same way in each repeat";
        string start = options.RandomInitialHyperparameters ? "One pass and the untuned run start from settings drawn from the space that the searches look in, and so does the first setting that each search tries." : "One pass and the untuned run start from the defaults, which each search tries first.";
        return $"{division}; all contestants share the network, the division, the batches and the number of weight steps. Settings and weights are chosen on the validation rows; the test rows are scored once, after that. {start} "
            + $"Then the searches look for learning rates from {Power(space.LogLearningRate)}, weight decays from {Power(space.LogWeightDecay)} (on log scales){(HasMomentum(options) ? $" and momenta from {Logit(space.LogitMomentum)} (on a logit scale)" : "")}. "
            + "Cost is counted in gradients of one training batch and divided by those of one plain training: a forward pass counts a third, a curvature product one and a half to two. "
            + "Seconds are wall-clock times with other runs going on at the same time, so they are rough. A run that delivers nothing finite is charged the error of predicting the training rows' mean, or their class shares.";
    }

    /// <summary>Whether momenta are searched for: Adam has none.</summary>
    internal static bool HasMomentum(ComparisonOptions options) => options.Training.Rule.Hyperparameters.Any(h => h.Name == Hyperparameter.Momentum);

    internal static string Name(ComparisonResult result, string method) => method == result.OnePass.Method ? OnePassName : method == RestartComparison.Plain ? PlainName : method;

    private static string Range(ComparisonRow row) => $"{Number(row.LowerQuartile)} to {Number(row.UpperQuartile)}";

    private static string Power((double Lower, double Upper) range) => $"{Number(Math.Pow(10, range.Lower))} to {Number(Math.Pow(10, range.Upper))}";

    private static string Logit((double Lower, double Upper) range) => $"{Number(Transform.Logit.ToReal(range.Lower))} to {Number(Transform.Logit.ToReal(range.Upper))}";

    internal static string Number(double value) => CompactNumber.Format(value, 3);
}
