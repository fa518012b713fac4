namespace MLNetHyper.Search;

/// <summary>A comparison's result in sentences. They are told by the numbers alone, whoever won.</summary>
internal static class ComparisonConclusion
{
    private const int FewRepeats = 10;

    internal static string Of(ComparisonResult result) => string.Join(' ',
        $"Tuning in one pass ({result.OnePass.Method}) reached a median {result.ErrorName} of {Number(result.OnePass.Median)} at the cost of {Trainings(result.OnePass.MeanCost)}.",
        AgainstOthers(result),
        AgainstPlain(result),
        Doubt(result)).TrimEnd();

    private static string AgainstOthers(ComparisonResult result)
    {
        string interval = Interval(result) is { } range ? $" ({range})" : "";
        ComparisonRow best = result.Others.MinBy(r => r.Median)!;
        if (result.CatchUp is not { } equal)
            return $"None of the others did as well within these budgets{interval}; the nearest was {Named(result, best)}, with {Number(best.Median)} at {Times(best, result)} the cost of one pass.";
        string others = best == equal ? "" : $" The lowest error, {Number(best.Median)}, was that of {Named(result, best)}, at {Times(best, result)} the cost.";
        string did = $"{Named(result, equal)} did as well, with {Number(equal.Median)}, at";
        return result.CatchUpFactor > 1
            ? $"The cheapest to do as well was {Named(result, equal)}, with {Number(equal.Median)}: it needed {Times(equal, result)} the cost of one pass{interval}.{others}"
            : result.CatchUpInterval?.Upper < 1
                ? $"One pass did not pay off here: {did} only {Times(equal, result)} the cost of one pass{interval}.{others}"
                : $"It is not clear whether one pass pays off here: {did} {Times(equal, result)} the cost of one pass{interval}.{others}";
    }

    /// <summary>Between which bounds the catch-up factor lies; null with one repeat.</summary>
    internal static string? Interval(ComparisonResult result) => result.CatchUpInterval is not { } interval ? null
        : double.IsFinite(interval.Upper) ? $"95 % interval {Factor(interval.Lower)} to {Factor(interval.Upper)}"
        : double.IsFinite(interval.Lower) ? $"95 % interval {Factor(interval.Lower)} to beyond these budgets" : "95 % interval beyond these budgets";

    private static string Factor(double factor) => $"{CompactNumber.Format(factor, 2)} ×";

    private static string AgainstPlain(ComparisonResult result)
    {
        PairedDifference difference = result.BesidePlain;
        string cost = Trainings(result.PlainTraining.MeanCost), plain = $"the same start without it reached {Number(result.PlainTraining.Median)} at the cost of {cost}";
        string interval = double.IsNaN(difference.HalfWidth) ? "" : $" (error with tuning over without: {CompactNumber.Format(difference.Ratio, 3)}, 95 % interval {CompactNumber.Format(difference.Lower, 3)} to {CompactNumber.Format(difference.Upper, 3)})";
        return difference.IsBetter ? $"Tuning helped: {plain}{interval}."
            : difference.IsWorse ? $"Tuning harmed: {plain}{interval}."
            : $"It is not clear whether tuning helped: {plain}{interval}.";
    }

    private static string Doubt(ComparisonResult result)
    {
        int failures = result.Rows.Sum(r => r.Failures);
        string failed = failures == 0 ? "" : $"{failures} of the {result.Entries.Count} results are failures that delivered nothing finite; they are charged the error of predicting the mean. ";
        return failed + (result.Options.Repeats < FewRepeats ? $"Medians of {Count(result.Options.Repeats, "repeat")} are rough." : "");
    }

    internal static string Count(int count, string noun) => $"{count} {noun}{(count == 1 ? "" : "s")}";

    private static string Named(ComparisonResult result, ComparisonRow row) => result.IsSearch(row.Method) ? $"{row.Method} with a budget of {Count((int)row.Multiple, "plain training")}"
        : row.Method == RestartComparison.Plain ? "the same start untuned" : row.Method;

    private static string Trainings(double cost) => CompactNumber.Format(cost, 3) is var text && text == "1" ? "1 plain training" : $"{text} plain trainings";

    private static string Times(ComparisonRow row, ComparisonResult result) => Factor(row.MeanCost / result.OnePass.MeanCost);

    private static string Number(double error) => CompactNumber.Format(error, 3);
}
