using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using MLNetHyper.Bridge;

namespace MLNetHyper.Tests.Bridge;

/// <summary>A regression trainer that does what a test says.</summary>
internal sealed class NumberTrainer(MLContext context, Action<TrainingInput<SumModel>> train, string? weight = null)
    : BridgedRegressionTrainer<SumModel>(CatalogEnvironment.Of(context), nameof(NumberTrainer), "Label", "Features", weight)
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
    : BridgedMulticlassTrainer<LogitModel>(CatalogEnvironment.Of(context), nameof(KindTrainer), "Label", "Features", null)
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
    : BridgedBinaryTrainer<FirstFeatureModel>(CatalogEnvironment.Of(context), nameof(TruthTrainer), "Label", "Features", null)
{
    protected override FirstFeatureModel Train(TrainingInput<FirstFeatureModel> input)
    {
        train(input);
        return new FirstFeatureModel(Environment, input.Training.FeatureCount);
    }
}

/// <summary>The sum of the features.</summary>
internal sealed class SumModel(IHostEnvironment environment, int features) : BridgedRegressionModel(environment, nameof(SumModel))
{
    public override int FeatureCount => features;

    protected override RowScorer CreateScorer() => (row, outputs) =>
    {
        outputs[0] = 0;
        foreach (float value in row)
            outputs[0] += value;
    };

    protected override void Write(BinaryWriter writer)
    {
    }

    protected override void WriteOnnx(OnnxGraph graph) => graph.AddNode("ReduceSum", [graph.Features], graph.Output, ("axes", 1), ("keepdims", 1));
}

internal sealed class FirstFeatureModel(IHostEnvironment environment, int features) : BridgedBinaryModel(environment, nameof(FirstFeatureModel))
{
    public override int FeatureCount => features;

    protected override RowScorer CreateScorer() => (row, outputs) => outputs[0] = row[0];

    protected override void Write(BinaryWriter writer)
    {
    }

    protected override void WriteOnnx(OnnxGraph graph) => throw new NotSupportedException();
}

/// <summary>Every feature is the logit of a class.</summary>
internal sealed class LogitModel(IHostEnvironment environment, int classes) : BridgedMulticlassModel(environment, nameof(LogitModel))
{
    public override int FeatureCount => classes;

    public override int ClassCount => classes;

    protected override RowScorer CreateScorer() => (row, outputs) => row.CopyTo(outputs);

    protected override void Write(BinaryWriter writer)
    {
    }

    protected override void WriteOnnx(OnnxGraph graph) => throw new NotSupportedException();
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
