using System.Numerics;
using MLNetHyper.Engine;
using TorchSharp;
using static TorchSharp.torch;

namespace MLNetHyper.Torch;

/// <summary>
/// Loss, gradient and curvature products of networks (networks × examples × units throughout): backpropagation, and for products
/// Pearlmutter's R-operator on what it left.
/// </summary>
internal sealed class TorchNetworkLinearization<T> : ILinearization<TorchVector>, IDisposable where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly TorchNetworkObjective<T> _objective;
    private readonly NetworkShape _shape;
    private readonly bool _withProducts;
    private LayerTrace? _trace;

    internal TorchNetworkLinearization(TorchNetworkObjective<T> objective, bool withProducts)
    {
        (_objective, _shape, _withProducts) = (objective, objective.Shape, withProducts);
    }

    public double Loss(TorchVector weights, Batch batch)
    {
        using DisposeScope scope = NewDisposeScope();
        return MemberLosses(weights, batch).sum().ToDouble();
    }

    public void Losses(TorchVector weights, Batch batch, Span<double> losses)
    {
        using DisposeScope scope = NewDisposeScope();
        MemberLosses(weights, batch).to_type(ScalarType.Float64).cpu().data<double>().CopyTo(losses);
    }

    /// <summary>Each member's loss, in the caller's scope.</summary>
    internal Tensor MemberLosses(TorchVector weights, Batch batch)
    {
        using DisposeScope scope = NewDisposeScope();
        var tensors = (NetworkTensors)batch;
        Tensor z = Forward(_objective.ViewsOf(weights), tensors, null);
        return TorchLoss.Evaluate(_shape.Loss, z, tensors, out _).MoveToOuterDisposeScope();
    }

    public double Gradient(TorchVector weights, Batch batch, TorchVector gradient)
    {
        using DisposeScope scope = NewDisposeScope();
        return Differentiate(weights, (NetworkTensors)batch, gradient).sum().ToDouble();
    }

    public void Gradient(TorchVector weights, Batch batch, TorchVector gradient, LossSum losses)
    {
        using DisposeScope scope = NewDisposeScope();
        ((TorchLossSum)losses).Add(Differentiate(weights, (NetworkTensors)batch, gradient));
    }

    public void CurvatureVectorProducts(Curvature curvature, ReadOnlySpan<TorchVector> directions, ReadOnlySpan<TorchVector> products, BatchPart part)
    {
        if (!_withProducts)
            throw new InvalidOperationException("This linearization was created for gradients alone. Create it with products.");
        if (_trace is null)
            throw new InvalidOperationException("Products are taken where the last gradient was, but there was none yet.");
        ArgumentOutOfRangeException.ThrowIfNotEqual(products.Length, directions.Length);
        if (directions.Length == 0)
            return;
        using DisposeScope scope = NewDisposeScope();
        LayerTrace trace = _trace.Part(part).Repeated(directions.Length);
        var product = new CurvatureProduct(_shape, trace, curvature == Curvature.Hessian);
        if (directions.Length == 1)
        {
            product.Write(_objective.ViewsOf(directions[0]), _objective.ViewsOf(products[0]));
        }
        else
        {
            // All directions in one product for each layer.
            long networks = (long)directions.Length * _objective.Members;
            Tensor together = stack([.. directions.ToArray().Select(d => d.Tensor)]).view(networks, _shape.Length);
            Tensor results = empty_like(together);
            using LayerViews from = new(_shape, together), to = new(_shape, results);
            product.Write(from, to);
            for (int d = 0; d < directions.Length; d++)
                products[d].Tensor.copy_(results.narrow(0, (long)d * _objective.Members, _objective.Members).view(-1));
        }
        if (trace.Scale is { } scale)
        {
            foreach (TorchVector vector in products)
                vector.Tensor.view(_objective.Members, _shape.Length).mul_(scale);
        }
    }

    public void Dispose()
    {
        _trace?.Dispose();
        _trace = null;
    }

    private Tensor Forward(LayerViews layers, NetworkTensors batch, LayerTrace? trace)
    {
        Tensor a = batch.Features.Dimensions == 3 ? batch.Features.alias() : batch.Features.unsqueeze(0).expand(_objective.Members, -1, -1);
        for (int l = 0; ; l++)
        {
            trace?.Inputs.Add(a);
            // Not baddbmm: TorchSharp has its arguments in another order than libtorch (the first factor, the second, the summand).
            Tensor z = a.bmm(layers.Weights[l].transpose(1, 2)).Plus(layers.Biases[l]);
            if (l == _shape.Layers.Length - 1)
                return z;
            a = TorchActivation.Value(_shape.Activation, z);
            trace?.Activated.Add(TorchActivation.NeedsInput(_shape.Activation) ? z : a);
        }
    }

    private Tensor Differentiate(TorchVector weights, NetworkTensors batch, TorchVector gradient)
    {
        Dispose();
        LayerViews layers = _objective.ViewsOf(weights), into = _objective.ViewsOf(gradient);
        var trace = new LayerTrace(layers, batch);
        Tensor z = Forward(layers, batch, trace);
        Tensor losses = TorchLoss.Evaluate(_shape.Loss, z, batch, out Tensor predictions);
        trace.Predictions = predictions;
        Tensor delta = TorchLoss.Delta(_shape.Loss, predictions, batch);
        for (int l = _shape.Layers.Length - 1; ; l--)
        {
            trace.Deltas.Insert(0, delta);
            into.Weights[l].copy_(delta.transpose(1, 2).bmm(trace.Inputs[l]));
            into.Biases[l].copy_(delta.sum(1, keepdim: true));
            if (l == 0)
                break;
            Tensor upstream = delta.bmm(layers.Weights[l]);
            Tensor? derivative = TorchActivation.Derivative(_shape.Activation, trace.Activated[l - 1]);
            Tensor? secondDerivative = _withProducts ? TorchActivation.SecondDerivative(_shape.Activation, trace.Activated[l - 1]) : null;
            trace.Derivatives.Insert(0, derivative);
            trace.SecondDerivatives.Insert(0, secondDerivative?.mul_(upstream));
            delta = derivative is null ? upstream : upstream.mul_(derivative);
        }
        if (_withProducts)
            _trace = trace.Kept();
        return losses;
    }
}
