using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using MLNetHyper.Bridge;

namespace MLNetHyper.Tests.Bridge;

/// <summary>A regression trainer that does what a test says.</summary>
internal sealed class NumberTrainer(MLContext context, Action<TrainingInput<SumModel>> train, string? weight = null)
    : BridgedTrainer<RegressionPredictionTransformer<SumModel>, SumModel>(CatalogEnvironment.Of(context), nameof(NumberTrainer), new BridgedRegression<SumModel>(), "Label", "Features", weight)
{
    internal int Seed => ContextSeed;

    internal ITransformer Fit(IDataView training, IDataView? validation, SumModel? initial = null) => FitWith(training, validation, initial);

    protected override SumModel Train(TrainingInput<SumModel> input)
    {
        train(input);
        return new SumModel(Environment, input.Training.FeatureCount);
    }
}

/// <summary>A multiclass trainer that does what a test says.</summary>
internal sealed class KindTrainer(MLContext context, Action<TrainingInput<LogitModel>> train)
    : BridgedTrainer<MulticlassPredictionTransformer<LogitModel>, LogitModel>(CatalogEnvironment.Of(context), nameof(KindTrainer), new BridgedMulticlass<LogitModel>(), "Label", "Features", null)
{
    internal ITransformer Fit(IDataView training, IDataView? validation, LogitModel? initial = null) => FitWith(training, validation, initial);

    protected override LogitModel Train(TrainingInput<LogitModel> input)
    {
        train(input);
        return new LogitModel(Environment, input.ClassCount);
    }
}

/// <summary>A binary trainer whose model gives the first feature as the logit.</summary>
internal sealed class TruthTrainer(MLContext context, Action<TrainingInput<FirstFeatureModel>> train)
    : BridgedTrainer<BinaryPredictionTransformer<FirstFeatureModel>, FirstFeatureModel>(CatalogEnvironment.Of(context), nameof(TruthTrainer), new BridgedBinary<FirstFeatureModel>(), "Label", "Features", null)
{
    protected override FirstFeatureModel Train(TrainingInput<FirstFeatureModel> input)
    {
        train(input);
        return new FirstFeatureModel(Environment, input.Training.FeatureCount);
    }
}

/// <summary>The sum of the features.</summary>
internal sealed class SumModel(IHostEnvironment environment, int features) : BridgedRegressionModel(environment, nameof(SumModel), new Inside(features))
{
    private sealed class Inside(int features) : UnsavedContent(features, 1)
    {
        public override RowScorer CreateScorer() => (row, outputs) =>
        {
            outputs[0] = 0;
            foreach (float value in row)
                outputs[0] += value;
        };

        public override void WriteOnnx(OnnxGraph graph) => graph.AddNode("ReduceSum", [graph.Features], graph.Output, ("axes", 1), ("keepdims", 1));
    }
}

internal sealed class FirstFeatureModel(IHostEnvironment environment, int features) : BridgedBinaryModel(environment, nameof(FirstFeatureModel), new Inside(features))
{
    private sealed class Inside(int features) : UnsavedContent(features, 1)
    {
        public override RowScorer CreateScorer() => (row, outputs) => outputs[0] = row[0];
    }
}

/// <summary>Every feature is the logit of a class.</summary>
internal sealed class LogitModel(IHostEnvironment environment, int classes) : BridgedMulticlassModel(environment, nameof(LogitModel), new Inside(classes))
{
    private sealed class Inside(int classes) : UnsavedContent(classes, classes)
    {
        public override RowScorer CreateScorer() => (row, outputs) => row.CopyTo(outputs);
    }
}

/// <summary>What is inside a model that nobody needs to read again.</summary>
internal abstract class UnsavedContent(int features, int outputs) : IModelContent
{
    public int FeatureCount => features;

    public int OutputCount => outputs;

    public string? FeatureColumn { get; set; }

    public abstract RowScorer CreateScorer();

    public void Write(BinaryWriter writer)
    {
    }

    public virtual void WriteOnnx(OnnxGraph graph) => throw new NotSupportedException();
}

/// <summary>A row with a number to predict.</summary>
internal sealed class NumberRow
{
    [VectorType(2)]
    public float[] Features { get; set; } = [0, 0];

    public float Label { get; set; }

    public float Weight { get; set; } = 1;
}

/// <summary>A row in which a feature too many stands.</summary>
internal sealed class WideRow
{
    [VectorType(3)]
    public float[] Features { get; set; } = [0, 0, 0];

    public float Label { get; set; }
}

/// <summary>A row with a class by name.</summary>
internal sealed class TextRow
{
    [VectorType(2)]
    public float[] Features { get; set; } = [0, 0];

    public string Label { get; set; } = "";
}
