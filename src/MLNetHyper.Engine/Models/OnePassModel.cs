namespace MLNetHyper.Engine;

/// <summary>
/// A trained network with everything that it needs to score a table: how columns become features, and how outputs become values
/// or classes. Immutable; may be used from several threads.
/// </summary>
public sealed partial class OnePassModel
{
    // Rows leave the encoder standardized.
    private const int Passed = 1;

    internal OnePassModel(FeatureEncoder features, TargetEncoder target, NetworkModel network)
    {
        (Features, Target, Network) = (features, target, network);
        if (network.Inputs is not [Standardization, ..] || network.FeatureCount != features.FeatureCount || network.Architecture.Outputs != target.OutputCount || network.Architecture.Loss != Tasks.Loss(target.Task))
            throw new ArgumentException("The network does not fit the table's columns.", nameof(network));
    }

    /// <summary>How columns become features.</summary>
    internal FeatureEncoder Features { get; }

    /// <summary>How labels became targets.</summary>
    internal TargetEncoder Target { get; }

    /// <summary>The network, and how it was trained.</summary>
    public NetworkModel Network { get; }

    /// <summary>The network's shape.</summary>
    public Architecture Architecture => Network.Architecture;

    /// <summary>The hyperparameters' real values in the last whole window of training, by name.</summary>
    public IReadOnlyDictionary<string, double> Hyperparameters => Network.Training.FinalHyperparameters;

    /// <summary>How to read a file for <see cref="Predict"/> and <see cref="Evaluate"/>: as <see cref="FeatureEncoder.ReadingOptions"/>, and the label, if there is one, by the names of its classes.</summary>
    public CsvOptions ReadingOptions => Target.WithLabel(Features.ReadingOptions);

    /// <inheritdoc cref="NetworkModel.IntervalHalfWidth"/>
    public double? IntervalHalfWidth(double coverage) => Network.IntervalHalfWidth(coverage);

    /// <summary>Scores a table.</summary>
    /// <param name="table">Has the columns that the model was trained on; the label is not needed.</param>
    /// <param name="coverage">For regression: the share of labels that intervals are to hold, above 0 and below 1. Default: no intervals.</param>
    /// <param name="threshold">Two classes: the second one's probability from which on a row is taken for it, from 0 to 1. Default: the more probable class.</param>
    /// <exception cref="DataFormatException">A column is missing or holds what it must not.</exception>
    /// <exception cref="ArgumentException">There are not two classes, or the threshold lies outside its range.</exception>
    public Predictions Predict(Table table, double? coverage = null, double? threshold = null)
    {
        ArgumentNullException.ThrowIfNull(table);
        return PredictOnly(table, coverage, threshold) with { Warnings = Features.Warnings(table) };
    }

    /// <summary>The same without a look at what training never met.</summary>
    internal Predictions PredictOnly(Table table, double? coverage, double? threshold)
    {
        CheckThreshold(threshold);
        double[] outputs = Outputs(Features.Encode<float>(table), table.RowCount);
        Predictions predictions = Target.Task == LearningTask.Regression
            ? new(Target.Task, outputs, [], [])
            : new(Target.Task, [], Target.ClassNames, Probabilities.FromOutputs(outputs, Architecture.Outputs));
        return predictions with { IntervalHalfWidth = coverage is { } share ? IntervalHalfWidth(share) : null, Threshold = threshold };
    }

    /// <summary>One value, one logit, or the logits of all classes for each of some encoded rows.</summary>
    internal double[] Outputs(ReadOnlySpan<float> features, int rows) => Network.CreateScorer(Passed).Score(features, rows);

    /// <summary>Scores a table that has labels and measures the errors. Rows without a label are left out.</summary>
    /// <param name="table">The table.</param>
    /// <param name="threshold">Two classes: the second one's probability from which on a row is taken for it, from 0 to 1. Default: the more probable class.</param>
    /// <exception cref="DataFormatException">A column is missing or holds what it must not, or no row has a label.</exception>
    /// <exception cref="ArgumentException">There are not two classes, or the threshold lies outside its range.</exception>
    public Metrics Evaluate(Table table, double? threshold = null)
    {
        CheckThreshold(threshold);
        Table labeled = Labeled(table);
        LabeledPredictions measured = new(Target, threshold);
        measured.Add(labeled, PredictOnly(labeled, coverage: null, threshold));
        return measured.ToMetrics();
    }

    /// <summary>The rows that have a label.</summary>
    /// <exception cref="DataFormatException">There are none.</exception>
    internal Table Labeled(Table table)
    {
        ArgumentNullException.ThrowIfNull(table);
        TableColumn label = table[Target.LabelColumn];
        Table labeled = table.Select([.. Enumerable.Range(0, table.RowCount).Where(row => !label.IsMissing(row))]);
        return labeled.RowCount > 0 ? labeled : throw new DataFormatException("no row has a label, so there is nothing to measure the predictions against.", table.Source, column: label.Name);
    }

    private void CheckThreshold(double? threshold)
    {
        if (threshold is null)
            return;
        if (Target.ClassNames.Count != 2)
            throw new ArgumentException(Target.Task == LearningTask.Regression ? "A threshold decides between two classes, but the model predicts numbers." : $"A threshold decides between two classes, but the model has {Target.ClassNames.Count}.", nameof(threshold));
        if (threshold is not (>= 0 and <= 1))
            throw new ArgumentOutOfRangeException(nameof(threshold), threshold, "A threshold is a probability, from 0 to 1.");
    }

    /// <summary>Writes the model to a file, whole or not at all.</summary>
    /// <exception cref="IOException">The file cannot be written; an older file of that name is unchanged.</exception>
    public void Save(string path) => ModelFile.Write(path, this);

    /// <summary>Reads a model that <see cref="Save"/> wrote.</summary>
    /// <exception cref="DataFormatException">The file is no model, is damaged, or is of a newer format version.</exception>
    public static OnePassModel Load(string path) => ModelFile.Read(path);
}
