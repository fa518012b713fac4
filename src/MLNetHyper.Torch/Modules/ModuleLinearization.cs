using System.Runtime.InteropServices;
using MLNetHyper.Engine;
using TorchSharp;
using static TorchSharp.torch;

namespace MLNetHyper.Torch;

/// <summary>
/// A module's loss on one batch, differentiated by autograd. With products, the graph of the module's output is kept, masks of
/// dropout included, until the next gradient; that of the gradient itself too, once Hessian products have been asked for.
/// </summary>
internal sealed class ModuleLinearization : ILinearization<TorchVector>, IDisposable
{
    private readonly TorchObjective _objective;
    private readonly ModuleWeights _module;
    private readonly bool _withProducts;
    private readonly RegularizerValues? _values;
    private readonly ModuleValidation? _validation;

    private Tensor? _loss;
    private Tensor? _output;
    private Tensor? _penalty;
    private TorchBatch? _batch;
    private Tensor? _flatGradient;
    private bool _expectsHessianProducts;
    private GaussNewtonGraph? _gaussNewton;
    private Tensor? _flatPenalty;

    internal ModuleLinearization(TorchObjective objective, ModuleWeights module, bool withProducts, IReadOnlyList<HyperparameterValue<TorchVector>>? values = null, ModuleValidation? validation = null)
    {
        _validation = validation;
        _values = values is null ? null : new(values, objective.Type, objective.Device);
        _objective = objective;
        _module = module;
        _withProducts = withProducts;
    }

    public double Loss(TorchVector weights, Batch batch)
    {
        using DisposeScope scope = NewDisposeScope();
        using IDisposable mode = no_grad();
        return Evaluate(weights, (TorchBatch)batch).Loss.ToDouble();
    }

    public double Gradient(TorchVector weights, Batch batch, TorchVector gradient)
    {
        using DisposeScope scope = NewDisposeScope();
        return Differentiate(weights, (TorchBatch)batch, gradient).ToDouble();
    }

    public void Gradient(TorchVector weights, Batch batch, TorchVector gradient, LossSum losses)
    {
        using DisposeScope scope = NewDisposeScope();
        ((TorchLossSum)losses).Add(Differentiate(weights, (TorchBatch)batch, gradient));
    }

    public void CurvatureVectorProducts(Curvature curvature, ReadOnlySpan<TorchVector> directions, ReadOnlySpan<TorchVector> products, BatchPart part)
    {
        if (_loss is null)
            throw new InvalidOperationException(_withProducts ? "Products are taken where the last gradient was, and there was none yet." : "This was created for gradients alone. Create a linearization with products.");
        // Examples may interact, in batch normalization say, and masks belong to the whole batch: a part of it is another function.
        for (int k = 0; k < directions.Length; k++)
        {
            products[k].Fill(0);
            if (curvature == Curvature.Hessian)
                MultiplyHessian(directions[k], products[k]);
            else
                MultiplyGaussNewton(directions[k], products[k]);
        }
    }

    public void AddHypergradients(double factor, TorchVector adjoint)
    {
        if (FlatGradient() is { } gradient)
            _values?.AddHypergradients(gradient, factor, adjoint);
    }

    public void GradientTangent(HyperparameterValue<TorchVector> value, int index, TorchVector tangent)
    {
        tangent.Fill(0);
        if (FlatGradient() is { } gradient)
            _values?.GradientTangent(gradient, value, index, tangent);
    }

    public void Dispose()
    {
        ForgetGraph();
        _values?.Dispose();
        _module.Dispose();
    }

    /// <summary>Adds <c>H·direction</c> to <paramref name="product"/>.</summary>
    private void MultiplyHessian(TorchVector direction, TorchVector product)
    {
        if (FlatGradient() is { } gradient)
            AddProduct(gradient, direction, product);
    }

    /// <summary>Adds the product of the loss's Gauss-Newton part. A penalty has no outputs: its curvature counts whole.</summary>
    private void MultiplyGaussNewton(TorchVector direction, TorchVector product)
    {
        _gaussNewton ??= new GaussNewtonGraph(_module, _output!, output => _objective.LossOf(output, _batch!, _values));
        _gaussNewton.Multiply(direction, product);
        if (_penalty is not { requires_grad: true })
            return;
        _flatPenalty ??= Autograd.FlatGradient(_module, _penalty, null);
        if (_flatPenalty.requires_grad)
            AddProduct(_flatPenalty, direction, product);
    }

    private void AddProduct(Tensor gradient, TorchVector direction, TorchVector product)
    {
        _module.GatherInto(product);
        Autograd.Backward(gradient, direction.Tensor, _module.Parameters, retainGraph: true);
    }

    /// <summary>The last gradient with its graph; null where it depends on nothing, and has none.</summary>
    private Tensor? FlatGradient()
    {
        _expectsHessianProducts = true;
        _flatGradient ??= Autograd.FlatGradient(_module, _loss!, null);
        return _flatGradient.requires_grad ? _flatGradient : null;
    }

    private Tensor Differentiate(TorchVector weights, TorchBatch batch, TorchVector gradient)
    {
        ForgetGraph();
        (Tensor? output, Tensor? penalty, Tensor loss) = Evaluate(weights, batch);
        TorchObjective.RequireDependence(loss);
        if (_withProducts)
        {
            _loss = loss.DetachFromDisposeScope();
            _output = output?.DetachFromDisposeScope();
            _penalty = penalty?.DetachFromDisposeScope();
            _batch = batch;
        }
        if (_expectsHessianProducts)
        {
            _flatGradient = Autograd.FlatGradient(_module, loss, null);
            using Tensor values = _flatGradient.detach();
            gradient.Tensor.copy_(values);
        }
        else
        {
            gradient.Fill(0);
            _module.GatherInto(gradient);
            Autograd.Backward(loss, null, _module.Parameters, retainGraph: _withProducts);
        }
        return loss.detach();
    }

    private (Tensor? Output, Tensor? Penalty, Tensor Loss) Evaluate(TorchVector weights, TorchBatch batch)
    {
        _module.Bind(weights);
        _module.SetMode(batch.IsForTraining);
        if (batch.IsForTraining)
            _objective.SeedMasks(batch.Number);
        try
        {
            if (_validation is not null)
                return (null, null, TorchObjective.OneNumber(_validation.Loss(_module.Module, batch)));
            _values?.Take();
            Tensor output = _objective.OutputOf(_module.Module, batch, _values);
            Tensor loss = _objective.LossOf(output, batch, _values);
            Tensor? penalty = _values is null ? null : _objective.Regularizer!.Penalty(_module.Parameters, _values.Leaves);
            return (output, penalty, penalty is null ? loss : loss + penalty);
        }
        catch (ExternalException e)
        {
            throw TorchObjective.Failure(batch, e);
        }
    }

    private void ForgetGraph()
    {
        _gaussNewton?.Dispose();
        _flatPenalty?.Dispose();
        _penalty?.Dispose();
        _flatGradient?.Dispose();
        _output?.Dispose();
        _loss?.Dispose();
        (_gaussNewton, _flatPenalty, _penalty, _flatGradient, _output, _loss, _batch) = (null, null, null, null, null, null, null);
    }
}
