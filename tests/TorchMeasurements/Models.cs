using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace MLNetHyper.Torch.Measurements;

internal sealed class WordModel : nn.Module<Tensor, Tensor>
{
    private readonly Embedding _embedding;
    private readonly LongShortTermMemory _memory;
    private readonly Linear _decoder;

    internal WordModel(int words, int units, bool fused) : base(nameof(WordModel))
    {
        _embedding = nn.Embedding(words, units);
        _memory = new(units, units, 2, fused: fused);
        _decoder = nn.Linear(units, words);
        RegisterComponents();
    }

    public override Tensor forward(Tensor input)
    {
        using DisposeScope scope = NewDisposeScope();
        return _decoder.call(_memory.call(_embedding.call(input.transpose(0, 1))).transpose(0, 1)).MoveToOuterDisposeScope();
    }
}

internal sealed class ResNet : nn.Module<Tensor, Tensor>
{
    private readonly nn.Module<Tensor, Tensor> _all;

    internal ResNet(int width) : base(nameof(ResNet))
    {
        List<nn.Module<Tensor, Tensor>> layers = [nn.Conv2d(3, width, 3, padding: 1, bias: false), nn.BatchNorm2d(width), nn.ReLU()];
        int channels = width;
        for (int stage = 0; stage < 4; stage++)
        {
            for (int block = 0; block < 2; block++)
            {
                int next = width << stage;
                layers.Add(new Block(channels, next, stage > 0 && block == 0 ? 2 : 1));
                channels = next;
            }
        }
        layers.Add(nn.AdaptiveAvgPool2d(1));
        layers.Add(nn.Flatten());
        layers.Add(nn.Linear(channels, 10));
        _all = nn.Sequential(layers);
        RegisterComponents();
    }

    public override Tensor forward(Tensor input) => _all.call(input);

    private sealed class Block : nn.Module<Tensor, Tensor>
    {
        private readonly nn.Module<Tensor, Tensor> _body;
        private readonly nn.Module<Tensor, Tensor>? _shortcut;

        internal Block(int from, int to, int stride) : base(nameof(Block))
        {
            _body = nn.Sequential(nn.Conv2d(from, to, 3, stride, 1, bias: false), nn.BatchNorm2d(to), nn.ReLU(), nn.Conv2d(to, to, 3, 1, 1, bias: false), nn.BatchNorm2d(to));
            if (from != to)
                _shortcut = nn.Sequential(nn.Conv2d(from, to, 1, stride, bias: false), nn.BatchNorm2d(to));
            RegisterComponents();
        }

        public override Tensor forward(Tensor input)
        {
            using DisposeScope scope = NewDisposeScope();
            return (_body.call(input) + (_shortcut?.call(input) ?? input)).relu().MoveToOuterDisposeScope();
        }
    }
}
