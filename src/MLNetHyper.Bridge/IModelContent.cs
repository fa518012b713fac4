namespace MLNetHyper.Bridge;

/// <summary>From a row's features to a model's raw outputs: the value, the logit of the positive class, or the logits of all classes. For one thread.</summary>
public delegate void RowScorer(ReadOnlySpan<float> features, Span<float> outputs);

/// <summary>What is inside a model, whatever its task: what it computes, and how that is written.</summary>
public interface IModelContent
{
    /// <summary>Number of features.</summary>
    int FeatureCount { get; }

    /// <summary>Number of raw outputs: 1 for regression and binary classification, otherwise the number of classes.</summary>
    int OutputCount { get; }

    /// <summary>The column that the features came from in training, where that is known.</summary>
    string? FeatureColumn { get; set; }

    /// <summary>Makes a scorer for one thread.</summary>
    RowScorer CreateScorer();

    /// <summary>Writes what <see cref="IModelReader"/> reads.</summary>
    void Write(BinaryWriter writer);

    /// <summary>Writes the way from <see cref="OnnxGraph.Features"/> to <see cref="OnnxGraph.Output"/>, the raw outputs of <see cref="CreateScorer"/>.</summary>
    void WriteOnnx(OnnxGraph graph);
}
