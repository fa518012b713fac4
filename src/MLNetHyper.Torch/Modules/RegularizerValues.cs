using MLNetHyper.Engine;
using TorchSharp;
using static TorchSharp.torch;

namespace MLNetHyper.Torch;

/// <summary>The present values of a regularizer's hyperparameters as leaves of one graph, and the derivatives that a flat gradient has by them.</summary>
internal sealed class RegularizerValues(IReadOnlyList<HyperparameterValue<TorchVector>> values, ScalarType type, Device device) : IDisposable
{
    private readonly Tensor?[] _leaves = new Tensor?[values.Count];
    private readonly TorchVector?[] _amounts = new TorchVector?[values.Count];

    /// <summary>The leaves, which keep the values that they had when they were taken.</summary>
    internal IReadOnlyList<Tensor> Leaves => _leaves!;

    /// <summary>Takes the present values.</summary>
    internal void Take()
    {
        Dispose();
        for (int i = 0; i < values.Count; i++)
        {
            Tensor leaf = values[i].Count > 1 ? values[i].Elements!.Tensor.clone() : tensor(values[i].Mean, dtype: type, device: device);
            _leaves[i] = leaf.requires_grad_(values[i].Definition.Tuned).DetachFromDisposeScope();
        }
    }

    /// <summary>The leaves of those that are tuned.</summary>
    internal IEnumerable<Tensor> Tuned => Leaves.Where(leaf => leaf.requires_grad);

    /// <summary>Adds <c>factor·(∂g/∂λ)ᵀ·adjoint</c>.</summary>
    internal void AddHypergradients(Tensor flatGradient, double factor, TorchVector adjoint)
    {
        using DisposeScope scope = NewDisposeScope();
        Autograd.Backward(flatGradient, adjoint.Tensor, Tuned, retainGraph: true);
        AddGathered(factor);
    }

    /// <summary>Adds a factor times what a backward pass has left in the leaves, which lose it.</summary>
    internal void AddGathered(double factor)
    {
        using DisposeScope scope = NewDisposeScope();
        for (int i = 0; i < values.Count; i++)
        {
            // A hyperparameter that the loss does not use has no gradient.
            if (Derivative(i) is not { } derivative)
                continue;
            if (values[i].Count == 1)
            {
                values[i].AddHypergradient(0, factor * derivative.ToDouble());
                continue;
            }
            TorchVector amounts = _amounts[i] ??= values[i].Elements!.CreateZero();
            amounts.Tensor.copy_(derivative);
            values[i].AddHypergradients(factor, amounts);
        }
    }

    /// <summary>Writes <c>∂g/∂λ</c> by one number: as J q in <see cref="GaussNewtonGraph"/>, by a derivative that is linear in what it is asked along.</summary>
    internal void GradientTangent(Tensor flatGradient, HyperparameterValue<TorchVector> value, int index, TorchVector tangent)
    {
        using DisposeScope scope = NewDisposeScope();
        int i = Enumerable.Range(0, values.Count).First(k => values[k] == value);
        Tensor along = zeros_like(flatGradient).requires_grad_();
        Autograd.Backward(flatGradient, along, [_leaves[i]!], retainGraph: true, createGraph: true);
        tangent.Fill(0);
        if (Derivative(i) is not { requires_grad: true } derivative)
            return;
        Autograd.Backward(derivative.reshape(-1)[index], null, [along], retainGraph: true);
        if (along.grad is { } result)
            tangent.Tensor.copy_(result);
        along.grad = null;
    }

    public void Dispose()
    {
        for (int i = 0; i < _leaves.Length; i++)
        {
            _leaves[i]?.Dispose();
            _leaves[i] = null;
        }
    }

    private Tensor? Derivative(int index)
    {
        if (_leaves[index]!.grad is not { } derivative)
            return null;
        _leaves[index]!.grad = null;
        return derivative;
    }
}
