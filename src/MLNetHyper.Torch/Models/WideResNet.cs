using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace MLNetHyper.Torch;

/// <summary>
/// The wide residual network WRN-d-k of Zagoruyko and Komodakis 2016 (arXiv 1605.07146), for images of about 32 x 32 pixels: a convolution, three stages of (d - 4)/6 blocks with 16k, 32k and 64k
/// channels, normalization, the mean over the image, a linear layer. In a block, normalization and rectifier come before each convolution.
/// </summary>
internal sealed class WideResNet : nn.Module<Tensor, Tensor>
{
    private readonly Conv2d _conv;
    private readonly Sequential _stages;
    private readonly BatchNorm2d _norm;
    private readonly Linear _fc;

    /// <summary>Makes one with random weights.</summary>
    /// <param name="classes">Logits of an example.</param>
    /// <param name="channels">Channels of an image.</param>
    /// <param name="depth">d: 6n + 4.</param>
    /// <param name="width">k.</param>
    internal WideResNet(int classes, int channels, int depth = 16, int width = 1) : base(nameof(WideResNet))
    {
        const int stem = 16;
        if (depth < 10 || (depth - 4) % 6 != 0)
            throw new ArgumentOutOfRangeException(nameof(depth), depth, "The depth must be 6n + 4 with n from 1 on.");
        _conv = ResidualBlock.Convolution(channels, stem, kernel: 3, stride: 1);
        List<(string, nn.Module<Tensor, Tensor>)> blocks = [];
        int inputs = stem;
        for (int stage = 0; stage < 3; stage++)
        {
            int outputs = (stem << stage) * width;
            for (int block = 0; block < (depth - 4) / 6; block++)
            {
                blocks.Add(($"{stage}-{block}", new Block(inputs, outputs, stride: stage > 0 && block == 0 ? 2 : 1)));
                inputs = outputs;
            }
        }
        _stages = nn.Sequential(blocks);
        _norm = nn.BatchNorm2d(inputs);
        _fc = nn.Linear(inputs, classes);
        RegisterComponents();
    }

    public override Tensor forward(Tensor input)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor x = _norm.call(_stages.call(_conv.call(input))).relu();
        return _fc.call(x.mean([2, 3])).MoveToOuterDisposeScope();
    }

    private sealed class Block : nn.Module<Tensor, Tensor>
    {
        private readonly BatchNorm2d _norm1;
        private readonly Conv2d _conv1;
        private readonly BatchNorm2d _norm2;
        private readonly Conv2d _conv2;
        private readonly Conv2d? _shortcut;

        internal Block(int inputs, int outputs, int stride) : base(nameof(Block))
        {
            (_norm1, _conv1) = (nn.BatchNorm2d(inputs), ResidualBlock.Convolution(inputs, outputs, kernel: 3, stride));
            (_norm2, _conv2) = (nn.BatchNorm2d(outputs), ResidualBlock.Convolution(outputs, outputs, kernel: 3, stride: 1));
            if (inputs != outputs)
                _shortcut = ResidualBlock.Convolution(inputs, outputs, kernel: 1, stride);
            RegisterComponents();
        }

        public override Tensor forward(Tensor input)
        {
            using DisposeScope scope = NewDisposeScope();
            // Where the number of channels changes, the way around starts behind the first rectifier.
            Tensor active = _norm1.call(input).relu(), inner = _conv2.call(_norm2.call(_conv1.call(active)).relu());
            return (inner + (_shortcut?.call(active) ?? input)).MoveToOuterDisposeScope();
        }
    }
}
