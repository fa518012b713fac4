using MLNetHyper.Engine;
using static TorchSharp.torch;

namespace MLNetHyper.Torch;

/// <summary>
/// A weight for each training example, which the validation loss teaches: those whose labels are wrong end with low ones (Ren et al. 2018; Lorraine et al. 2020).
/// The training loss is the weighted mean of the examples' losses, so that only the weights' ratios matter.
/// </summary>
public sealed class ExampleWeights : ModuleRegularizer
{
    /// <summary>The name of the hyperparameter.</summary>
    public const string Name = "weight";

    private readonly Func<Tensor, Tensor, Tensor> _losses;

    /// <summary>Weights that start equal, at a half, and stay above 0 and below 1.</summary>
    /// <param name="examples">How many training examples there are, at least 2.</param>
    /// <param name="losses">The losses of the single examples, given the module's output (first) and targets: as <c>cross_entropy</c> gives them without a reduction.</param>
    public ExampleWeights(int examples, Func<Tensor, Tensor, Tensor> losses)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(examples, 2);
        ArgumentNullException.ThrowIfNull(losses);
        _losses = losses;
        Hyperparameters = [new(Name, Transform.Logit, 0.5, -6, 6) { Count = examples, Tuned = true }];
    }

    /// <inheritdoc/>
    public override IReadOnlyList<Hyperparameter> Hyperparameters { get; }

    /// <inheritdoc/>
    public override Tensor Loss(Tensor output, TorchBatch batch, IReadOnlyList<Tensor> values, Func<Tensor, Tensor, Tensor> loss)
    {
        ArgumentNullException.ThrowIfNull(batch);
        ArgumentNullException.ThrowIfNull(values);
        Tensor losses = _losses(output, batch.Targets), weights = values[0].index_select(0, RowsOf(batch));
        return losses.shape.SequenceEqual(weights.shape)
            ? (weights * losses).sum() / weights.sum()
            : throw new InvalidOperationException($"There must be one loss for each of the {batch.Count} examples, but the losses have the shape [{string.Join(", ", losses.shape)}]. Leave the reduction out.");
    }
}
