using MLNetHyper.Engine;
using static TorchSharp.torch;

namespace MLNetHyper.Torch;

/// <summary>The layers of one or more networks of the same shape as batched matrices: views of a tensor of networks × weights.</summary>
internal sealed class LayerViews : IDisposable
{
    internal LayerViews(NetworkShape shape, Tensor networks)
    {
        Weights = new Tensor[shape.Layers.Length];
        Biases = new Tensor[shape.Layers.Length];
        long count = networks.shape[0];
        for (int l = 0; l < Weights.Length; l++)
        {
            NetworkShape.Layer layer = shape.Layers[l];
            using Tensor weight = networks.narrow(1, layer.Weight, (long)layer.Inputs * layer.Outputs), bias = networks.narrow(1, layer.Bias, layer.Outputs);
            Weights[l] = weight.view(count, layer.Outputs, layer.Inputs).DetachFromDisposeScope();
            Biases[l] = bias.view(count, 1, layer.Outputs).DetachFromDisposeScope();
        }
    }

    /// <summary>For each layer: networks × units × inputs.</summary>
    internal Tensor[] Weights { get; }

    /// <summary>For each layer: networks × 1 × units.</summary>
    internal Tensor[] Biases { get; }

    public void Dispose()
    {
        foreach (Tensor view in Weights.Concat(Biases))
            view.Dispose();
    }
}
