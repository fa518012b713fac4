using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Model.OnnxConverter;
using Microsoft.ML.Runtime;

namespace MLNetHyper.Bridge;

/// <summary>A model whose raw output is a value.</summary>
public abstract class BridgedRegressionModel(IHostEnvironment environment, string name, IModelContent content) : BridgedModel<float>(environment, name, content)
{
    /// <inheritdoc/>
    protected sealed override PredictionKind PredictionKind => PredictionKind.Regression;

    private protected sealed override ValueMapper<VBuffer<float>, float> CreateMapper()
    {
        Func<VBuffer<float>, float[]> score = CreateRowScorer();
        return (in VBuffer<float> features, ref float result) => result = score(features)[0];
    }
}

/// <summary>A model whose raw output is the logit of the positive class.</summary>
public abstract class BridgedBinaryModel(IHostEnvironment environment, string name, IModelContent content) : BridgedModel<float>(environment, name, content), IValueMapperDist, IDistPredictorProducing<float, float>
{
    DataViewType IValueMapperDist.DistType => NumberDataViewType.Single;

    /// <inheritdoc/>
    protected sealed override PredictionKind PredictionKind => PredictionKind.BinaryClassification;

    ValueMapper<TSource, TResult, TProbability> IValueMapperDist.GetMapper<TSource, TResult, TProbability>()
    {
        Func<VBuffer<float>, float[]> score = CreateRowScorer();
        ValueMapper<VBuffer<float>, float, float> mapper = (in VBuffer<float> features, ref float result, ref float probability) =>
        {
            result = score(features)[0];
            // Exact at both ends: an exponential that overflows gives 0.
            probability = 1 / (1 + MathF.Exp(-result));
        };
        return (ValueMapper<TSource, TResult, TProbability>)(Delegate)mapper;
    }

    private protected sealed override ValueMapper<VBuffer<float>, float> CreateMapper()
    {
        Func<VBuffer<float>, float[]> score = CreateRowScorer();
        return (in VBuffer<float> features, ref float result) => result = score(features)[0];
    }

    // PredictedLabel, which ML.NET itself makes, then Score and Probability.
    private protected sealed override void WriteScores(OnnxContext context, string[] names, string features)
    {
        var graph = new OnnxGraph(context, features, names[1]);
        Content.WriteOnnx(graph);
        graph.AddNode("Sigmoid", [names[1]], names[2]);
    }
}

/// <summary>A model whose raw outputs are the logits of the classes; ML.NET gets their softmax.</summary>
public abstract class BridgedMulticlassModel(IHostEnvironment environment, string name, IModelContent content) : BridgedModel<VBuffer<float>>(environment, name, content)
{
    /// <summary>Number of classes.</summary>
    public int ClassCount => Content.OutputCount;

    /// <inheritdoc/>
    protected sealed override PredictionKind PredictionKind => PredictionKind.MulticlassClassification;

    private protected sealed override DataViewType ScoreType => new VectorDataViewType(NumberDataViewType.Single, ClassCount);

    private protected sealed override ValueMapper<VBuffer<float>, VBuffer<float>> CreateMapper()
    {
        Func<VBuffer<float>, float[]> score = CreateRowScorer();
        return (in VBuffer<float> features, ref VBuffer<float> result) =>
        {
            float[] logits = score(features);
            VBufferEditor<float> editor = VBufferEditor.Create(ref result, logits.Length);
            Softmax(logits, editor.Values);
            result = editor.Commit();
        };
    }

    // ML.NET makes PredictedLabel from Score when it scores, but not when it exports.
    private protected sealed override void WriteScores(OnnxContext context, string[] names, string features)
    {
        var graph = new OnnxGraph(context, features, context.AddIntermediateVariable(null, "Logits", true));
        Content.WriteOnnx(graph);
        graph.AddNode("Softmax", [graph.Output], names[1], ("axis", 1L));
        string best = graph.AddNode("ArgMax", [names[1]], null, ("axis", 1L), ("keepdims", 1L));
        string key = graph.AddNode("Add", [best, context.AddInitializer([1L], [1L], "One")]);
        graph.AddNode("Cast", [key], names[0], ("to", typeof(uint)));
    }

    // Less the greatest, so that no exponential overflows.
    private static void Softmax(ReadOnlySpan<float> logits, Span<float> probabilities)
    {
        float greatest = float.NegativeInfinity, sum = 0;
        foreach (float logit in logits)
            greatest = MathF.Max(greatest, logit);
        for (int i = 0; i < logits.Length; i++)
            sum += probabilities[i] = MathF.Exp(logits[i] - greatest);
        for (int i = 0; i < logits.Length; i++)
            probabilities[i] /= sum;
    }
}
