using Microsoft.ML;
using Microsoft.ML.Runtime;

namespace MLNetHyper;

/// <summary>Trains a network for regression that tunes its own learning rate, momentum and weight decay while it trains.</summary>
/// <remarks>
/// <format type="text/markdown"><![CDATA[
/// To create this trainer, use `mlContext.Regression.Trainers.OnePassSgd`, with single values or with `Options`.
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
/// | Is normalization required? | No, the trainer standardizes by itself |
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
/// The method is that of [Clarke, Oldewage and Hernández-Lobato, Scalable One-Pass Optimization of High-Dimensional Weight-Update Hyperparameters
/// by Implicit Differentiation, ICLR 2022](https://arxiv.org/abs/2110.10461), algorithm 1, with hypergradients that include the momentum
/// buffer. [Lorraine, Vicol and Duvenaud, AISTATS 2020](https://arxiv.org/abs/1911.02590), the base of its Neumann series, and
/// [Micaelli and Storkey, NeurIPS 2021](https://arxiv.org/abs/2007.07869), forward mode, can be chosen in the options.
/// ]]></format>
/// </remarks>
/// <seealso cref="OnePassSgdCatalog"/>
/// <seealso cref="Options"/>
public sealed class OnePassSgdRegressionTrainer : NetworkRegressionTrainer
{
    internal OnePassSgdRegressionTrainer(IHostEnvironment environment, Options options) : base(environment, nameof(OnePassSgdRegressionTrainer), options)
    {
    }

    /// <summary>How the trainer trains and tunes.</summary>
    public sealed class Options : OnePassSgdOptions;
}
