using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using MLNetHyper.Bridge;
using MLNetHyper.Engine;

namespace MLNetHyper;

/// <summary>Trains a network for regression with hyperparameters that stay what they are: what a search restarts again and again, and what <c>OnePassSgd</c> makes unnecessary.</summary>
/// <remarks>
/// <format type="text/markdown"><![CDATA[
/// To create this trainer, use `mlContext.Regression.Trainers.FixedSgd`, with single values or with `Options`.
///
/// ### Input and Output Columns
/// The label must be <xref:System.Single>. The features must be a known-sized vector of <xref:System.Single>.
///
/// | Output Column Name | Column Type | Description |
/// | -- | -- | -- |
/// | `Score` | <xref:System.Single> | The predicted value, in the units of the label. |
///
/// ### Trainer Characteristics
/// |  |  |
/// | -- | -- |
/// | Machine learning task | Regression |
/// | Is normalization required? | No, the trainer standardises by itself |
/// | Is caching required? | No |
/// | Required NuGet in addition to Microsoft.ML | MLNetHyper |
/// | Exportable to ONNX | Yes |
///
/// ### Training Algorithm Details
/// A multilayer perceptron is trained by stochastic gradient descent with momentum and weight decay (the update of PyTorch's `SGD`).
/// A run that diverges goes back to weights that have proved themselves and halves its learning rate; the model has the weights with the
/// lowest validation loss and never gives NaN.
/// ]]></format>
/// </remarks>
/// <seealso cref="FixedSgdCatalog"/>
/// <seealso cref="Options"/>
public sealed class FixedSgdRegressionTrainer : BridgedRegressionTrainer<OnePassRegressionModelParameters>
{
    private readonly Options _options;

    internal FixedSgdRegressionTrainer(IHostEnvironment environment, Options options)
        : base(environment, nameof(FixedSgdRegressionTrainer), options.LabelColumnName, options.FeatureColumnName, options.ExampleWeightColumnName)
    {
        options.Check();
        _options = options;
    }

    /// <summary>Trains on one set of rows and validates on another, in place of a share of the first.</summary>
    /// <param name="trainData">The rows that the weights learn from.</param>
    /// <param name="validationData">The rows that the hyperparameters learn from, with the same columns; null to take a share of the training rows.</param>
    /// <param name="previousModel">A model of the same shape to go on from: its weights. Default: none.</param>
    /// <exception cref="InvalidOperationException">The data have no valid rows, or the previous model does not fit.</exception>
    public RegressionPredictionTransformer<OnePassRegressionModelParameters> Fit(IDataView trainData, IDataView? validationData, OnePassRegressionModelParameters? previousModel = null)
    {
        ArgumentNullException.ThrowIfNull(trainData);
        return FitWith(trainData, validationData, previousModel);
    }

    /// <inheritdoc/>
    protected override OnePassRegressionModelParameters Train(TrainingInput<OnePassRegressionModelParameters> input)
    {
        (TrainedNetwork network, TrainingRecord training) = NetworkTraining.Train(
            input.Training, input.Validation, input.Initial is { } initial ? (initial.Network, initial.Training) : null,
            LearningTask.Regression, outputs: 1, _options, _options.Seed ?? ContextSeed, input.Log);
        return new(Environment, network, training);
    }

    /// <summary>How the trainer trains.</summary>
    public sealed class Options : FixedSgdOptions;
}
