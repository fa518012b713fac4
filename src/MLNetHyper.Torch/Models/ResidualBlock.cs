using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace MLNetHyper.Torch;

/// <summary>Two convolutions of 3 x 3 and a way around them: He et al. 2016's basic block.</summary>
internal sealed class ResidualBlock : nn.Module<Tensor, Tensor>
{
    // TorchSharp names parameters after fields, and these names are torchvision's.
    private readonly Conv2d conv1;
    private readonly BatchNorm2d bn1;
    private readonly Conv2d conv2;
    private readonly BatchNorm2d bn2;
    private readonly Sequential? downsample;

    internal ResidualBlock(int inputs, int outputs, int stride) : base(nameof(ResidualBlock))
    {
        conv1 = Convolution(inputs, outputs, kernel: 3, stride);
        bn1 = nn.BatchNorm2d(outputs);
        conv2 = Convolution(outputs, outputs, kernel: 3, stride: 1);
        bn2 = nn.BatchNorm2d(outputs);
        if (stride != 1 || inputs != outputs)
            downsample = nn.Sequential(("0", Convolution(inputs, outputs, kernel: 1, stride)), ("1", nn.BatchNorm2d(outputs)));
        RegisterComponents();
    }

    /// <inheritdoc/>
    public override Tensor forward(Tensor input)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor inner = bn2.call(conv2.call(bn1.call(conv1.call(input)).relu()));
        return (inner + (downsample?.call(input) ?? input)).relu().MoveToOuterDisposeScope();
    }

    /// <summary>A convolution without bias that keeps the size of the image, up to its stride, with the initial weights of He et al. 2015.</summary>
    internal static Conv2d Convolution(int inputs, int outputs, int kernel, int stride)
    {
        Conv2d convolution = nn.Conv2d(inputs, outputs, kernel, stride: stride, padding: kernel / 2, bias: false);
        nn.init.kaiming_normal_(convolution.weight!, mode: nn.init.FanInOut.FanOut, nonlinearity: nn.init.NonlinearityType.ReLU);
        return convolution;
    }
}
