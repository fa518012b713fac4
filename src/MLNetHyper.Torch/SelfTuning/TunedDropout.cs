using MLNetHyper.Engine;
using static TorchSharp.torch;

namespace MLNetHyper.Torch;

/// <summary>Dropout (Srivastava et al. 2014) of single units, or of numbers of any shape, at a rate that is tuned. One for each layer that is to have a rate of its own.</summary>
/// <param name="name">The hyperparameter's name. Default <c>dropout</c>.</param>
/// <param name="initial">The rate to start from: above 0 and below <paramref name="greatest"/>. Default 0.1.</param>
/// <param name="greatest">The greatest rate, below 1. Default 0.95.</param>
public sealed class TunedDropout(string name = "dropout", double initial = 0.1, double greatest = 0.95) : TunedRegularizer
{
    /// <inheritdoc/>
    public override IReadOnlyList<Hyperparameter> Hyperparameters { get; } = [Rate(name, initial, greatest)];

    /// <inheritdoc/>
    public override Tensor Apply(Tensor input, IReadOnlyList<Tensor> values)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(values);
        return Drop(input, values[0], input.shape);
    }

    internal static Hyperparameter Rate(string name, double initial, double greatest) => greatest is > 0 and < 1
        ? Between0And(name, initial, greatest)
        : throw new ArgumentOutOfRangeException(nameof(greatest), greatest, "The greatest rate must be above 0 and below 1.");
}

/// <summary>Dropout of whole features of a table, or of whole channels of images: of all numbers that share an index of the second dimension. At the input of the network, as a rule.</summary>
/// <param name="name">The hyperparameter's name. Default <c>feature-dropout</c>.</param>
/// <param name="initial">The rate to start from: above 0 and below <paramref name="greatest"/>. Default 0.05.</param>
/// <param name="greatest">The greatest rate, below 1. Default 0.95.</param>
public sealed class TunedFeatureDropout(string name = "feature-dropout", double initial = 0.05, double greatest = 0.95) : TunedRegularizer
{
    /// <inheritdoc/>
    public override IReadOnlyList<Hyperparameter> Hyperparameters { get; } = [TunedDropout.Rate(name, initial, greatest)];

    /// <inheritdoc/>
    public override Tensor Apply(Tensor input, IReadOnlyList<Tensor> values)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(values);
        return input.dim() >= 2
            ? Drop(input, values[0], [input.shape[0], input.shape[1], .. Enumerable.Repeat(1L, (int)input.dim() - 2)])
            : throw new InvalidOperationException($"Dropout of features needs examples × features, or more dimensions, but the input has the shape [{string.Join(", ", input.shape)}].");
    }
}
