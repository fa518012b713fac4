using MLNetHyper.Engine;
using static TorchSharp.torch;

namespace MLNetHyper.Torch;

/// <summary>What a gradient leaves for curvature products at the same point; networks × examples × units throughout.</summary>
internal sealed class LayerTrace(LayerViews layers, NetworkTensors batch) : IDisposable
{
    /// <summary>The weights of the point.</summary>
    internal LayerViews Layers { get; } = layers;

    /// <summary>What each layer took in.</summary>
    internal List<Tensor> Inputs { get; private init; } = [];

    /// <summary>Each hidden layer's σ(z), or z. Not kept.</summary>
    internal List<Tensor> Activated { get; } = [];

    /// <summary>The loss's derivative by each layer's z.</summary>
    internal List<Tensor> Deltas { get; private init; } = [];

    /// <summary>Each hidden layer's σ'(z); null where that is 1.</summary>
    internal List<Tensor?> Derivatives { get; private init; } = [];

    /// <summary>Each hidden layer's σ''(z), times the loss's derivative by σ(z); null where that is 0.</summary>
    internal List<Tensor?> SecondDerivatives { get; private init; } = [];

    /// <summary>Values or probabilities.</summary>
    internal Tensor Predictions { get; set; } = null!;

    /// <summary>The examples' weights, of all networks or of each.</summary>
    internal Tensor Weights { get; private init; } = batch.Weights;

    /// <summary>What products of a part of the batch must be multiplied with to stand for the whole, a number or one for each network (× 1); null for the whole.</summary>
    internal Tensor? Scale { get; private init; }

    /// <summary>How often the networks are repeated.</summary>
    internal int Repetitions { get; private init; } = 1;

    /// <summary>This, out of the caller's scope.</summary>
    internal LayerTrace Kept()
    {
        foreach (Tensor tensor in Owned())
            tensor.DetachFromDisposeScope();
        return this;
    }

    /// <summary>A part of the examples.</summary>
    internal LayerTrace Part(BatchPart part)
    {
        long count = Weights.shape[^2];
        if (part.Count == 1 || count < part.Count)
            return this;
        long start = part.Index * count / part.Count, length = ((part.Index + 1) * count / part.Count) - start;
        Tensor weights = Weights.narrow(-2, start, length), total = weights.sum(-2);
        return With(t => t.narrow(1, start, length), weights, Weights.sum(-2).mul_(total.reciprocal().ZeroWhereZero(total)), Repetitions);
    }

    /// <summary>The same networks several times, one time after another.</summary>
    internal LayerTrace Repeated(int times) =>
        times == 1 ? this : With(t => Repeat(t, times), Weights.Dimensions == 3 ? Repeat(Weights, times) : Weights, Scale, times);

    /// <summary>Each network several times: no copy where there is but one.</summary>
    internal static Tensor Repeat(Tensor tensor, int times) =>
        tensor.unsqueeze(0).expand(times, -1, -1, -1).reshape(times * tensor.shape[0], tensor.shape[1], tensor.shape[2]);

    public void Dispose()
    {
        foreach (Tensor tensor in Owned())
            tensor.Dispose();
    }

    private LayerTrace With(Func<Tensor, Tensor> change, Tensor weights, Tensor? scale, int repetitions) => new(Layers, batch)
    {
        Inputs = [.. Inputs.Select(change)],
        Deltas = [.. Deltas.Select(change)],
        Derivatives = [.. Derivatives.Select(s => s is null ? null : change(s))],
        SecondDerivatives = [.. SecondDerivatives.Select(b => b is null ? null : change(b))],
        Predictions = change(Predictions),
        Weights = weights,
        Scale = scale,
        Repetitions = repetitions,
    };

    private IEnumerable<Tensor> Owned() =>
        Inputs.Concat(Deltas).Concat(Derivatives.OfType<Tensor>()).Concat(SecondDerivatives.OfType<Tensor>()).Append(Predictions);
}
