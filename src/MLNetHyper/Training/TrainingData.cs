using MLNetHyper.Engine;

namespace MLNetHyper;

/// <summary>What a network is trained on: standardised examples, and the standardisation that a model needs to do the same.</summary>
/// <param name="Training">The examples that the weights learn from.</param>
/// <param name="Validation">The examples that the hyperparameters learn from.</param>
/// <param name="Features">How features were standardised.</param>
/// <param name="Label">How the label was standardised; 0 and 1 for classification.</param>
/// <param name="ConstantFeatures">Those whose value was the same in all training rows, and is 0 once standardised.</param>
/// <param name="SkippedRows">Rows left out because something is missing in them.</param>
internal sealed record TrainingData(ExampleSource<float> Training, Examples<float> Validation, Standardisation Features, Standardisation Label, IReadOnlyList<int> ConstantFeatures, long SkippedRows);
