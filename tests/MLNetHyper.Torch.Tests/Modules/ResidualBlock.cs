namespace MLNetHyper.Torch.Tests;

/// <summary>Convolutions with batch normalization around a shortcut, and three logits.</summary>
internal sealed class ResidualBlock : nn.Module<Tensor, Tensor>
{
    private readonly nn.Module<Tensor, Tensor> _stem = nn.Conv2d(2, 4, 1);
    private readonly nn.Module<Tensor, Tensor> _body = nn.Sequential(nn.Conv2d(4, 4, 3, padding: 1, bias: false), nn.BatchNorm2d(4), nn.ReLU(), nn.Conv2d(4, 4, 3, padding: 1, bias: false), nn.BatchNorm2d(4));
    private readonly nn.Module<Tensor, Tensor> _out = nn.Linear(4, 3);

    public ResidualBlock() : base(nameof(ResidualBlock)) => RegisterComponents();

    public override Tensor forward(Tensor input)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor x = _stem.call(input);
        return _out.call((x + _body.call(x)).relu().mean([2, 3])).MoveToOuterDisposeScope();
    }
}
