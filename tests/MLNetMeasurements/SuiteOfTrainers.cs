using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Trainers.FastTree;
using Microsoft.ML.Trainers.LightGbm;
using MLNetHyper.Engine;
using MLNetHyper.Search;

namespace MLNetHyper.Measurements;

/// <summary>One pass and ML.NET's tree trainers with their defaults on every table of a folder, on the same divisions and on one core. Trees learn from training and validation rows together.</summary>
internal static class SuiteOfTrainers
{
    private static readonly SuiteContestant[] _trees =
    [
        new("lightgbm", (data, seed) => Predict(data, seed, new LightGbm(EarlyStopping: false))),
        new("lightgbm-early", (data, seed) => Predict(data, seed, new LightGbm(EarlyStopping: true))),
        new("fasttree", (data, seed) => Predict(data, seed, new FastTree())),
    ];

    internal static int Write(string[] arguments) => SuiteProgram.Write("MLNetMeasurements", _trees, arguments);

    private static double[] Predict(PreparedData<float> data, int seed, Trees trees)
    {
        var context = new MLContext(seed);
        IDataView training = SuiteRows.View(context, data.Train), validation = SuiteRows.View(context, data.Validation), test = SuiteRows.View(context, data.Test!);
        IDataView all = SuiteRows.View(context, data.Train, data.Validation);
        if (data.Task == LearningTask.Regression)
            return SuiteRows.Column<float>(trees.Regression(context, all, training, validation).Transform(test), "Score", score => [score]);
        if (data.Task == LearningTask.Binary)
            return SuiteRows.Column<float>(trees.Binary(context, all, training, validation).Transform(test), "Probability", p => [1 - p, p]);
        ITransformer mapping = SuiteRows.Keys(context, data, all);
        IDataView scored = trees.Multiclass(context, mapping.Transform(all), mapping.Transform(training), mapping.Transform(validation)).Transform(mapping.Transform(test));
        return SuiteRows.Column<VBuffer<float>>(scored, "Score", SuiteRows.Normalized);
    }

    /// <summary>A tree trainer for the three tasks, on one thread.</summary>
    private abstract record Trees
    {
        internal abstract ITransformer Regression(MLContext context, IDataView all, IDataView training, IDataView validation);

        internal abstract ITransformer Binary(MLContext context, IDataView all, IDataView training, IDataView validation);

        internal abstract ITransformer Multiclass(MLContext context, IDataView all, IDataView training, IDataView validation);
    }

    private sealed record LightGbm(bool EarlyStopping) : Trees
    {
        // With early stopping there may be as many trees as it takes.
        private int Iterations => EarlyStopping ? 2000 : 100;

        private int Rounds => EarlyStopping ? 50 : 0;

        internal override ITransformer Regression(MLContext context, IDataView all, IDataView training, IDataView validation)
        {
            var trainer = context.Regression.Trainers.LightGbm(new LightGbmRegressionTrainer.Options { NumberOfThreads = 1, NumberOfIterations = Iterations, EarlyStoppingRound = Rounds });
            return EarlyStopping ? trainer.Fit(training, validation) : trainer.Fit(all);
        }

        internal override ITransformer Binary(MLContext context, IDataView all, IDataView training, IDataView validation)
        {
            var trainer = context.BinaryClassification.Trainers.LightGbm(new LightGbmBinaryTrainer.Options { LabelColumnName = SuiteRows.IsPositive, NumberOfThreads = 1, NumberOfIterations = Iterations, EarlyStoppingRound = Rounds });
            return EarlyStopping ? trainer.Fit(training, validation) : trainer.Fit(all);
        }

        internal override ITransformer Multiclass(MLContext context, IDataView all, IDataView training, IDataView validation)
        {
            var trainer = context.MulticlassClassification.Trainers.LightGbm(new LightGbmMulticlassTrainer.Options { LabelColumnName = SuiteRows.Key, NumberOfThreads = 1, NumberOfIterations = Iterations, EarlyStoppingRound = Rounds });
            return EarlyStopping ? trainer.Fit(training, validation) : trainer.Fit(all);
        }
    }

    private sealed record FastTree : Trees
    {
        internal override ITransformer Regression(MLContext context, IDataView all, IDataView training, IDataView validation) =>
            context.Regression.Trainers.FastTree(new FastTreeRegressionTrainer.Options { NumberOfThreads = 1 }).Fit(all);

        internal override ITransformer Binary(MLContext context, IDataView all, IDataView training, IDataView validation) =>
            context.BinaryClassification.Trainers.FastTree(new FastTreeBinaryTrainer.Options { LabelColumnName = SuiteRows.IsPositive, NumberOfThreads = 1 }).Fit(all);

        internal override ITransformer Multiclass(MLContext context, IDataView all, IDataView training, IDataView validation) =>
            context.MulticlassClassification.Trainers.OneVersusAll(context.BinaryClassification.Trainers.FastTree(new FastTreeBinaryTrainer.Options { LabelColumnName = SuiteRows.Key, NumberOfThreads = 1 }), SuiteRows.Key).Fit(all);
    }
}
