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
    private readonly AlignedBuffer<float>? _sums;
    private readonly delegate*<NetworkScorer, float*, float*, float*, void> _run;
    private readonly delegate*<NetworkScorer, BinnedRow, float*, float*, void> _runBinned;

    /// <summary>A scorer for a trained network. The weights are copied.</summary>
    /// <param name="architecture">The network's shape.</param>
    /// <param name="weights">Finite weights, laid out as in <see cref="NetworkObjective{T}"/>.</param>
    /// <param name="inputs">What rows pass before the network. If bins are the last, rows are taken before them, as <see cref="Encoding"/> says.</param>
    /// <exception cref="ArgumentException">The shape cannot be, the weights are not as many as it has, or one is not finite.</exception>
    public NetworkScorer(Architecture architecture, ReadOnlySpan<float> weights, IReadOnlyList<InputTransform>? inputs = null)
        : this(architecture, weights, inputs, Kernels<float>.Best)
    {
    }

    internal NetworkScorer(Architecture architecture, ReadOnlySpan<float> weights, IReadOnlyList<InputTransform>? inputs, Kernels<float> kernels)
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
        _runBinned = pass.RunBinned;
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
        // Inner products need no bin more than the others.
        if (inputs is [.., PiecewiseLinearEncoding { Binned.Length: > 0 } encoding] && !_layers[0].IsInner)
        {
            Encoding = encoding;
            _sums = Sums(_layers[0], encoding);
        }
        BufferLength = widest;
        ScratchLength = checked((2 * widest) + (ScorerPass<Lanes512<float>, Vector512<float>>.Alignment / sizeof(float)));
    }

    /// <summary>The network's shape.</summary>
    public Architecture Architecture { get; }

    /// <summary>Which inputs are bins that <see cref="ScoreBinned"/> computes without laying them out; null where rows have all inputs.</summary>
    internal PiecewiseLinearEncoding? Encoding { get; }

    /// <summary>How many floats <see cref="Score"/> needs for itself.</summary>
    public int ScratchLength { get; }

    /// <summary>The length of each of the two halves of the scratch, between which layers alternate.</summary>
    internal int BufferLength { get; }

    internal ReadOnlySpan<ScorerLayer> Layers => _layers;

    internal float* Weights => _weights.Pointer;

    /// <summary>For every input of the first layer a row of units: the sums of the weights of the feature's bins before it.</summary>
    internal float* BinSums => _sums!.Pointer;

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

    /// <summary>The same of a row whose bins are not laid out.</summary>
    /// <param name="features">The features before <see cref="Encoding"/>.</param>
    /// <param name="places">As <see cref="PiecewiseLinearEncoding.Locate"/> gives them.</param>
    /// <param name="shares">Likewise.</param>
    /// <param name="outputs">One value per output.</param>
    /// <param name="scratch">As for <see cref="Score"/>.</param>
    /// <exception cref="ArgumentException">A length does not fit.</exception>
    internal void ScoreBinned(ReadOnlySpan<float> features, ReadOnlySpan<int> places, ReadOnlySpan<float> shares, Span<float> outputs, Span<float> scratch)
    {
        if (Encoding is null || features.Length != Encoding.InputWidth || places.Length != Encoding.Binned.Length || shares.Length != places.Length || outputs.Length != Architecture.Outputs || scratch.Length < ScratchLength)
            throw new ArgumentException($"{features.Length} features, {places.Length} bins, {outputs.Length} outputs and a scratch of {scratch.Length} do not fit the network.");
        fixed (float* x = &MemoryMarshal.GetReference(features), s = &MemoryMarshal.GetReference(shares), y = &MemoryMarshal.GetReference(outputs), own = &MemoryMarshal.GetReference(scratch))
        fixed (int* p = &MemoryMarshal.GetReference(places))
        {
            _runBinned(this, new(x, features.Length, p, s, places.Length), y, own);
        }
        GC.KeepAlive(_weights);
        GC.KeepAlive(_sums);
    }

    private AlignedBuffer<float> Sums(ScorerLayer layer, PiecewiseLinearEncoding encoding)
    {
        int row = layer.PaddedUnits;
        AlignedBuffer<float> sums = new((long)layer.Inputs * row);
        foreach ((_, int first, int count) in encoding.Binned)
        {
            for (int input = first; input < first + count - 1; input++)
            {
                for (int unit = 0; unit < row; unit++)
                    sums.Span[((input + 1) * row) + unit] = sums.Span[(input * row) + unit] + Weights[layer.Weight + (input * row) + unit];
            }
        }
        return sums;
    }

    /// <summary>A row of features, and the bin of each that is neither full nor empty.</summary>
    internal readonly struct BinnedRow(float* features, int featureCount, int* places, float* shares, int bins)
    {
        internal float* Features => features;

        internal int FeatureCount => featureCount;

        internal int* Places => places;

        internal float* Shares => shares;

        internal int Bins => bins;
    }

    /// <summary>The pass of one register type, as a pointer: a row takes less time than finding it out.</summary>
    private sealed class Pass : IKernelVisitor<float>
    {
        internal delegate*<NetworkScorer, float*, float*, float*, void> Run { get; private set; }

        internal delegate*<NetworkScorer, BinnedRow, float*, float*, void> RunBinned { get; private set; }

        public void Visit<L, V>() where L : struct, ILanes<V, float> where V : struct
        {
            Run = &ScorerPass<L, V>.Run;
            RunBinned = &ScorerPass<L, V>.RunBinned;
        }
    }
}
