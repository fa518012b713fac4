using TorchSharp.Modules;
using static TorchSharp.torch;

namespace MLNetHyper.Torch;

/// <summary>What best-response layers share: initial weights, and how an example's regularizers gate its response.</summary>
internal static class BestResponse
{
    /// <summary>PyTorch's initial weights of dense and convolution layers.</summary>
    internal static Parameter Uniform(long inputs, params long[] shape)
    {
        double bound = 1 / Math.Sqrt(inputs);
        // A module's parameters belong to it, not to the scope that it is made in.
        using Tensor drawn = nn.init.uniform_(empty(shape), -bound, bound);
        return (Parameter)new Parameter(drawn).DetachFromDisposeScope();
    }

    /// <summary>No response yet (Bae and Grosse 2020).</summary>
    internal static Parameter Gates(long outputs, int numbers)
    {
        using Tensor none = zeros(outputs, numbers);
        return (Parameter)new Parameter(none).DetachFromDisposeScope();
    }

    /// <summary>
    /// <c>y + (A·η)∘v + (E·η)∘c</c>, with the offsets η of each example, where y is what the layer gives with its own weights and v what it gives with those of its response.
    /// </summary>
    /// <param name="own">y, whose first dimension counts the examples.</param>
    /// <param name="response">v.</param>
    /// <param name="offsets">η, examples × numbers.</param>
    /// <param name="weightGates">A, outputs × numbers.</param>
    /// <param name="biasGates">E, outputs × numbers.</param>
    /// <param name="responseBias">c.</param>
    /// <param name="outputDimension">Which dimension of y counts the outputs.</param>
    internal static Tensor Respond(Tensor own, Tensor response, Tensor offsets, Tensor weightGates, Tensor biasGates, Tensor responseBias, int outputDimension)
    {
        long[] shape = [.. Enumerable.Range(0, (int)own.dim()).Select(d => d == 0 ? own.shape[0] : d == outputDimension ? own.shape[d] : 1)];
        Tensor ofWeights = offsets.matmul(weightGates.t()).view(shape), ofBias = offsets.matmul(biasGates.t()).mul(responseBias).view(shape);
        return own.Sum(ofWeights.mul(response)).Sum(ofBias);
    }
}
