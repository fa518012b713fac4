using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetHyper.Engine;

namespace MLNetHyper;

/// <summary>Reads an IDataView's feature and label columns.</summary>
internal static class TrainingData
{
    internal const string Label = "label";

    internal static Table Read<TLabel>(IDataView data, string features, string label, Func<TLabel, double> number)
    {
        double[] labels = [.. data.GetColumn<TLabel>(label).Select(number)];
        float[][] rows = [.. data.GetColumn<float[]>(features)];
        return new Table([.. Enumerable.Range(0, rows[0].Length).Select(k => new TableColumn($"f{k}", [.. rows.Select(row => (double)row[k])])), new TableColumn(Label, labels)]);
    }

    internal static Network Train(Table table, LearningTask task) =>
        Network.Of(OnePass.Train(table, new DataOptions { LabelColumn = Label, TestFraction = 0, Task = task }).Model);
}
