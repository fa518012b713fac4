namespace MLNetHyper.Engine;

/// <summary>Predictions and what they should have been, gathered from a table or from pieces of one.</summary>
/// <param name="target">How labels are read.</param>
/// <param name="threshold">Two classes: the second one's probability from which on a row is taken for it; null for the more probable class.</param>
internal sealed class LabeledPredictions(TargetEncoder target, double? threshold)
{
    private readonly List<double> _predictions = [];
    private readonly List<double> _labels = [];

    /// <summary>Rows with a label.</summary>
    internal int Rows => _labels.Count;

    /// <summary>Takes the predictions of a table's rows, but for those without a label.</summary>
    /// <exception cref="DataFormatException">There is no column of labels, or one holds what it must not.</exception>
    internal void Add(Table table, Predictions predictions)
    {
        TableColumn label = table[target.LabelColumn];
        int[] rows = [.. Enumerable.Range(0, label.Count).Where(row => !label.IsMissing(row))];
        if (rows.Length == 0)
            return;
        Table labeled = table.Of([label]).Select(rows);
        bool isRegression = target.Task == LearningTask.Regression;
        // What they must not hold the encoder finds; as targets, numbers are standardized.
        double[] targets = target.Encode<double>(labeled), labels = isRegression ? labeled[label.Name].Numbers.ToArray() : targets;
        int width = isRegression ? 1 : predictions.ClassNames.Count;
        IReadOnlyList<double> values = isRegression ? predictions.Values : predictions.Probabilities;
        foreach (int row in rows)
        {
            for (int i = 0; i < width; i++)
                _predictions.Add(values[(row * width) + i]);
        }
        _labels.AddRange(labels);
    }

    internal Metrics ToMetrics() => target.Task == LearningTask.Regression
        ? Metrics.OfRegression([.. _predictions], [.. _labels])
        : Metrics.OfClassification([.. _predictions], [.. _labels.Select(c => (int)c)], target.ClassNames.Count, threshold);
}
