using MLNetHyper.Engine;
using static TorchSharp.torch;

namespace MLNetHyper.Torch;

/// <summary>
/// The regularizers of a self-tuning network (MacKay et al. 2019; Bae and Grosse 2020). In training every example has regularizers of its own, drawn around the present ones, and
/// best-response layers (<see cref="BestResponseLinear"/>, <see cref="BestResponseConv2d"/>) learn how the weights respond; validation differentiates through that response, by the method <see cref="SelfTuning"/>.
/// </summary>
/// <remarks>
/// <para>Make it first, then a function that makes the network of best-response layers and of <see cref="Layer"/> for each regularizer, and give both to <see cref="TorchOnePass"/> with <see cref="SelfTuning.Options"/>.</para>
/// <para>Besides every number <c>x</c> there is <c>x-scale</c>, the deviation of the drawn raw values. It is tuned as well, if <c>x</c> is: the validation loss falls where it is narrow, and its entropy, weighted by <see cref="Entropy"/>, speaks for a wide one.</para>
/// <para>Where nothing is tuned, as under the method <see cref="Fixed"/>, all examples have the present values and the layers are plain ones: training by hand-set regularizers, or by a schedule learned before.</para>
/// <para>Deviations from the papers: the one of 2019 responds to raw values as they are, not to offsets, with which a finished network is a plain one; a scale is the power of ten of its raw value, not the softplus.</para>
/// </remarks>
public sealed class SelfTuningRegularizers : ModuleRegularizer
{
    /// <summary>What is added to a number's name for that of its scale.</summary>
    public const string ScaleSuffix = "-scale";

    private readonly IReadOnlyList<TunedRegularizer> _regularizers;
    private readonly Hyperparameter[] _numbers;
    private IReadOnlyList<Hyperparameter>? _hyperparameters;
    private ResponsePass? _pass;
    private ResponsePass? _trained;
    private (Tensor Output, ResponsePass Pass)? _response;

    /// <summary>Some regularizers, at least one.</summary>
    /// <param name="regularizers">Them, with names of their own.</param>
    public SelfTuningRegularizers(params IReadOnlyList<TunedRegularizer> regularizers)
    {
        ArgumentNullException.ThrowIfNull(regularizers);
        _regularizers = [.. regularizers];
        _numbers = [.. _regularizers.SelectMany(regularizer => regularizer.Hyperparameters)];
        if (_numbers.Length == 0)
            throw new ArgumentException("There is nothing to tune. Give at least one regularizer.", nameof(regularizers));
        if (_numbers.FirstOrDefault(number => number.Count > 1) is { } several)
            throw new ArgumentException($"Layers respond to single numbers, but '{several.Name}' consists of {several.Count}. Give each a name.", nameof(regularizers));
    }

    /// <summary>
    /// Whether weights and their response learn from losses of their own: weights from regularizers as they are, responses, with weights held, from drawn ones (Bae and Grosse 2020, whose noise does not reach the weights). Else
    /// all learn from drawn ones together (MacKay et al. 2019), at about three quarters of the cost. What is no best-response layer learns from both. Default true.
    /// </summary>
    public bool Separate { get; init; } = true;

    /// <summary>
    /// Whether outputs are linear in the offsets, <c>f(0) + J·η</c>, so that what is learned is the derivative of the response (Bae and Grosse 2020, section 4.3). For single layers it changes nothing. TorchSharp has no forward mode, so that J·η takes two backward passes, one through the
    /// other, and half as much time again. Default false.
    /// </summary>
    public bool Linearize { get; init; }

