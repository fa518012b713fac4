using TorchSharp;
using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace MLNetHyper.Torch;

/// <summary>
/// Long short-term memory (Hochreiter and Schmidhuber 1997) of one or more layers whose gradient can be differentiated on every
/// device. That of TorchSharp's own cannot where libtorch hands it to cuDNN or oneDNN.
/// </summary>
/// <remarks>
/// <para>Takes a tensor of steps × examples × inputs, and gives one of steps × examples × units. State starts at zero.</para>
/// <para>Parameters are those of PyTorch's LSTM in order, shape and initial distribution. With <c>fused</c> it is that, for steps whose
/// gradient is not differentiated.</para>
/// </remarks>
public sealed class LongShortTermMemory : nn.Module<Tensor, Tensor>
{
    private readonly double _dropout;
    private readonly ModuleList<LSTM>? _fused;
    private readonly ModuleList<Layer>? _layers;

    /// <summary>Makes one with random weights.</summary>
    /// <param name="inputs">Numbers that come in at each step, at least 1.</param>
    /// <param name="units">Units of each layer, at least 1.</param>
    /// <param name="layers">Layers, at least 1. Default 1.</param>
    /// <param name="dropout">Share of the outputs of all layers but the last that is dropped in training, in [0, 1). Default 0.</param>
    /// <param name="fused">Whether to compute by libtorch's own, faster kernels. Default false.</param>
    public LongShortTermMemory(int inputs, int units, int layers = 1, double dropout = 0, bool fused = false) : base(nameof(LongShortTermMemory))
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(inputs, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(units, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(layers, 1);
        if (dropout is not (>= 0 and < 1))
            throw new ArgumentOutOfRangeException(nameof(dropout), dropout, "Give a share in [0, 1).");
        _dropout = dropout;
        IEnumerable<int> widths = Enumerable.Range(0, layers).Select(l => l == 0 ? inputs : units);
        if (fused)
            _fused = nn.ModuleList([.. widths.Select(width => nn.LSTM(width, units))]);
        else
            _layers = nn.ModuleList([.. widths.Select(width => new Layer(width, units))]);
        RegisterComponents();
    }

    /// <inheritdoc/>
    public override Tensor forward(Tensor input)
    {
        if (input.dim() != 3)
            throw new ArgumentException($"A recurrent network takes steps × examples × inputs, but the input has the shape [{string.Join(", ", input.shape)}].", nameof(input));
        using DisposeScope scope = NewDisposeScope();
        Tensor sequence = input;
        for (int l = 0; l < (_fused?.Count ?? _layers!.Count); l++)
        {
            if (l > 0 && _dropout > 0)
                sequence = nn.functional.dropout(sequence, _dropout, training);
            sequence = _fused is null ? _layers![l].call(sequence) : _fused[l].call(sequence).Item1;
        }
        return sequence.MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public override void train(bool train = true)
    {
        base.train(train);
        // cuDNN differentiates in training mode only, which without dropout inside makes no other difference.
        foreach (LSTM layer in _fused ?? [])
            layer.train();
    }

    private sealed class Layer : nn.Module<Tensor, Tensor>
    {
        // TorchSharp puts other tensors into these fields where it converts them.
        [ComponentName(Name = "weight_ih")]
        private readonly Parameter _inputWeight;

        [ComponentName(Name = "weight_hh")]
        private readonly Parameter _stateWeight;

        [ComponentName(Name = "bias_ih")]
        private readonly Parameter _inputBias;

        [ComponentName(Name = "bias_hh")]
        private readonly Parameter _stateBias;

        internal Layer(int inputs, int units) : base(nameof(Layer))
        {
            double bound = 1 / Math.Sqrt(units);
            Parameter Draw(params long[] shape)
            {
                // A module's parameters belong to it, not to the scope that it is made in.
                using Tensor drawn = nn.init.uniform_(empty(shape), -bound, bound);
                return (Parameter)new Parameter(drawn).DetachFromDisposeScope();
            }
            _inputWeight = Draw(4L * units, inputs);
            _stateWeight = Draw(4L * units, units);
            _inputBias = Draw(4L * units);
            _stateBias = Draw(4L * units);
            RegisterComponents();
        }

        public override Tensor forward(Tensor input)
        {
            // The inputs' share of all gates in one product.
            Tensor fromInputs = nn.functional.linear(input, _inputWeight, _inputBias);
            Tensor hidden = zeros(input.shape[1], _stateWeight.shape[1], dtype: input.dtype, device: input.device), cell = hidden;
            List<Tensor> outputs = [];
            foreach (Tensor gates in fromInputs.unbind(0))
            {
                Tensor[] parts = gates.Sum(nn.functional.linear(hidden, _stateWeight, _stateBias)).chunk(4, 1);
                cell = (parts[1].sigmoid() * cell).Sum(parts[0].sigmoid() * parts[2].tanh());
                hidden = parts[3].sigmoid() * cell.tanh();
                outputs.Add(hidden);
            }
            return stack(outputs);
        }
    }
}
