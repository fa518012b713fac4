using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using MLNetHyper.Bridge;
using MLNetHyper.Engine;

namespace MLNetHyper;

/// <summary>Trains a network for binary classification that tunes its own learning rate, momentum and weight decay while it trains.</summary>
/// <remarks>
/// <format type="text/markdown"><![CDATA[
/// To create this trainer, use `mlContext.BinaryClassification.Trainers.OnePassSgd`, with single values or with `Options`.
///
/// ### Input and Output Columns
/// The label must be <xref:System.Boolean>. The features must be a known-sized vector of <xref:System.Single>.
///
/// | Output Column Name | Column Type | Description |
/// | -- | -- | -- |
/// | `Score` | <xref:System.Single> | The logit of the label being true. |
/// | `Probability` | <xref:System.Single> | The probability of the label being true, from 0 to 1. |
/// | `PredictedLabel` | <xref:System.Boolean> | Whether the score is above zero. |
///
/// ### Trainer Characteristics
/// |  |  |
/// | -- | -- |
/// | Machine learning task | Binary classification |
/// | Is normalization required? | No, the trainer standardises by itself |
/// | Is caching required? | No |
/// | Required NuGet in addition to Microsoft.ML | MLNetHyper |
/// | Exportable to ONNX | Yes |
///
/// ### Training Algorithm Details
/// A multilayer perceptron is trained by stochastic gradient descent with momentum. Every ten weight steps, the loss on validation rows is
/// differentiated with respect to learning rate, momentum and weight decay through the last weight steps (the hypergradient), and the three take
/// a step of their own along it. So they are learned in the same single pass, without restarts. A run that diverges goes back to weights that
/// have proved themselves and halves its learning rate; the model has the weights with the lowest validation loss and never gives NaN.
///
/// The method is that of [Clarke, Oldewage and Hernández-Lobato, Scalable One-Pass Optimisation of High-Dimensional Weight-Update Hyperparameters
/// by Implicit Differentiation, ICLR 2022](https://openreview.net/forum?id=hfU7Ka5cfrC), algorithm 1, with hypergradients that include the momentum
/// buffer. [Lorraine, Vicol and Duvenaud, AISTATS 2020](https://arxiv.org/abs/1911.02590), the base of its Neumann series, and
/// [Micaelli and Storkey, NeurIPS 2021](https://arxiv.org/abs/2007.07869), forward mode, can be chosen in the options.
/// ]]></format>
/// </remarks>
/// <seealso cref="OnePassSgdCatalog"/>
/// <seealso cref="Options"/>
public sealed class OnePassSgdBinaryTrainer : BridgedBinaryTrainer<OnePassBinaryModelParameters>
{
    private readonly Options _options;

    internal OnePassSgdBinaryTrainer(IHostEnvironment environment, Options options)
        : base(environment, nameof(OnePassSgdBinaryTrainer), options.LabelColumnName, options.FeatureColumnName, options.ExampleWeightColumnName)
    {
        options.Check();
        _options = options;
    }

    /// <summary>Trains on one set of rows and validates on another, in place of a share of the first.</summary>
    /// <param name="trainData">The rows that the weights learn from.</param>
    /// <param name="validationData">The rows that the hyperparameters learn from, with the same columns; null to take a share of the training rows.</param>
    /// <param name="previousModel">A model of the same shape to go on from: its weights, and the hyperparameters that belong to them. Default: none.</param>
    /// <exception cref="InvalidOperationException">The data have no valid rows, or the previous model does not fit.</exception>
    public BinaryPredictionTransformer<OnePassBinaryModelParameters> Fit(IDataView trainData, IDataView? validationData, OnePassBinaryModelParameters? previousModel = null)
    {
        ArgumentNullException.ThrowIfNull(trainData);
        return FitWith(trainData, validationData, previousModel);
    }

    /// <inheritdoc/>
    protected override OnePassBinaryModelParameters Train(TrainingInput<OnePassBinaryModelParameters> input)
    {
        (TrainedNetwork network, TrainingRecord training) = NetworkTraining.Train(
            input.Training, input.Validation, input.Initial is { } initial ? (initial.Network, initial.Training) : null,
            LearningTask.Binary, outputs: 1, _options, _options.Seed ?? ContextSeed, input.Log);
        return new(Environment, network, training);
    }

    /// <summary>How the trainer trains and tunes.</summary>
    public sealed class Options : OnePassSgdOptions;
}
