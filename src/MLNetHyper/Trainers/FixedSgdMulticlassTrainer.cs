using Microsoft.ML;
using Microsoft.ML.Runtime;

namespace MLNetHyper;

/// <summary>Trains a network for multiclass classification with hyperparameters that stay what they are: what a search restarts again and again, and what <c>OnePassSgd</c> makes unnecessary.</summary>
/// <remarks>
/// <format type="text/markdown"><![CDATA[
/// To create this trainer, use `mlContext.MulticlassClassification.Trainers.FixedSgd`, with single values or with `Options`.
///
/// ### Input and Output Columns
/// The label must be of [key](xref:Microsoft.ML.Data.KeyDataViewType) type. The features must be a known-sized vector of <xref:System.Single>.
///
/// | Output Column Name | Column Type | Description |
/// | -- | -- | -- |
/// | `Score` | Vector of <xref:System.Single> | The probabilities of all classes. |
/// | `PredictedLabel` | [key](xref:Microsoft.ML.Data.KeyDataViewType) type | The most probable class. |
///
/// ### Trainer Characteristics
/// |  |  |
/// | -- | -- |
/// | Machine learning task | Multiclass classification |
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
public sealed class FixedSgdMulticlassTrainer : NetworkMulticlassTrainer
{
    internal FixedSgdMulticlassTrainer(IHostEnvironment environment, Options options) : base(environment, nameof(FixedSgdMulticlassTrainer), options)
    {
    }

    /// <summary>How the trainer trains.</summary>
    public sealed class Options : FixedSgdOptions;
}
