using TorchSharp;
using static TorchSharp.torch;

namespace MLNetHyper.Torch;

/// <summary>
/// Products <c>Jᵀ H_out J q</c> at one point. TorchSharp has no forward-mode derivatives, so <c>J q</c> is a double
/// vector-Jacobian product: <c>Jᵀu</c> is linear in u, and its own derivative by u, applied to q, is <c>J q</c>.
/// </summary>
internal sealed class GaussNewtonGraph : IDisposable
{
    private readonly ModuleWeights _module;
    private readonly Tensor _output;
    private readonly Tensor _dummy;
    private readonly Tensor _transposed;
    private readonly Tensor _outputLeaf;
    private readonly Tensor _outputGradient;

    internal GaussNewtonGraph(ModuleWeights module, Tensor output, Func<Tensor, Tensor> lossOf)
    {
        _module = module;
        _output = output;
        using DisposeScope scope = NewDisposeScope();
        _dummy = zeros_like(output).requires_grad_().DetachFromDisposeScope();
        _transposed = Autograd.FlatGradient(module, output, _dummy);
        _outputLeaf = output.detach().requires_grad_().DetachFromDisposeScope();
        Tensor loss = lossOf(_outputLeaf);
        Autograd.Backward(loss, null, [_outputLeaf], retainGraph: true, createGraph: true);
        _outputGradient = _outputLeaf.grad!.DetachFromDisposeScope();
        _outputLeaf.grad = null;
    }

    /// <summary>Adds the product to <paramref name="product"/>, whose elements are zero.</summary>
    internal void Multiply(TorchVector direction, TorchVector product)
    {
        using DisposeScope scope = NewDisposeScope();
        Autograd.Backward(_transposed, direction.Tensor, [_dummy], retainGraph: true);
        Tensor pushed = _dummy.grad!;
        _dummy.grad = null;
        // Losses that are linear in the output have no curvature there.
        if (!_outputGradient.requires_grad)
            return;
        Autograd.Backward(_outputGradient, pushed, [_outputLeaf], retainGraph: true);
        Tensor curved = _outputLeaf.grad!;
        _outputLeaf.grad = null;
        _module.GatherInto(product);
        Autograd.Backward(_output, curved, _module.Parameters, retainGraph: true);
    }

    public void Dispose()
    {
        _dummy.Dispose();
        _transposed.Dispose();
        _outputLeaf.Dispose();
        _outputGradient.Dispose();
    }
}
