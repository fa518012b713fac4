using System.Runtime.InteropServices;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace MLNetHyper.Torch;

/// <summary>
/// Backward passes. All go through <c>autograd.backward</c>, which gathers into the leaves and turns libtorch's errors into
/// exceptions; TorchSharp's <c>autograd.grad</c> has let them end the process.
/// </summary>
internal static class Autograd
{
    /// <summary>Adds the derivative of <c>vector·output</c> (of a scalar output where there is no vector) to the gradients of the leaves.</summary>
    internal static void Backward(Tensor output, Tensor? vector, IEnumerable<Tensor> leaves, bool retainGraph, bool createGraph = false)
    {
        try
        {
            autograd.backward([output], vector is null ? null : [vector], retainGraph, createGraph, [.. leaves]);
        }
        catch (ExternalException e)
        {
            throw Explain(e);
        }
    }

    /// <summary>The derivative of <c>vector·output</c> by all weights as one flat tensor that can be differentiated again. The caller disposes of it.</summary>
    internal static Tensor FlatGradient(ModuleWeights module, Tensor output, Tensor? vector)
    {
        using DisposeScope scope = NewDisposeScope();
        module.GatherAnew();
        Backward(output, vector, module.Parameters, retainGraph: true, createGraph: true);
        List<Tensor> parts = [];
        foreach (Parameter parameter in module.Parameters)
        {
            // A parameter that the module did not use has no gradient.
            Tensor part = parameter.grad is { } gradient ? gradient : zeros_like(parameter);
            parts.Add(part.reshape(-1));
        }
        // A gradient with a graph refers to its parameter, and that to it: the two would keep each other alive.
        module.GatherAnew();
        return cat(parts, 0).DetachFromDisposeScope();
    }

    private static InvalidOperationException Explain(ExternalException e)
    {
        string message = e.Message.Split('\n')[0];
        return e.Message.Contains("not implemented", StringComparison.Ordinal) || e.Message.Contains("double backward", StringComparison.OrdinalIgnoreCase)
            ? new($"Hypergradients differentiate the gradient once more, and a part of this module cannot be: {message} Recurrent layers of TorchSharp on the GPU are such parts; build on {nameof(LongShortTermMemory)} instead.", e)
            : new($"libtorch could not differentiate the loss: {message}", e);
    }
}