    /// <summary>The entropy's weight τ in the validation objective, 0 or above. Default 1e-3.</summary>
    public double Entropy
    {
        get;
        init => field = value >= 0 && double.IsFinite(value) ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "The entropy's weight must be a finite number, 0 or above.");
    } = 1e-3;

    /// <summary>The scales to start from, from 0.001 to 3. Default 0.5.</summary>
    public double InitialScale
    {
        get;
        init => field = value is >= 0.001 and <= 3 ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "The scales must start from 0.001 to 3.");
    } = 0.5;

    /// <summary>Of how many numbers the regularizers consist, scales not counted.</summary>
    public int Count => _numbers.Length;

    /// <inheritdoc/>
    public override IReadOnlyList<Hyperparameter> Hyperparameters => _hyperparameters ??=
        [.. _numbers, .. _numbers.Select(number => new Hyperparameter(number.Name + ScaleSuffix, Transform.Log10, InitialScale, Math.Log10(0.001), Math.Log10(3)) { Tuned = true })];

    /// <summary>A layer in which a regularizer acts. A function that makes a network makes it anew each time.</summary>
    /// <param name="regularizer">One of these.</param>
    public nn.Module<Tensor, Tensor> Layer(TunedRegularizer regularizer)
    {
        _ = FirstOf(regularizer);
        return new RegularizingLayer(this, regularizer);
    }

    /// <summary>Whether a regularizer is one of these.</summary>
    /// <param name="regularizer">Any.</param>
    public bool Contains(TunedRegularizer regularizer) => _regularizers.Contains(regularizer);

    /// <summary>In the training pass under way the examples' values of a regularizer's numbers; null in validation and in a finished network. For modules that apply regularizers themselves.</summary>
    /// <param name="regularizer">One of these.</param>
    public IReadOnlyList<Tensor>? ValuesOf(TunedRegularizer regularizer)
    {
        int first = FirstOf(regularizer);
        return _pass?.Values is { } values ? [.. values.Skip(first).Take(regularizer.Hyperparameters.Count)] : null;
    }

    /// <summary>Adds to the training loss of the pass under way, from within a module, such as a penalty on activations. Nothing happens where no training pass is under way.</summary>
    /// <param name="penalty">A tensor of one element.</param>
    public void AddPenalty(Tensor penalty)
    {
        ArgumentNullException.ThrowIfNull(penalty);
        if (penalty.numel() != 1)
            throw new ArgumentException($"A penalty must be one number, but it has the shape [{string.Join(", ", penalty.shape)}].", nameof(penalty));
        // The module's own scope may end before the pass does.
        if (_pass?.Values is not null)
            _pass.Penalties.Add(penalty.sum().DetachFromDisposeScope());
    }

    /// <inheritdoc/>
    public override Tensor Output(nn.Module<Tensor, Tensor> network, TorchBatch batch, IReadOnlyList<Tensor> values)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(batch);
        ArgumentNullException.ThrowIfNull(values);
        _response = null;
        Tensor center = Center(values).detach().expand(batch.Count, -1);
        bool perturbs = values.Take(Count).Any(value => value.requires_grad);
        if (perturbs && !Separate)
            return Respond(network, batch.Inputs, _trained = Around(center, values));
        _trained = new(null, Reals(center));
        Tensor output = Call(network, batch.Inputs, _trained);
        // Only its gradient counts.
        if (perturbs && is_grad_enabled())
        {
            ResponsePass drawn = Around(center, values) with { LearnsResponse = true };
            _response = (Respond(network, batch.Inputs, drawn), drawn);
        }
        return output;
    }

    /// <inheritdoc/>
    public override Tensor Loss(Tensor output, TorchBatch batch, IReadOnlyList<Tensor> values, Func<Tensor, Tensor, Tensor> loss)
    {
        ArgumentNullException.ThrowIfNull(batch);
        ArgumentNullException.ThrowIfNull(loss);
        Tensor general = _trained!.Complete(loss(output, batch.Targets));
        if (_response is not { } response)
            return general;
        Tensor responding = response.Pass.Complete(loss(response.Output, batch.Targets));
        // The gradients of both, the value of the first.
        return general.Sum(responding.sub(responding.detach()));
    }

    internal override bool ActsInValidation => true;

    /// <summary>Whether layers' own weights count as constants in the pass under way.</summary>
    internal bool LearnsResponse => _pass is { LearnsResponse: true };

    internal override Tensor ValidationOutput(nn.Module<Tensor, Tensor> network, TorchBatch batch, IReadOnlyList<Tensor> values)
    {
        Tensor center = Center(values);
        // Nothing but how the offsets depend on the present values.
        return Respond(network, batch.Inputs, new(center.sub(center.detach()).Sum(Drawn(values, batch.Count)), null));
    }

    /// <summary>The negative entropy of the drawn values, but for constants: <c>-τ·Σ log s</c>.</summary>
    internal override Tensor? ValidationPenalty(IReadOnlyList<Tensor> values)
    {
        Tensor[] scales = [.. values.Skip(Count).Where((scale, i) => scale.requires_grad && values[i].requires_grad)];
        if (scales.Length == 0)
            return null;
        Tensor logarithms = stack(scales).log().sum();
        return logarithms.mul(TransformedTensor.Constant(-Entropy, logarithms));
    }

    /// <summary>The offsets of the pass under way for a layer's input; null where there are none.</summary>
    internal Tensor? OffsetsFor(Tensor input)
    {
        if (_pass?.Offsets is not null)
            RequireExamples(input);
        return _pass?.Offsets;
    }

    /// <summary>Throws before libtorch would, or worse, would spread one example's values over others.</summary>
    internal void RequireExamples(Tensor input)
    {
        long examples = _pass!.Offsets?.shape[0] ?? _pass.Values![0].shape[0];
        if (input.dim() == 0 || input.shape[0] != examples)
            throw new InvalidOperationException($"Layers with regularizers need inputs whose first dimension counts the examples, {examples} here, but one has the shape [{string.Join(", ", input.shape)}].");
    }

    /// <summary>A network's output where its regularizers are as a pass has them.</summary>
    internal Tensor Respond(nn.Module<Tensor, Tensor> network, Tensor inputs, ResponsePass pass) =>
        Linearize && is_grad_enabled() ? Linearized(network, inputs, pass) : Call(network, inputs, pass);

    private int FirstOf(TunedRegularizer regularizer)
    {
        ArgumentNullException.ThrowIfNull(regularizer);
        int first = 0;
        foreach (TunedRegularizer own in _regularizers)
        {
            if (own == regularizer)
                return first;
            first += own.Hyperparameters.Count;
        }
        throw new ArgumentException("The regularizer is not one of these. Name it where they are made.", nameof(regularizer));
    }

    /// <summary>The present raw values.</summary>
    private Tensor Center(IReadOnlyList<Tensor> values) => stack(_numbers.Select((number, i) => number.Transform.ToRaw(values[i])));

    /// <summary>What is drawn for so many examples, in raw values; zeros for what is not tuned.</summary>
    private Tensor Drawn(IReadOnlyList<Tensor> values, int examples)
    {
        Tensor scales = stack(_numbers.Select((_, i) => values[i].requires_grad ? values[Count + i] : zeros_like(values[Count + i])));
        return randn(examples, Count, dtype: scales.dtype, device: scales.device).mul(scales);
    }

    private ResponsePass Around(Tensor center, IReadOnlyList<Tensor> values)
    {
        Tensor offsets = Drawn(values, (int)center.shape[0]).detach();
        return new(offsets, Reals(center.Sum(offsets)));
    }

    /// <summary>The real values of raw ones, examples × numbers, number by number.</summary>
    private Tensor[] Reals(Tensor raw) => [.. _numbers.Select((number, i) => number.Transform.ToReal(raw.select(1, i)))];

    /// <summary><c>f(0) + J·η</c>: what an adjoint is pulled back to is linear in the adjoint, and its derivative by that, applied to η, is J·η.</summary>
    private Tensor Linearized(nn.Module<Tensor, Tensor> network, Tensor inputs, ResponsePass pass)
    {
        Tensor nothing = zeros_like(pass.Offsets!).requires_grad_();
        Tensor output = Call(network, inputs, pass with { Offsets = nothing });
        if (pass.Penalties.Count > 0)
            throw new InvalidOperationException($"Penalties that layers add depend on weights without offsets where outputs are linear in these, so that nothing would respond to them. Leave {nameof(Linearize)} out.");
        Tensor adjoint = zeros_like(output).requires_grad_();
        Autograd.Backward(output, adjoint, [nothing], retainGraph: true, createGraph: true);
        Tensor pulled = nothing.grad!;
        nothing.grad = null;
        Autograd.Backward(pulled, pass.Offsets, [adjoint], retainGraph: true, createGraph: true);
        Tensor pushed = adjoint.grad!;
        adjoint.grad = null;
        return output.Sum(pushed);
    }

    private Tensor Call(nn.Module<Tensor, Tensor> network, Tensor inputs, ResponsePass pass)
    {
        _pass = pass;
        try
        {
            return network.call(inputs);
        }
        finally
        {
            _pass = null;
        }
    }
}
