using MLNetHyper.Engine;
using static TorchSharp.torch;

namespace MLNetHyper.Torch;

/// <summary>
/// What makes a module's training loss differ from its validation loss, with hyperparameters of its own: augmentation, noise, weights of examples, penalties. They are tuned
/// by the same methods and beside the update rule's, one number or millions (Lorraine et al. 2020), as far as the loss is differentiable by them. Validation and
/// predictions do without.
/// </summary>
/// <remarks>
/// Override what differs. Values come as tensors on the module's device, of one dimension where there are several numbers and of none for one: compute with them, and the
/// hypergradients follow. Random numbers drawn here are the step's own, so that a resumed run draws the same ones.
/// </remarks>
public abstract class ModuleRegularizer
{
    /// <summary>The hyperparameters, with where they start, how far they may go, how many numbers they are, and whether they are tuned.</summary>
    public abstract IReadOnlyList<Hyperparameter> Hyperparameters { get; }

    /// <summary>The module's output on a training batch. Default: that on the batch's inputs.</summary>
    /// <param name="network">The module.</param>
    /// <param name="batch">The batch.</param>
    /// <param name="values">The hyperparameters' present values, in order.</param>
    public virtual Tensor Output(nn.Module<Tensor, Tensor> network, TorchBatch batch, IReadOnlyList<Tensor> values)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(batch);
        return network.call(batch.Inputs);
    }

    /// <summary>The loss of that output: a tensor of one element. Default: the validation loss.</summary>
    /// <param name="output">What <see cref="Output"/> returned.</param>
    /// <param name="batch">The batch.</param>
    /// <param name="values">The hyperparameters' present values, in order.</param>
    /// <param name="loss">The validation loss.</param>
    public virtual Tensor Loss(Tensor output, TorchBatch batch, IReadOnlyList<Tensor> values, Func<Tensor, Tensor, Tensor> loss)
    {
        ArgumentNullException.ThrowIfNull(batch);
        ArgumentNullException.ThrowIfNull(loss);
        return loss(output, batch.Targets);
    }

    /// <summary>What is added to the loss whatever the batch: a tensor of one element. Default: null, nothing.</summary>
    /// <param name="parameters">The module's parameters.</param>
    /// <param name="values">The hyperparameters' present values, in order.</param>
    public virtual Tensor? Penalty(IReadOnlyList<Tensor> parameters, IReadOnlyList<Tensor> values) => null;

    /// <summary>Which of the source's examples a batch has, where hyperparameters belong to single ones.</summary>
    /// <param name="batch">The batch.</param>
    /// <exception cref="InvalidOperationException">The source does not say.</exception>
    protected static Tensor RowsOf(TorchBatch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        return batch.Rows ?? throw new InvalidOperationException("What belongs to single examples needs to know which ones a batch has: use a source that says, such as TensorBatchSource.");
    }

    /// <summary>Whether the validation loss is differentiated by the hyperparameters directly, by way of <see cref="ValidationOutput"/>.</summary>
    internal virtual bool ActsInValidation => false;

    /// <summary>The module's output on a validation batch whose loss is to be differentiated by the hyperparameters too.</summary>
    /// <param name="network">The module.</param>
    /// <param name="batch">The batch.</param>
    /// <param name="values">The hyperparameters' present values, in order.</param>
    internal virtual Tensor ValidationOutput(nn.Module<Tensor, Tensor> network, TorchBatch batch, IReadOnlyList<Tensor> values) => network.call(batch.Inputs);

    /// <summary>What is added to that loss before it is differentiated, and is no part of the loss that is reported; null for nothing.</summary>
    /// <param name="values">The hyperparameters' present values, in order.</param>
    internal virtual Tensor? ValidationPenalty(IReadOnlyList<Tensor> values) => null;
}
