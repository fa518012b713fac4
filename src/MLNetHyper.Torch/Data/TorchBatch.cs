using MLNetHyper.Engine;
using static TorchSharp.torch;

namespace MLNetHyper.Torch;

/// <summary>Examples as tensors, and how a module is to see them.</summary>
/// <param name="inputs">What the module takes; the first dimension counts the examples.</param>
/// <param name="targets">What the loss takes beside the module's output.</param>
/// <param name="count">The number of examples.</param>
/// <param name="number">
/// The step that the batch belongs to. Random masks of the step, such as those of dropout, come from it and the seed, so that a
/// resumed run draws the same ones.
/// </param>
/// <param name="isForTraining">Whether dropout is on. Batch normalization uses the batch's own statistics either way.</param>
/// <param name="rows">Which of the source's examples they are; null where the source does not say.</param>
public sealed class TorchBatch(Tensor inputs, Tensor targets, int count, long number, bool isForTraining, Tensor? rows = null) : Batch
{
    /// <inheritdoc/>
    public override int Count => count;

    /// <summary>What the module takes.</summary>
    public Tensor Inputs => inputs;

    /// <summary>What the loss takes beside the module's output.</summary>
    public Tensor Targets => targets;

    /// <summary>Which of the source's examples they are, as 64-bit integers, for what belongs to single ones; null where the source does not say.</summary>
    public Tensor? Rows => rows;

    /// <summary>The step that the batch belongs to.</summary>
    public long Number => number;

    /// <summary>Whether dropout is on.</summary>
    public bool IsForTraining => isForTraining;
}
