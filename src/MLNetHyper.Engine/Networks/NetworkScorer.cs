using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace MLNetHyper.Engine;

/// <summary>
/// A network that scores one row at a time, in well under a microsecond where it is small. Immutable; may be used from several threads,
/// each with a scratch of its own.
/// </summary>
/// <remarks>For many rows at once <see cref="NetworkObjective{T}.Predict"/> is faster; both agree but for rounding.</remarks>
internal sealed unsafe class NetworkScorer
{
    private readonly ScorerLayer[] _layers;
    private readonly AlignedBuffer<float> _weights;
    private readonly delegate*<NetworkScorer, float*, float*, float*, void> _run;

    /// <summary>A scorer for a trained network. The weights are copied.</summary>
    /// <param name="architecture">The network's shape.</param>
    /// <param name="weights">Finite weights, laid out as in <see cref="NetworkObjective{T}"/>.</param>
    /// <exception cref="ArgumentException">The shape cannot be, the weights are not as many as it has, or one is not finite.</exception>
    public NetworkScorer(Architecture architecture, ReadOnlySpan<float> weights)
        : this(architecture, weights, Kernels<float>.Best)
    {
    }

    internal NetworkScorer(Architecture architecture, ReadOnlySpan<float> weights, Kernels<float> kernels)
    {
        NetworkShape shape = new(architecture);
        if (weights.Length != shape.Length)
            throw new ArgumentException($"The network has {shape.Length} weights, but {weights.Length} were given.", nameof(weights));
        foreach (float weight in weights)
        {
            if (!float.IsFinite(weight))
                throw new ArgumentException("The weights must all be finite.", nameof(weights));
        }
        Architecture = architecture;
        var pass = new Pass();
        kernels.Accept(pass);
        _run = pass.Run;
        int width = kernels.LaneCount;
        _layers = new ScorerLayer[shape.Layers.Length];
        int start = 0, widest = 0;
        for (int l = 0; l < _layers.Length; l++)
        {
            ScorerLayer layer = new(shape.Layers[l], isFirst: l == 0, isLast: l == _layers.Length - 1, start, width);
            _layers[l] = layer;
            start = checked(start + layer.Length);
            // Only features that inner products read need a place: other layers read them where they are.
            widest = Math.Max(widest, Math.Max(layer.PaddedUnits, l == 0 && !layer.IsInner ? 0 : layer.PaddedInputs));
        }
        _weights = new AlignedBuffer<float>(start);
        for (int l = 0; l < _layers.Length; l++)
            _layers[l].Fill(_weights.Pointer, weights, shape.Layers[l]);
        BufferLength = widest;
        ScratchLength = checked((2 * widest) + (ScorerPass<Lanes512<float>, Vector512<float>>.Alignment / sizeof(float)));
    }

    /// <summary>The network's shape.</summary>
    public Architecture Architecture { get; }

    /// <summary>How many floats <see cref="Score"/> needs for itself.</summary>
    public int ScratchLength { get; }

    /// <summary>The length of each of the two halves of the scratch, between which layers alternate.</summary>
    internal int BufferLength { get; }

    internal ReadOnlySpan<ScorerLayer> Layers => _layers;

    internal float* Weights => _weights.Pointer;

    /// <summary>
    /// The raw outputs of one row: values or logits. Allocates nothing. What would be beyond the finite numbers becomes the largest of them,
    /// and an output that is not a number, as from a feature that is none, 0.
    /// </summary>
    /// <param name="features">One value per input.</param>
    /// <param name="outputs">One value per output; none of <paramref name="features"/>.</param>
    /// <param name="scratch">At least <see cref="ScratchLength"/> floats of any content, for this call alone.</param>
    /// <exception cref="ArgumentException">A length does not fit.</exception>
    public void Score(ReadOnlySpan<float> features, Span<float> outputs, Span<float> scratch)
    {
        if (features.Length != Architecture.Inputs || outputs.Length != Architecture.Outputs || scratch.Length < ScratchLength)
            throw new ArgumentException($"{Architecture.Inputs} features, {Architecture.Outputs} outputs and a scratch of {ScratchLength} are needed, but {features.Length}, {outputs.Length} and {scratch.Length} were given.");
        fixed (float* x = &MemoryMarshal.GetReference(features), y = &MemoryMarshal.GetReference(outputs), s = &MemoryMarshal.GetReference(scratch))
        {
            _run(this, x, y, s);
        }
        // What it points to must not be collected before.
        GC.KeepAlive(_weights);
    }

    /// <summary>The pass of one register type, as a pointer: a row takes less time than finding it out.</summary>
    private sealed class Pass : IKernelVisitor<float>
    {
        internal delegate*<NetworkScorer, float*, float*, float*, void> Run { get; private set; }

        public void Visit<L, V>() where L : struct, ILanes<V, float> where V : struct => Run = &ScorerPass<L, V>.Run;
    }
}
