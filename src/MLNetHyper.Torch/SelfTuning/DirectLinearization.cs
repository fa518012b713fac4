using System.Runtime.InteropServices;
using MLNetHyper.Engine;
using TorchSharp;
using static TorchSharp.torch;

namespace MLNetHyper.Torch;

/// <summary>A module's validation loss whose gradient comes with derivatives by the hyperparameters themselves, as far as a regularizer makes the module depend on them.</summary>
internal sealed class DirectLinearization(TorchObjective objective, ModuleWeights module, IReadOnlyList<HyperparameterValue<TorchVector>> values) : ILinearization<TorchVector>, IDisposable
{
    private readonly RegularizerValues _values = new(values, objective.Type, objective.Device);

    /// <summary>The loss of the plain module.</summary>
    public double Loss(TorchVector weights, Batch batch)
    {
        using DisposeScope scope = NewDisposeScope();
        using IDisposable mode = no_grad();
        return Evaluate(weights, (TorchBatch)batch, batch => module.Module.call(batch.Inputs)).ToDouble();
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

    public void AddDirectHypergradients() => _values.AddGathered(1);

    public void CurvatureVectorProducts(Curvature curvature, ReadOnlySpan<TorchVector> directions, ReadOnlySpan<TorchVector> products, BatchPart part) =>
        throw new InvalidOperationException("A validation loss is differentiated once.");

    public void Dispose()
    {
        _values.Dispose();
        module.Dispose();
    }

    private Tensor Differentiate(TorchVector weights, TorchBatch batch, TorchVector gradient)
    {
        _values.Take();
        // Of numbers of its own, which no training step draws.
        objective.SeedMasks(-1 - batch.Number);
        Tensor loss = Evaluate(weights, batch, batch => objective.Regularizer!.ValidationOutput(module.Module, batch, _values.Leaves));
        TorchObjective.RequireDependence(loss);
        gradient.Fill(0);
        module.GatherInto(gradient);
        Tensor differentiated = objective.Regularizer!.ValidationPenalty(_values.Leaves) is { } penalty ? loss.Sum(penalty) : loss;
        Autograd.Backward(differentiated, null, module.Parameters.Concat(_values.Tuned), retainGraph: false);
        return loss.detach();
    }

    private Tensor Evaluate(TorchVector weights, TorchBatch batch, Func<TorchBatch, Tensor> output)
    {
        module.Bind(weights);
        module.SetMode(isTraining: false);
        try
        {
            return objective.LossOf(output(batch), batch);
        }
        catch (ExternalException e)
        {
            throw TorchObjective.Failure(batch, e);
        }
    }
}
