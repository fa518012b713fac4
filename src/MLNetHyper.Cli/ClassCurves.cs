namespace MLNetHyper.Cli;

/// <summary>What the probabilities of classes are worth, as curves: how well they tell two classes apart at every threshold, and whether they are as frequent as they say.</summary>
internal static class ClassCurves
{
    private const int MostGroups = 10;
    private const int FewestRows = 10;

    // Of the normal distribution: what 95 % lies within.
    private const double Deviations = 1.96;

    /// <summary>For every threshold from the highest score down: the share of the positive rows above it, the share of the negative ones, and the share of positive ones among all above. Empty where there is but one class.</summary>
    /// <param name="scores">How likely each row is positive.</param>
    /// <param name="isPositive">Whether it is.</param>
    internal static IReadOnlyList<(double Recall, double FalseShare, double Precision)> Thresholds(IReadOnlyList<double> scores, IReadOnlyList<bool> isPositive)
    {
        int positives = isPositive.Count(is1 => is1), negatives = isPositive.Count - positives;
        if (positives == 0 || negatives == 0)
            return [];
        int[] order = [.. Enumerable.Range(0, scores.Count).OrderByDescending(row => scores[row])];
        List<(double, double, double)> points = [];
        int hits = 0;
        for (int i = 0; i < order.Length; i++)
        {
            hits += isPositive[order[i]] ? 1 : 0;
            // Rows of one score are above a threshold together.
            if (i + 1 == order.Length || scores[order[i + 1]] != scores[order[i]])
                points.Add(((double)hits / positives, (double)(i + 1 - hits) / negatives, (double)hits / (i + 1)));
        }
        return points;
    }

    /// <summary>Rows in groups of about equal size by their probability: the mean probability of each and the share of rows that it came true for.</summary>
    /// <param name="probabilities">What was said of each row.</param>
    /// <param name="cameTrue">Whether it came true.</param>
    internal static IReadOnlyList<Group> Groups(IReadOnlyList<double> probabilities, IReadOnlyList<bool> cameTrue)
    {
        int[] order = [.. Enumerable.Range(0, probabilities.Count).OrderBy(row => probabilities[row])];
        int groups = Math.Clamp(order.Length / FewestRows, 1, MostGroups);
        return [.. Enumerable.Range(0, groups).Select(g => order[(g * order.Length / groups)..((g + 1) * order.Length / groups)])
            .Select(rows => new Group(rows.Average(row => probabilities[row]), (double)rows.Count(row => cameTrue[row]) / rows.Length, rows.Length))];
    }

    internal static LineChart Roc(string part, string positive, IReadOnlyList<(double Recall, double FalseShare, double Precision)> points) =>
        new LineChart("ROC curve", $"At every threshold, the share of '{positive}' that is found against the share of the others that is taken for it. The dashed line is chance; the further above it, the better.") { XLabel = "false positive rate", YLabel = "true positive rate", Diagonal = true }
            .Add(new LineSeries(part, [0, .. points.Select(p => p.FalseShare)], [0, .. points.Select(p => p.Recall)]));

    internal static LineChart PrecisionRecall(string part, string positive, IReadOnlyList<(double Recall, double FalseShare, double Precision)> points) =>
        new LineChart("Precision over recall", $"At every threshold, the share of the rows taken for '{positive}' that is right against the share of all '{positive}' that is found. The dashed line is chance: their share of all rows.") { XLabel = "recall", YLabel = "precision", YAxisIncludes = [0, 1] }
            .Add(new LineSeries(part, [.. points.Select(p => p.Recall)], [.. points.Select(p => p.Precision)]))
            .Reference(points[^1].Precision, "chance");

    /// <param name="part">Which rows.</param>
    /// <param name="said">What the probabilities are of.</param>
    /// <param name="groups">The rows in groups.</param>
    internal static LineChart Calibration(string part, string said, IReadOnlyList<Group> groups)
    {
        double error = groups.Sum(group => group.Rows * Math.Abs(group.Share - group.Probability)) / groups.Sum(group => group.Rows);
        return new LineChart("Calibration", $"Rows in {Words.Count(groups.Count, "group")} of about equal size, by the probability of {said}: how often it came true against how probable it was said to be. On the dashed line the two agree; the shaded band is the 95 % interval. Their mean distance (expected calibration error) is {CompactNumber.Format(error, 2)}.") { XLabel = "predicted probability", YLabel = "share that came true", Diagonal = true }
            .Add(new LineSeries(part, [.. groups.Select(group => group.Probability)], [.. groups.Select(group => group.Share)])
            {
                Band = new([.. groups.Select(group => group.Interval.Lower)], [.. groups.Select(group => group.Interval.Upper)]),
                Markers = true,
            });
    }

    /// <summary>Rows of about the same probability.</summary>
    /// <param name="Probability">Its mean.</param>
    /// <param name="Share">How many of the rows it came true for.</param>
    /// <param name="Rows">How many they are.</param>
    internal readonly record struct Group(double Probability, double Share, int Rows)
    {
        /// <summary>Where the true share lies with 95 % (Wilson 1927).</summary>
        internal (double Lower, double Upper) Interval
        {
            get
            {
                double z = Deviations * Deviations / Rows, middle = (Share + (z / 2)) / (1 + z), half = Math.Sqrt((z * Share * (1 - Share)) + (z * z / 4)) / (1 + z);
                return (Math.Max(0, middle - half), Math.Min(1, middle + half));
            }
        }
    }
}
