using System.Text.Json.Serialization;

namespace MLNetHyper.Engine;

/// <summary>How good predictions are, in the label's own units. Measures that a task does not have are null. Every row counts once: examples' weights are for training and validation losses.</summary>
public sealed record Metrics
{
    /// <summary>What the true class's probability counts as in the log-loss, if it is less.</summary>
    internal const double LeastProbability = 1e-15;

    /// <summary>Number of rows measured on.</summary>
    public required int Rows { get; init; }

    /// <summary>Regression: root of the mean squared error.</summary>
    public double? Rmse { get; init; }

    /// <summary>Regression: mean absolute error.</summary>
    public double? Mae { get; init; }

    /// <summary>Regression: coefficient of determination, 1 for perfect and 0 for predicting the mean; null where the labels do not vary.</summary>
    public double? R2 { get; init; }

    /// <summary>Classification: share of rows whose class is right: the most probable one, or what a threshold decided.</summary>
    public double? Accuracy { get; init; }

    /// <summary>Classification: mean negative natural logarithm of the true class's probability, each at least 1e-15.</summary>
    public double? LogLoss { get; init; }

    /// <summary>Area under the ROC curve; for several classes the mean over classes, each against the rest; null where only one class occurs.</summary>
    public double? Auc { get; init; }

    /// <summary>Two classes: share of the rows taken for the second class (the positive one: the later in order, such as "yes" after "no") that are of it; null where none is taken for it.</summary>
    public double? Precision { get; init; }

    /// <summary>Two classes: share of the second class's rows that are taken for it; null where there is none.</summary>
    public double? Recall { get; init; }

    /// <summary>Two classes: harmonic mean of <see cref="Precision"/> and <see cref="Recall"/>; null where there are no rows of the second class and none is taken for it.</summary>
    public double? F1 { get; init; }

    /// <summary>Two classes: area under the curve of precision over recall, as the average precision <c>Σ (Rₖ - Rₖ₋₁) Pₖ</c> over falling thresholds; null where only one class occurs. Chance gives the second class's share of the rows.</summary>
    public double? PrAuc { get; init; }

    /// <summary>Whether there are two classes, so that the measures of the second have a meaning even where they are null.</summary>
    [JsonInclude]
    internal bool HasPositiveClass { get; init; }

    /// <summary>The measure by which results are compared: RMSE, or the log-loss. Smaller is better.</summary>
    public double Error => Rmse ?? LogLoss ?? double.NaN;

    internal static Metrics OfRegression(ReadOnlySpan<double> predictions, ReadOnlySpan<double> labels)
    {
        int n = labels.Length;
        double mean = 0, squared = 0, absolute = 0, total = 0;
        foreach (double label in labels)
            mean += label / n;
        for (int i = 0; i < n; i++)
        {
            double error = predictions[i] - labels[i];
            squared += error * error / n;
            absolute += Math.Abs(error) / n;
            total += (labels[i] - mean) * (labels[i] - mean) / n;
        }
        return new() { Rows = n, Rmse = Math.Sqrt(squared), Mae = absolute, R2 = total > 0 ? 1 - (squared / total) : null };
    }

    /// <param name="probabilities">Row-major, one column per class.</param>
    /// <param name="labels">Class indices.</param>
    /// <param name="classes">Number of classes.</param>
    /// <param name="threshold">Two classes: the probability of the second from which on a row is taken for it; null for the more probable class.</param>
    internal static Metrics OfClassification(ReadOnlySpan<double> probabilities, ReadOnlySpan<int> labels, int classes, double? threshold = null)
    {
        int n = labels.Length, correct = 0, taken = 0, hits = 0, positives = 0;
        double logLoss = 0;
        for (int i = 0; i < n; i++)
        {
            ReadOnlySpan<double> row = probabilities.Slice(i * classes, classes);
            int chosen = threshold is { } least ? (row[1] >= least ? 1 : 0) : System.Numerics.Tensors.TensorPrimitives.IndexOfMax(row);
            correct += chosen == labels[i] ? 1 : 0;
            taken += chosen == 1 ? 1 : 0;
            positives += labels[i] == 1 ? 1 : 0;
            hits += chosen == 1 && labels[i] == 1 ? 1 : 0;
            logLoss -= Math.Log(Math.Max(row[labels[i]], LeastProbability)) / n;
        }
        Metrics metrics = new() { Rows = n, Accuracy = (double)correct / n, LogLoss = logLoss, Auc = MeanAuc(probabilities, labels, classes) };
        return classes != 2 ? metrics : metrics with
        {
            Precision = Share(hits, taken),
            Recall = Share(hits, positives),
            F1 = Share(2 * hits, taken + positives),
            PrAuc = AveragePrecision(probabilities, labels),
            HasPositiveClass = true,
        };
    }

    private static double? Share(int part, int whole) => whole > 0 ? (double)part / whole : null;

    private static double? AveragePrecision(ReadOnlySpan<double> probabilities, ReadOnlySpan<int> labels)
    {
        int n = labels.Length, positives = labels.Count(1);
        if (positives == 0 || positives == n)
            return null;
        double[] scores = new double[n];
        int[] order = new int[n];
        for (int i = 0; i < n; i++)
            (scores[i], order[i]) = (-probabilities[(2 * i) + 1], i);
        Array.Sort(scores, order);
        double area = 0;
        int hits = 0;
        for (int i = 0; i < n;)
        {
            // Rows of one score come together; one that is not a number, and equals not even itself, is passed.
            int before = hits, end = i + 1;
            while (end < n && scores[end] == scores[i])
                end++;
            for (; i < end; i++)
                hits += labels[order[i]];
            area += (double)(hits - before) / positives * hits / end;
        }
        return area;
    }

    private static double? MeanAuc(ReadOnlySpan<double> probabilities, ReadOnlySpan<int> labels, int classes)
    {
        double sum = 0;
        int counted = 0;
        // With two classes either column gives the same area.
        for (int c = classes == 2 ? 1 : 0; c < classes; c++)
        {
            if (Auc1(probabilities, labels, classes, c) is not { } auc)
                continue;
            sum += auc;
            counted++;
        }
        return counted > 0 ? sum / counted : null;
    }

    /// <summary>The Mann-Whitney statistic with ties at their mean rank.</summary>
    private static double? Auc1(ReadOnlySpan<double> probabilities, ReadOnlySpan<int> labels, int classes, int positive)
    {
        int n = labels.Length;
        double[] scores = new double[n];
        int[] order = new int[n];
        long positives = 0;
        for (int i = 0; i < n; i++)
        {
            scores[i] = probabilities[(i * classes) + positive];
            order[i] = i;
            positives += labels[i] == positive ? 1 : 0;
        }
        long negatives = n - positives;
        if (positives == 0 || negatives == 0)
            return null;
        Array.Sort(scores, order);
        double rankSum = 0;
        for (int i = 0; i < n;)
        {
            // Even a score that is not a number, and equals not even itself, is passed.
            int end = i + 1;
            while (end < n && scores[end] == scores[i])
                end++;
            double rank = (i + 1 + end) / 2.0;
            for (; i < end; i++)
                rankSum += labels[order[i]] == positive ? rank : 0;
        }
        return (rankSum - (positives * (positives + 1) / 2.0)) / ((double)positives * negatives);
    }
}
