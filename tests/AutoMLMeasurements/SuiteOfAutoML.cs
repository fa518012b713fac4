using System.Diagnostics;
using Microsoft.ML;
using Microsoft.ML.AutoML;
using Microsoft.ML.Data;
using MLNetHyper.Engine;
using MLNetHyper.Search;

namespace MLNetHyper.Measurements;

/// <summary>One pass and ML.NET AutoML's choice among all its trainers on every table of a folder. AutoML has ten times one pass's seconds, judges by the validation rows, is trained once more on all, and uses as many cores as it likes.</summary>
internal static class SuiteOfAutoML
{
    private const double TimesOnePass = 10;

    private static readonly SuiteContestant _automl = new("automl", Predict);

    internal static int Write(string[] arguments) => SuiteProgram.Write("AutoMLMeasurements", [_automl], arguments);

    private static double[] Predict(PreparedData<float> data, int seed)
    {
        // How long one pass takes here and now; this run is for its time alone.
        long start = Stopwatch.GetTimestamp();
        _ = OnePass.Train(data, new OnePassOptions { Seed = seed, Threads = 1 });
        uint seconds = (uint)Math.Ceiling(TimesOnePass * Stopwatch.GetElapsedTime(start).TotalSeconds);

        var context = new MLContext(seed);
        IDataView training = SuiteRows.View(context, data.Train), validation = SuiteRows.View(context, data.Validation), all = SuiteRows.View(context, data.Train, data.Validation), test = SuiteRows.View(context, data.Test!);
        if (data.Task == LearningTask.Regression)
        {
            var settings = new RegressionExperimentSettings { MaxExperimentTimeInSeconds = seconds, OptimizingMetric = RegressionMetric.RootMeanSquaredError };
            return SuiteRows.Column<float>(context.Auto().CreateRegressionExperiment(settings).Execute(training, validation, Columns(SuiteRows.Label)).BestRun.Estimator.Fit(all).Transform(test), "Score", score => [score]);
        }
        // AutoML has no log-loss for two classes; these are two of several.
        ITransformer keys = SuiteRows.Keys(context, data, all);
        var multiclass = new MulticlassExperimentSettings { MaxExperimentTimeInSeconds = seconds, OptimizingMetric = MulticlassClassificationMetric.LogLoss };
        ITransformer model = context.Auto().CreateMulticlassClassificationExperiment(multiclass).Execute(keys.Transform(training), keys.Transform(validation), Columns(SuiteRows.Key)).BestRun.Estimator.Fit(keys.Transform(all));
        IDataView scored = model.Transform(keys.Transform(test));
        // AutoML has an order of classes of its own.
        VBuffer<int> order = default;
        scored.Schema["Score"].Annotations.GetValue("TrainingLabelValues", ref order);
        int[] classes = [.. order.DenseValues()];
        return SuiteRows.Column<VBuffer<float>>(scored, "Score", scores =>
        {
            double[] probabilities = SuiteRows.Normalized(scores), byClass = new double[probabilities.Length];
            for (int i = 0; i < classes.Length; i++)
                byClass[classes[i]] = probabilities[i];
            return byClass;
        });
    }

    // The other label columns are no features.
    private static ColumnInformation Columns(string label)
    {
        var columns = new ColumnInformation { LabelColumnName = label };
        foreach (string other in new[] { SuiteRows.Label, SuiteRows.IsPositive, SuiteRows.ClassNumber, SuiteRows.Key }.Where(name => name != label))
            columns.IgnoredColumnNames.Add(other);
        return columns;
    }
}
