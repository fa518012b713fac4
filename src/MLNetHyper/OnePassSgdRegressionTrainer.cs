using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using MLNetHyper.Bridge;
using MLNetHyper.Engine;

namespace MLNetHyper;

/// <summary>Trains a network that tunes its own hyperparameters, for regression.</summary>
public sealed class OnePassSgdRegressionTrainer : BridgedRegressionTrainer<OnePassModelParameters>
{
    internal OnePassSgdRegressionTrainer(IHostEnvironment environment, string label, string features, string? weight)
        : base(environment, "OnePassSgdRegression", label, features, weight)
    {
    }

    /// <inheritdoc/>
    protected override OnePassModelParameters Train(IDataView training, IDataView? validation, OnePassModelParameters? initial)
    {
        float[] labels = [.. training.GetColumn<float>(LabelColumn.Name)];
        float[][] rows = [.. training.GetColumn<float[]>(FeatureColumn.Name)];
        int features = rows[0].Length;
        TableColumn[] columns = [.. Enumerable.Range(0, features).Select(k => new TableColumn($"f{k}", [.. rows.Select(row => (double)row[k])])), new TableColumn("label", [.. labels.Select(y => (double)y)])];
        OnePassResult result = OnePass.Train(new Table(columns), new DataOptions { LabelColumn = "label", TestFraction = 0, Task = LearningTask.Regression });
        return new OnePassModelParameters(Environment, features, [50], [.. result.Model.Weights.ToArray().Select(w => (float)w)]);
    }
}
