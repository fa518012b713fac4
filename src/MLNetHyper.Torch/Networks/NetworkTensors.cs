using MLNetHyper.Engine;
using static TorchSharp.torch;

namespace MLNetHyper.Torch;

/// <summary>A batch of rows as a network takes them.</summary>
/// <param name="features">See <see cref="Features"/>.</param>
/// <param name="targets">See <see cref="Targets"/>.</param>
/// <param name="weights">See <see cref="Weights"/>.</param>
/// <param name="count">The number of examples, of all members together.</param>
/// <param name="weight">How much the batch counts, of each member or of all.</param>
internal sealed class NetworkTensors(Tensor features, Tensor targets, Tensor weights, int count, params double[] weight) : Batch, IDisposable
{
    public override int Count => count;

    public override double Weight => weight[0];

    internal override double WeightOf(int model) => weight[weight.Length == 1 ? 0 : model];

    /// <summary>Examples × features, which all networks share, or one such matrix for each: networks × examples × features. Likewise the others.</summary>
    internal Tensor Features => features;

    /// <summary>Examples × outputs: values, 0 or 1, or one 1 for the class.</summary>
    internal Tensor Targets => targets;

    /// <summary>Examples × 1, divided by their number and by the mean weight of the data (or all zero where that is).</summary>
    internal Tensor Weights => weights;

    public void Dispose()
    {
        features.Dispose();
        targets.Dispose();
        weights.Dispose();
    }
}
