using static TorchSharp.torch;

namespace MLNetHyper.Torch;

/// <summary>What layers have to know while a module is called: how far every example's regularizers are from their present values, and how strong they are.</summary>
/// <param name="Offsets">By how much each example's raw values differ from the present ones, examples × numbers; null where they do not.</param>
/// <param name="Values">Each example's real values, a tensor of as many elements as examples for each number; null in validation, which does without regularizers.</param>
/// <param name="LearnsResponse">Whether the layers' own weights count as constants, so that only how they respond learns.</param>
internal sealed record ResponsePass(Tensor? Offsets, IReadOnlyList<Tensor>? Values, bool LearnsResponse = false)
{
    /// <summary>What layers have added to the loss, in no scope.</summary>
    internal List<Tensor> Penalties { get; } = [];

    /// <summary>A loss with what layers have added to it, which is disposed of.</summary>
    internal Tensor Complete(Tensor loss)
    {
        foreach (Tensor penalty in Penalties)
        {
            loss = loss.Sum(penalty);
            penalty.Dispose();
        }
        return loss;
    }
}
