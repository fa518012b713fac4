using MLNetHyper.Engine;
using TorchSharp;
using static TorchSharp.torch;

namespace MLNetHyper.Torch;

/// <summary>
/// How well a linear readout predicts from a module's features, where it is fitted to labeled examples in closed form and judged on the validation batch: the meta-objective of Metz et al. (ICLR 2019).
/// With the labeled examples' features and a column of ones A and their targets Y, <c>W = (AᵀA + λI′)⁻¹AᵀY</c>, where I′ spares the ones; the loss is differentiated through this solution.
/// </summary>
/// <remarks>Of the paper it differs in that targets and loss are the caller's, whereas there the loss is of normalized logits. A last layer that is no part of the features validates nothing, and gets no gradient from here.</remarks>
public sealed class RidgeReadout : ModuleValidation
{
    private readonly BatchSource _labeled;
    private readonly Func<nn.Module<Tensor, Tensor>, Tensor, Tensor> _features;
    private readonly Func<Tensor, Tensor, Tensor> _loss;
    private readonly Func<Tensor, Tensor> _encode;
    private readonly double _penalty;

    /// <summary>A readout.</summary>
    /// <param name="labeled">The examples that it is fitted to, on the module's device; the batch of each validation batch's number. It stays the caller's, and must live as long as this is used.</param>
    /// <param name="features">The module's features of inputs: examples × features.</param>
    /// <param name="loss">The mean loss of predictions (examples × outputs) and targets: a tensor of one element. Default: the mean squared error of encoded targets.</param>
    /// <param name="encode">What the readout is to predict, from targets: examples × outputs, such as a one for each example's class. Default: the targets themselves.</param>
    /// <param name="penalty">λ, the penalty on the squares of W beside the sum of squared errors, above 0. Default 0.1.</param>
    public RidgeReadout(BatchSource labeled, Func<nn.Module<Tensor, Tensor>, Tensor, Tensor> features, Func<Tensor, Tensor, Tensor>? loss = null, Func<Tensor, Tensor>? encode = null, double penalty = 0.1)
    {
        ArgumentNullException.ThrowIfNull(labeled);
        ArgumentNullException.ThrowIfNull(features);
        if (!(penalty > 0 && double.IsFinite(penalty)))
            throw new ArgumentOutOfRangeException(nameof(penalty), penalty, "The penalty must be a number above 0: without one features that depend on each other have no single solution.");
        (_labeled, _features, _encode, _penalty) = (labeled, features, encode ?? (targets => targets), penalty);
        _loss = loss ?? ((predicted, targets) => nn.functional.mse_loss(predicted, _encode(targets)));
    }

    /// <inheritdoc/>
    public override Tensor Loss(nn.Module<Tensor, Tensor> network, TorchBatch batch)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(batch);
        using DisposeScope scope = NewDisposeScope();
        return _loss(Predict(network, batch.Inputs, batch.Number), batch.Targets).MoveToOuterDisposeScope();
    }

    /// <summary>What the readout that is fitted to the first of the labeled batches predicts: examples × outputs.</summary>
    /// <param name="network">The module.</param>
    /// <param name="inputs">Inputs, on the module's device.</param>
    public Tensor Predict(nn.Module<Tensor, Tensor> network, Tensor inputs)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(inputs);
        using DisposeScope scope = NewDisposeScope();
        using IDisposable mode = no_grad();
        return Predict(network, inputs, 0).MoveToOuterDisposeScope();
    }

    private Tensor Predict(nn.Module<Tensor, Tensor> network, Tensor inputs, long number)
    {
        var fitted = (TorchBatch)_labeled.BatchAt(number);
        Tensor a = WithOnes(_features(network, fitted.Inputs)), transposed = a.t();
        Tensor penalties = full(a.shape[1], _penalty, dtype: a.dtype, device: a.device);
        penalties[^1] = 0;
        // Positive definite, and so without a singular case; what is not finite stays so, and is for the guard to see.
        Tensor w = linalg.solve(transposed.matmul(a) + diag(penalties), transposed.matmul(_encode(fitted.Targets)));
        return WithOnes(_features(network, inputs)).matmul(w);
    }

    private static Tensor WithOnes(Tensor features) => features.dim() == 2
        ? cat([features, features.new_ones(features.shape[0], 1)], 1)
        : throw new InvalidOperationException($"Features must be one row for each example, but have the shape [{string.Join(", ", features.shape)}]. Flatten them.");
}
