using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace MLNetHyper.Torch;

/// <summary>The residual network of 18 layers of He et al. 2016 (arXiv 1512.03385), for images.</summary>
/// <remarks>
/// <para>Takes a tensor of examples × channels × height × width, and gives one logit per example and class. A stem, four stages of two
/// blocks of two convolutions each, the mean over the image, a linear layer; batch normalization after every convolution.</para>
/// <para>Layers, the names and order of parameters and initial distributions are those of torchvision, with
/// <c>smallImages: false</c> the stem too: that stem halves the image twice, which costs one of 32 x 32 pixels much of what it shows.
/// Gradients can be differentiated on every device, so it can be tuned by <see cref="TorchObjective"/>.</para>
/// </remarks>
public sealed class ResNet18 : nn.Module<Tensor, Tensor>
{
    private readonly Conv2d _conv1;
    private readonly BatchNorm2d _bn1;
    private readonly MaxPool2d? _maxpool;
    private readonly Sequential _layer1;
    private readonly Sequential _layer2;
    private readonly Sequential _layer3;
    private readonly Sequential _layer4;
    private readonly Linear _fc;

    /// <summary>Makes one with random weights.</summary>
    /// <param name="classes">Logits of an example, at least 1. Default 10.</param>
    /// <param name="channels">Channels of an image, at least 1. Default 3.</param>
    /// <param name="width">Channels of the first stage, at least 1; each further stage has twice as many. Default 64.</param>
    /// <param name="smallImages">
    /// Whether the stem is a convolution of 3 x 3, usual for images of about 32 x 32 pixels (default), or the original one for photographs:
    /// a convolution of 7 x 7 with stride 2, and the greatest of every 3 x 3 with stride 2.
    /// </param>
    public ResNet18(int classes = 10, int channels = 3, int width = 64, bool smallImages = true) : base(nameof(ResNet18))
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(classes, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(channels, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        _conv1 = smallImages ? ResidualBlock.Convolution(channels, width, kernel: 3, stride: 1) : ResidualBlock.Convolution(channels, width, kernel: 7, stride: 2);
        _bn1 = nn.BatchNorm2d(width);
        _maxpool = smallImages ? null : nn.MaxPool2d(3, stride: 2, padding: 1);
        _layer1 = Stage(width, width, stride: 1);
        _layer2 = Stage(width, 2 * width, stride: 2);
        _layer3 = Stage(2 * width, 4 * width, stride: 2);
        _layer4 = Stage(4 * width, 8 * width, stride: 2);
        _fc = nn.Linear(8 * width, classes);
        foreach ((string name, nn.Module? part) in new (string, nn.Module?)[] { ("conv1", _conv1), ("bn1", _bn1), ("maxpool", _maxpool), ("layer1", _layer1), ("layer2", _layer2), ("layer3", _layer3), ("layer4", _layer4), ("fc", _fc) })
        {
            if (part is not null)
                register_module(name, part);
        }
    }

    /// <inheritdoc/>
    public override Tensor forward(Tensor input)
    {
        if (input.dim() != 4)
            throw new ArgumentException($"A network for images takes examples × channels × height × width, but the input has the shape [{string.Join(", ", input.shape)}].", nameof(input));
        using DisposeScope scope = NewDisposeScope();
        Tensor x = _bn1.call(_conv1.call(input)).relu();
        if (_maxpool is not null)
            x = _maxpool.call(x);
        x = _layer4.call(_layer3.call(_layer2.call(_layer1.call(x))));
        return _fc.call(x.mean([2, 3])).MoveToOuterDisposeScope();
    }

    private static Sequential Stage(int inputs, int outputs, int stride) =>
        nn.Sequential(("0", new ResidualBlock(inputs, outputs, stride)), ("1", new ResidualBlock(outputs, outputs, stride: 1)));
}
