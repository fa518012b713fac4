using MLNetHyper.Engine;

namespace MLNetHyper;

/// <summary>What a network is trained on: standardized examples, and what a model needs to do the same to rows.</summary>
/// <param name="Training">The examples that the weights learn from.</param>
/// <param name="Validation">The examples that the hyperparameters learn from.</param>
/// <param name="Features">How features were standardized; what comes behind, the training examples have.</param>
/// <param name="Label">How the label was standardized; 0 and 1 for classification.</param>
/// <param name="ConstantFeatures">Those whose value was the same in all training rows, and is 0 once standardized.</param>
/// <param name="SkippedRows">Rows left out because something is missing in them.</param>
internal sealed record TrainingData(ExampleSource<float> Training, Examples<float> Validation, Standardization Features, Standardization Label, IReadOnlyList<int> ConstantFeatures, long SkippedRows);
