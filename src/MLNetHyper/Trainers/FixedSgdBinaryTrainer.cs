using Microsoft.ML;
using Microsoft.ML.Runtime;

namespace MLNetHyper;

/// <summary>Trains a network for binary classification with hyperparameters that stay what they are: what a search restarts again and again, and what <c>OnePassSgd</c> makes unnecessary.</summary>
/// <remarks>
/// <format type="text/markdown"><![CDATA[
/// To create this trainer, use `mlContext.BinaryClassification.Trainers.FixedSgd`, with single values or with `Options`.
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
/// | Is normalization required? | No, the trainer standardizes by itself |
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
public sealed class FixedSgdBinaryTrainer : NetworkBinaryTrainer
{
    internal FixedSgdBinaryTrainer(IHostEnvironment environment, Options options) : base(environment, nameof(FixedSgdBinaryTrainer), options)
    {
    }

    /// <summary>How the trainer trains.</summary>
    public sealed class Options : FixedSgdOptions;
}
