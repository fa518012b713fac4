using MLNetHyper.Engine;
using static TorchSharp.torch;

namespace MLNetHyper.Torch;

/// <summary>
/// A regularizer whose strength a self-tuning network learns, and which acts at one place of it in training (<see cref="SelfTuningRegularizers.Layer"/>). It need not be differentiable by its
/// strength, nor continuous in it: every example has a strength of its own, near the present one, and what is learned is how the weights respond.
/// </summary>
public abstract class TunedRegularizer
{
    /// <summary>Its numbers: names that no other regularizer has, where they start, and between which raw values they are tuned.</summary>
    public abstract IReadOnlyList<Hyperparameter> Hyperparameters { get; }

    /// <summary>What becomes of a layer's input in training.</summary>
    /// <param name="input">The input, whose first dimension counts the examples.</param>
    /// <param name="values">For each of <see cref="Hyperparameters"/> the examples' real values, as many as there are examples.</param>
    public abstract Tensor Apply(Tensor input, IReadOnlyList<Tensor> values);

    /// <summary>A number between 0 and a greatest value, from which it stays a little away.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="initial">Where it starts: above 0 and below the greatest value.</param>
    /// <param name="greatest">The greatest value.</param>
    protected static Hyperparameter Between0And(string name, double initial, double greatest)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        var definition = new Hyperparameter(name, Transform.LogitUpTo(greatest), initial, -6, 6) { Tuned = true };
        return definition.Fault() is { } fault ? throw new ArgumentException(fault, nameof(initial)) : definition;
    }

    /// <summary>The examples' values in a shape that spreads over an input's other dimensions.</summary>
    /// <param name="value">One for each example.</param>
    /// <param name="input">The input.</param>
    protected static Tensor Spread(Tensor value, Tensor input)
    {
        ArgumentNullException.ThrowIfNull(value);
        ArgumentNullException.ThrowIfNull(input);
        return value.view([value.shape[0], .. Enumerable.Repeat(1L, (int)input.dim() - 1)]);
    }

    /// <summary>Keeps what is drawn above each example's rate, and scales it up so that means stay (Srivastava et al. 2014).</summary>
    private protected static Tensor Drop(Tensor input, Tensor rate, long[] maskShape)
    {
        Tensor rates = Spread(rate, input), kept = rand(maskShape, dtype: input.dtype, device: input.device).ge(rates).to_type(input.dtype);
        return input.mul(kept.div(TransformedTensor.Constant(1, rates).sub(rates)));
    }
}
