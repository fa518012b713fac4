using MLNetHyper.Engine;
using static TorchSharp.torch;

namespace MLNetHyper.Torch;

/// <summary>A batch of rows as a network takes them.</summary>
internal sealed class NetworkTensors(Tensor features, Tensor targets, Tensor weights, int count, double weight) : Batch, IDisposable
{
    public override int Count => count;

    public override double Weight => weight;

    /// <summary>Examples × features.</summary>
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
