using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace MLNetHyper.Torch;

/// <summary>Two convolutions of 3 x 3 and a way around them: He et al. 2016's basic block.</summary>
internal sealed class ResidualBlock : nn.Module<Tensor, Tensor>
{
    private readonly Conv2d _conv1;
    private readonly BatchNorm2d _bn1;
    private readonly Conv2d _conv2;
    private readonly BatchNorm2d _bn2;
    private readonly Sequential? _downsample;

    internal ResidualBlock(int inputs, int outputs, int stride) : base(nameof(ResidualBlock))
    {
        _conv1 = Convolution(inputs, outputs, kernel: 3, stride);
        _bn1 = nn.BatchNorm2d(outputs);
        _conv2 = Convolution(outputs, outputs, kernel: 3, stride: 1);
        _bn2 = nn.BatchNorm2d(outputs);
        if (stride != 1 || inputs != outputs)
            _downsample = nn.Sequential(("0", Convolution(inputs, outputs, kernel: 1, stride)), ("1", nn.BatchNorm2d(outputs)));
        foreach ((string name, nn.Module part) in new (string, nn.Module)[] { ("conv1", _conv1), ("bn1", _bn1), ("conv2", _conv2), ("bn2", _bn2) })
            register_module(name, part);
        if (_downsample is not null)
            register_module("downsample", _downsample);
    }

    /// <inheritdoc/>
    public override Tensor forward(Tensor input)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor inner = _bn2.call(_conv2.call(_bn1.call(_conv1.call(input)).relu()));
        return (inner + (_downsample?.call(input) ?? input)).relu().MoveToOuterDisposeScope();
    }

    /// <summary>A convolution without bias that keeps the size of the image, up to its stride, with the initial weights of He et al. 2015.</summary>
    internal static Conv2d Convolution(int inputs, int outputs, int kernel, int stride)
    {
        Conv2d convolution = nn.Conv2d(inputs, outputs, kernel, stride: stride, padding: kernel / 2, bias: false);
        nn.init.kaiming_normal_(convolution.weight!, mode: nn.init.FanInOut.FanOut, nonlinearity: nn.init.NonlinearityType.ReLU);
        return convolution;
    }
}
