using MLNetHyper.Engine;
using static TorchSharp.torch;

namespace MLNetHyper.Torch;

/// <summary>
/// Augmentation of training images by a network that the validation loss trains: <c>x + A(x, noise)</c>, A being two convolutions of 3 × 3 with a rectifier between, and the
/// noise one more channel that is drawn anew at every step (Lorraine et al. 2020, whose network is a U-Net). The weights of A are the hyperparameters.
/// </summary>
/// <remarks>It starts as the identity: the second convolution starts at zero, the first as those of PyTorch do. Validation and the finished module see images as they are.</remarks>
public sealed class LearnedAugmentation : ModuleRegularizer
{
    /// <summary>The name of the hyperparameter.</summary>
    public const string Name = "augmentation";

    private const int Kernel = 3;

    private readonly long[][] _shapes;

    /// <summary>A network for images of so many channels.</summary>
    /// <param name="channels">Channels of an image, at least 1; images are tensors of examples × channels × height × width.</param>
    /// <param name="width">Channels between the convolutions, at least 1. Default 8.</param>
    /// <param name="seed">What the first convolution starts from.</param>
    public LearnedAugmentation(int channels, int width = 8, int seed = 0)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(channels, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        _shapes = [[width, channels + 1, Kernel, Kernel], [width], [channels, width, Kernel, Kernel], [channels]];
        double[] start = new double[_shapes.Sum(Length)];
        double bound = 1 / Math.Sqrt((channels + 1) * Kernel * Kernel);
        var random = new SplitMix64(seed);
        for (int i = 0; i < Length(_shapes[0]) + Length(_shapes[1]); i++)
            start[i] = bound * ((2 * random.NextDouble()) - 1);
        Hyperparameters = [new(Name, Transform.Identity, 0, -10, 10) { Count = start.Length, InitialValues = start, Tuned = true }];
    }

    /// <inheritdoc/>
    public override IReadOnlyList<Hyperparameter> Hyperparameters { get; }

    /// <inheritdoc/>
    public override Tensor Output(nn.Module<Tensor, Tensor> network, TorchBatch batch, IReadOnlyList<Tensor> values)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(batch);
        ArgumentNullException.ThrowIfNull(values);
        return network.call(Augment(batch.Inputs, values[0]));
    }

    /// <summary>Images as a training step sees them.</summary>
    /// <param name="images">Examples × channels × height × width.</param>
    /// <param name="weights">The network's weights: the hyperparameter's value.</param>
    public Tensor Augment(Tensor images, Tensor weights)
    {
        ArgumentNullException.ThrowIfNull(images);
        ArgumentNullException.ThrowIfNull(weights);
        Tensor[] parts = [.. weights.split([.. _shapes.Select(Length)]).Zip(_shapes, (part, shape) => part.view(shape))];
        Tensor noise = randn_like(images.narrow(1, 0, 1));
        Tensor hidden = nn.functional.conv2d(cat([images, noise], 1), parts[0], parts[1], padding: [Kernel / 2, Kernel / 2]).relu();
        return images + nn.functional.conv2d(hidden, parts[2], parts[3], padding: [Kernel / 2, Kernel / 2]);
    }

    private static long Length(long[] shape) => shape.Aggregate(1L, (a, b) => a * b);
}
