using TorchSharp;
using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace MLNetHyper.Torch;

/// <summary>
/// A dense layer that learns how its weights respond to regularizers (MacKay et al. 2019, equation 10, with the offsets of Bae and Grosse 2020):
/// <c>y = W·x + b + (A·η)∘(V·x) + (E·η)∘c</c>, where η are the offsets of an example's raw values from the present ones. Without offsets, as in a finished network, it is a dense layer with W and b.
/// </summary>
/// <remarks>In training it costs about two dense layers. A and E start at zero, the others as in PyTorch's dense layer.</remarks>
public sealed class BestResponseLinear : nn.Module<Tensor, Tensor>
{
    private readonly SelfTuningRegularizers _regularizers;
    private readonly long _inputs;

    [ComponentName(Name = "weight")]
    private readonly Parameter _weight;

    [ComponentName(Name = "bias")]
    private readonly Parameter _bias;

    [ComponentName(Name = "response_weight")]
    private readonly Parameter _responseWeight;

    [ComponentName(Name = "response_bias")]
    private readonly Parameter _responseBias;

    [ComponentName(Name = "weight_gates")]
    private readonly Parameter _weightGates;

    [ComponentName(Name = "bias_gates")]
    private readonly Parameter _biasGates;

    /// <summary>Makes one with random weights.</summary>
    /// <param name="inputs">Numbers of an example that come in, at least 1.</param>
    /// <param name="outputs">Numbers that come out, at least 1.</param>
    /// <param name="regularizers">What its weights respond to.</param>
    public BestResponseLinear(int inputs, int outputs, SelfTuningRegularizers regularizers) : base(nameof(BestResponseLinear))
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(inputs, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(outputs, 1);
        ArgumentNullException.ThrowIfNull(regularizers);
        (_regularizers, _inputs) = (regularizers, inputs);
        _weight = BestResponse.Uniform(inputs, outputs, inputs);
        _bias = BestResponse.Uniform(inputs, outputs);
        _responseWeight = BestResponse.Uniform(inputs, outputs, inputs);
        _responseBias = BestResponse.Uniform(inputs, outputs);
        _weightGates = BestResponse.Gates(outputs, regularizers.Count);
        _biasGates = BestResponse.Gates(outputs, regularizers.Count);
        RegisterComponents();
    }

    /// <inheritdoc/>
    public override Tensor forward(Tensor input)
    {
        ArgumentNullException.ThrowIfNull(input);
        if (input.dim() < 2 || input.shape[^1] != _inputs)
            throw new InvalidOperationException($"A layer of {_inputs} inputs takes examples × {_inputs}, but the input has the shape [{string.Join(", ", input.shape)}].");
        using DisposeScope scope = NewDisposeScope();
        bool isConstant = _regularizers.LearnsResponse;
        Tensor own = nn.functional.linear(input, isConstant ? _weight.detach() : _weight, isConstant ? _bias.detach() : _bias);
        if (_regularizers.OffsetsFor(input) is { } offsets)
            own = BestResponse.Respond(own, nn.functional.linear(input, _responseWeight), offsets, _weightGates, _biasGates, _responseBias, (int)own.dim() - 1);
        return own.MoveToOuterDisposeScope();
    }
}
