using TorchSharp;
using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace MLNetHyper.Torch;

/// <summary>
/// A convolution that learns how its filters respond to regularizers, as <see cref="BestResponseLinear"/>, each output channel by gates of its own. Takes examples × channels × height × width.
/// </summary>
/// <remarks>In training it costs about two convolutions.</remarks>
public sealed class BestResponseConv2d : nn.Module<Tensor, Tensor>
{
    private readonly SelfTuningRegularizers _regularizers;
    private readonly long _inputs;
    private readonly long[] _stride;
    private readonly long[] _padding;

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
    /// <param name="inputs">Channels that come in, at least 1.</param>
    /// <param name="outputs">Channels that come out, at least 1.</param>
    /// <param name="kernel">The filters' side in pixels, at least 1.</param>
    /// <param name="regularizers">What its weights respond to.</param>
    /// <param name="stride">Pixels from one place of the filter to the next, at least 1. Default 1.</param>
    /// <param name="padding">Pixels of zeros around the image, 0 or more. Default 0.</param>
    public BestResponseConv2d(int inputs, int outputs, int kernel, SelfTuningRegularizers regularizers, int stride = 1, int padding = 0) : base(nameof(BestResponseConv2d))
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(inputs, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(outputs, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(kernel, 1);
        ArgumentNullException.ThrowIfNull(regularizers);
        ArgumentOutOfRangeException.ThrowIfLessThan(stride, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(padding);
        (_regularizers, _inputs, _stride, _padding) = (regularizers, inputs, [stride, stride], [padding, padding]);
        long numbers = (long)inputs * kernel * kernel;
        _weight = BestResponse.Uniform(numbers, outputs, inputs, kernel, kernel);
        _bias = BestResponse.Uniform(numbers, outputs);
        _responseWeight = BestResponse.Uniform(numbers, outputs, inputs, kernel, kernel);
        _responseBias = BestResponse.Uniform(numbers, outputs);
        _weightGates = BestResponse.Gates(outputs, regularizers.Count);
        _biasGates = BestResponse.Gates(outputs, regularizers.Count);
        RegisterComponents();
    }

    /// <inheritdoc/>
    public override Tensor forward(Tensor input)
    {
        ArgumentNullException.ThrowIfNull(input);
        if (input.dim() != 4 || input.shape[1] != _inputs)
            throw new InvalidOperationException($"A convolution of {_inputs} channels takes examples × {_inputs} × height × width, but the input has the shape [{string.Join(", ", input.shape)}].");
        using DisposeScope scope = NewDisposeScope();
        bool isConstant = _regularizers.LearnsResponse;
        Tensor own = nn.functional.conv2d(input, isConstant ? _weight.detach() : _weight, isConstant ? _bias.detach() : _bias, _stride, _padding);
        if (_regularizers.OffsetsFor(input) is { } offsets)
            own = BestResponse.Respond(own, nn.functional.conv2d(input, _responseWeight, null, _stride, _padding), offsets, _weightGates, _biasGates, _responseBias, outputDimension: 1);
        return own.MoveToOuterDisposeScope();
    }
}
