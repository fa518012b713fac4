namespace MLNetHyper.Engine;

/// <summary>Finds features that give the label away: copies of it, or what is only known afterwards.</summary>
static class LabelLeak
{
    /// <summary>Fewer rows agree by chance.</summary>
    private const int FewestRows = 30;

    /// <summary>More values are no categories.</summary>
    private const int MostValues = 1000;

    /// <summary>So many rows show for nearly every feature that it does not separate classes.</summary>
    private const int FirstRows = 1000;

    /// <summary>From this square of the correlation on, measurement and rounding cannot be told from a copy.</summary>
    private const double NearlyOne = 0.9999;

    /// <summary>How one feature explains the label, as the words between "column 'x' alone" and "label 'y'"; null if it does not.</summary>
    internal static string? Describe(TableColumn feature, TableColumn label, TargetEncoder target)
    {
        int[] rows = [.. Enumerable.Range(0, label.Count).Where(row => !label.IsMissing(row) && !feature.IsMissing(row))];
        if (rows.Length < FewestRows || 10L * rows.Length < 9L * label.Count)
            return null;
        bool isQuantity = target.Task == LearningTask.Regression;
        if (isQuantity && feature.IsNumeric && Correlation(feature, label, rows) is var r && r * r > NearlyOne)
            return $"explains nearly all (correlation {(r > 0 ? "" : "-")}{Math.Min(Math.Abs(r), 1).ToString("0.#####", System.Globalization.CultureInfo.InvariantCulture)} in {rows.Length} rows) of";
        if (EachValueHasOneLabel(feature, label, rows))
            return $"decides, in all {rows.Length} rows,";
        return !isQuantity && feature.IsNumeric && Separates(feature, label, rows.Take(FirstRows), target.ClassNames.Count) && Separates(feature, label, rows, target.ClassNames.Count) ? $"divides, in all {rows.Length} rows, the classes of" : null;
    }

    private static double Correlation(TableColumn feature, TableColumn label, int[] rows)
    {
        double[] x = Standardized(feature, rows), y = Standardized(label, rows);
        double sum = 0;
        for (int i = 0; i < x.Length; i++)
            sum += x[i] * y[i];
        return sum / (x.Length - 1);
    }

    private static double[] Standardized(TableColumn column, int[] rows)
    {
        double[] values = [.. rows.Select(row => column.Numbers[row])];
        ColumnStatistics statistics = ColumnStatistics.Of(values);
        return Array.ConvertAll(values, value => statistics.Deviation > 0 ? (value / statistics.Deviation) - (statistics.Mean / statistics.Deviation) : 0);
    }

    private static bool EachValueHasOneLabel(TableColumn feature, TableColumn label, int[] rows)
    {
        Dictionary<string, string> labels = new(StringComparer.Ordinal);
        HashSet<string> seen = new(StringComparer.Ordinal);
        foreach (int row in rows)
        {
            string value = feature.TextAt(row)!, text = label.TextAt(row)!;
            if (!labels.TryAdd(value, text) && labels[value] != text)
                return false;
            seen.Add(text);
            // Values that do not recur decide nothing.
            if (labels.Count > Math.Min(rows.Length / 2, MostValues))
                return false;
        }
        return seen.Count > 1;
    }

    private static bool Separates(TableColumn feature, TableColumn label, IEnumerable<int> rows, int classes)
    {
        (double Value, string Label)[] sorted = [.. rows.Select(row => (feature.Numbers[row], label.TextAt(row)!)).OrderBy(pair => pair.Item1)];
        int changes = 0;
        for (int i = 1; i < sorted.Length; i++)
        {
            if (sorted[i].Label == sorted[i - 1].Label)
                continue;
            if (sorted[i].Value == sorted[i - 1].Value || ++changes >= classes)
                return false;
        }
        return true;
    }
}
