using TorchSharp;
using static TorchSharp.torch;

namespace MLNetHyper.Torch;

/// <summary>The place where a regularizer acts; in validation and in a finished network it lets all pass.</summary>
internal sealed class RegularizingLayer : nn.Module<Tensor, Tensor>
{
    private readonly SelfTuningRegularizers _regularizers;
    private readonly TunedRegularizer _regularizer;

    internal RegularizingLayer(SelfTuningRegularizers regularizers, TunedRegularizer regularizer) : base(regularizer.GetType().Name) =>
        (_regularizers, _regularizer) = (regularizers, regularizer);

    public override Tensor forward(Tensor input)
    {
        using DisposeScope scope = NewDisposeScope();
        // Another object in any case: a sequence disposes of what goes from layer to layer.
        if (_regularizers.ValuesOf(_regularizer) is not { } values)
            return input.alias().MoveToOuterDisposeScope();
        _regularizers.RequireExamples(input);
        Tensor output = _regularizer.Apply(input, values);
        return (ReferenceEquals(output, input) ? input.alias() : output).MoveToOuterDisposeScope();
    }
}
