using MLNetHyper.Engine;
using static TorchSharp.torch;

namespace MLNetHyper.Torch;

/// <summary>Losses of outputs (networks × examples × outputs) and their derivatives by them.</summary>
internal static class TorchLoss
{
    /// <summary>Each network's weighted loss.</summary>
    /// <param name="loss">Which loss.</param>
    /// <param name="z">The outputs.</param>
    /// <param name="batch">Targets and weights.</param>
    /// <param name="predictions">Values or probabilities.</param>
    internal static Tensor Evaluate(Loss loss, Tensor z, NetworkTensors batch, out Tensor predictions)
    {
        switch (loss)
        {
            case Loss.SquaredError:
                predictions = z;
                return z.sub(batch.Targets).Squared().mul_(batch.Weights).sum([1, 2]);
            case Loss.Logistic:
                predictions = z.sigmoid();
                // max(0, z) - yz + log(1+e^-|z|)
                return z.abs().neg_().exp_().log1p_().Plus(z.relu()).sub_(z.mul(batch.Targets)).mul_(batch.Weights).sum([1, 2]);
            default:
                Tensor logarithms = z.log_softmax(2);
                predictions = logarithms.exp();
                return logarithms.mul_(batch.Targets).mul_(batch.Weights).sum([1, 2]).neg_();
        }
    }

    /// <summary>The loss's derivative by the outputs.</summary>
    internal static Tensor Delta(Loss loss, Tensor predictions, NetworkTensors batch)
    {
        Tensor delta = predictions.sub(batch.Targets).mul_(batch.Weights);
        return loss == Loss.SquaredError ? delta.Times(2) : delta;
    }

    /// <summary><c>H_out · tangent</c>, in place.</summary>
    internal static Tensor Curve(Loss loss, Tensor predictions, Tensor weights, Tensor tangent)
    {
        switch (loss)
        {
            case Loss.SquaredError:
                return tangent.mul_(weights).Times(2);
            case Loss.Logistic:
                return tangent.mul_(predictions).mul_(predictions.neg().Plus(1)).mul_(weights);
            default:
                Tensor mean = tangent.mul(predictions).sum(2, keepdim: true);
                return tangent.sub_(mean).mul_(predictions).mul_(weights);
        }
    }
}
