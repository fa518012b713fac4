using MLNetHyper.Engine;
using static TorchSharp.torch;

namespace MLNetHyper.Torch;

/// <summary>Normal noise on a layer's input, most often the network's, of a standard deviation that is tuned.</summary>
/// <param name="name">The hyperparameter's name. Default <c>noise</c>.</param>
/// <param name="initial">The deviation to start from, in the input's units: above 0 and below <paramref name="greatest"/>. Default 0.1.</param>
/// <param name="greatest">The greatest deviation. Default 2.</param>
public sealed class TunedNoise(string name = "noise", double initial = 0.1, double greatest = 2) : TunedRegularizer
{
    /// <inheritdoc/>
    public override IReadOnlyList<Hyperparameter> Hyperparameters { get; } = [Between0And(name, initial, greatest)];

    /// <inheritdoc/>
    public override Tensor Apply(Tensor input, IReadOnlyList<Tensor> values)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(values);
        return input.Sum(Spread(values[0], input).mul(randn_like(input)));
    }
}
