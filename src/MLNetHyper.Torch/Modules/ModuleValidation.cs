using static TorchSharp.torch;

namespace MLNetHyper.Torch;

/// <summary>
/// A loss of a module's own for validation: the meta-objective, which hyperparameters learn from and by which the best weights are chosen, where it is not the loss that trains the weights. A module that
/// learns from examples without labels, say, may be judged by what few labels can make of its features (Metz et al. 2019).
/// </summary>
public abstract class ModuleValidation
{
    /// <summary>The mean loss on a validation batch: a tensor of one element, which can be differentiated once by the module's parameters.</summary>
    /// <param name="network">The module.</param>
    /// <param name="batch">The batch.</param>
    public abstract Tensor Loss(nn.Module<Tensor, Tensor> network, TorchBatch batch);
}
