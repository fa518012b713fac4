using MLNetHyper.Engine;
using static TorchSharp.torch;

namespace MLNetHyper.Torch;

/// <summary>
/// Products of the Hessian or the Gauss-Newton matrix with directions, by Pearlmutter's R-operator (1994): the tangents of all
/// activations forward, those of all deltas backward. The Gauss-Newton matrix leaves out what comes of the deltas themselves.
/// </summary>
internal sealed class CurvatureProduct(NetworkShape shape, LayerTrace trace, bool isExact)
{
    /// <summary>Writes the products of all directions, as many networks as the trace has.</summary>
    internal void Write(LayerViews directions, LayerViews products)
    {
        int last = shape.Layers.Length - 1;
        Tensor[] weights = [.. trace.Layers.Weights.Select(w => trace.Repetitions == 1 ? w : LayerTrace.Repeat(w, trace.Repetitions))];
        var preactivations = new Tensor[last + 1];
        var inputs = new Tensor?[last + 1];
        for (int l = 0; l <= last; l++)
        {
            Tensor tangent = trace.Inputs[l].bmm(directions.Weights[l].transpose(1, 2)).Plus(directions.Biases[l]);
            if (inputs[l] is { } before)
                tangent.Plus(before.bmm(weights[l].transpose(1, 2)));
            preactivations[l] = tangent;
            if (l < last)
                inputs[l + 1] = trace.Derivatives[l] is { } derivative ? tangent.mul(derivative) : tangent;
        }
        Tensor delta = TorchLoss.Curve(shape.Loss, trace.Predictions, trace.Weights, preactivations[last]);
        for (int l = last; ; l--)
        {
            Tensor weight = delta.transpose(1, 2).bmm(trace.Inputs[l]);
            if (isExact && inputs[l] is { } before)
                weight.Plus(trace.Deltas[l].transpose(1, 2).bmm(before));
            products.Weights[l].copy_(weight);
            products.Biases[l].copy_(delta.sum(1, keepdim: true));
            if (l == 0)
                return;
            Tensor upstream = delta.bmm(weights[l]);
            if (isExact)
                upstream.Plus(trace.Deltas[l].bmm(directions.Weights[l]));
            if (trace.Derivatives[l - 1] is { } derivative)
                upstream.mul_(derivative);
            if (isExact && trace.SecondDerivatives[l - 1] is { } secondDerivative)
                upstream.PlusProduct(secondDerivative, preactivations[l - 1]);
            delta = upstream;
        }
    }
}
