using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace MLNetHyper.Engine;

/// <summary>
/// Features and, behind them, the bins of those that take more than two values: <c>e = clip((x - b₋)/(b₊ - b₋), 0, 1)</c> for every bin between two quantiles, so
/// that a first layer can bend a feature at every edge (Gorishniy et al. 2022, section 3.1; ends are clipped too, since the feature itself stands beside them).
/// </summary>
internal sealed class PiecewiseLinearEncoding : InputTransform
{
    internal const string FileTag = "piecewise-linear";

    private readonly float[][] _edges;
    private readonly float[] _factors;
    private readonly float[] _offsets;

    // Edges between two bins of a feature, from one whole vector to the next; what is left of the last has no value above it.
    private readonly float[] _borders;
    private readonly int[] _borderStarts;
    private Knots? _knots;

    /// <param name="edges">For each feature the edges of its bins, ascending; empty where it has none.</param>
    /// <exception cref="ArgumentException">Edges do not ascend, or are so near that their distance has no inverse.</exception>
    internal PiecewiseLinearEncoding(float[][] edges) : base(edges.Length, edges.Length + edges.Sum(e => Math.Max(0, e.Length - 1)))
    {
        _edges = edges;
        _factors = [.. edges.SelectMany(e => e.Skip(1).Zip(e, (upper, lower) => 1 / (upper - lower)))];
        _offsets = [.. edges.SelectMany(e => e.Skip(1).Zip(e, (upper, lower) => -lower / (upper - lower)))];
        if (!_factors.All(f => f > 0 && float.IsFinite(f)) || !_offsets.All(float.IsFinite))
            throw new ArgumentException("The edges of bins must be finite and ascend.", nameof(edges));
        List<BinnedFeature> binned = [];
        List<float> borders = [];
        List<int> borderStarts = [0];
        int first = edges.Length;
        for (int k = 0; k < edges.Length; k++)
        {
            if (edges[k].Length < 2)
                continue;
            binned.Add(new(k, first, edges[k].Length - 1));
            borders.AddRange(edges[k][1..^1]);
            while (borders.Count % Vector256<float>.Count != 0)
                borders.Add(float.PositiveInfinity);
            borderStarts.Add(borders.Count);
            first += edges[k].Length - 1;
        }
        (Binned, _borders, _borderStarts) = ([.. binned], [.. borders], [.. borderStarts]);
    }

    /// <summary>The features with bins, in their order.</summary>
    internal BinnedFeature[] Binned { get; }

    /// <summary>Where its lines bend.</summary>
    internal Knots Knots => _knots ??= new(this);

    internal override string Tag => FileTag;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Apply(ReadOnlySpan<float> values, Span<float> transformed)
    {
        if (values.Length != InputWidth || transformed.Length != OutputWidth)
            throw new ArgumentException($"{InputWidth} features become {OutputWidth}, but {values.Length} are to become {transformed.Length}.", nameof(values));
        values.CopyTo(transformed);
        foreach ((int feature, int first, int count) in Binned)
            Encode(values[feature], _factors.AsSpan(first - InputWidth, count), _offsets.AsSpan(first - InputWidth, count), transformed.Slice(first, count));
    }

    /// <summary>
    /// The same as <see cref="Apply"/> in fewer numbers: of every feature with bins only one is neither full nor empty. Those before it are 1, those behind it 0.
    /// </summary>
    /// <param name="values">A row of <see cref="InputTransform.InputWidth"/> features.</param>
    /// <param name="places">For each of <see cref="Binned"/> the place of that bin among the outputs.</param>
    /// <param name="shares">How full it is.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal void Locate(ReadOnlySpan<float> values, Span<int> places, Span<float> shares)
    {
        ReadOnlySpan<float> factors = _factors, offsets = _offsets;
        for (int j = 0; j < Binned.Length; j++)
        {
            (int feature, int first, _) = Binned[j];
            float value = values[feature];
            int place = first + BinOf(j, value), bin = place - InputWidth;
            places[j] = place;
            shares[j] = float.MinNative(float.MaxNative((value * factors[bin]) + offsets[bin], 0), 1);
        }
    }

    /// <summary>Which bin of its feature a value is in; the first or the last where it is in none.</summary>
    /// <param name="binned">Which of <see cref="Binned"/> the feature is.</param>
    /// <param name="value">The value.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal int BinOf(int binned, float value)
    {
        ref float borders = ref MemoryMarshal.GetArrayDataReference(_borders);
        int bin = 0;
        for (int at = _borderStarts[binned], end = _borderStarts[binned + 1]; at < end; at += Vector256<float>.Count)
            bin += BitOperations.PopCount(Vector256.GreaterThanOrEqual(Vector256.Create(value), Vector256.LoadUnsafe(ref borders, (uint)at)).ExtractMostSignificantBits());
        return bin;
    }

    /// <summary>The edges of a feature's bins, ascending; none where it has none.</summary>
    internal ReadOnlySpan<float> EdgesOf(int feature) => _edges[feature];

    internal override IEnumerable<int> OutputsOf(int input) => [input, .. Binned.Where(b => b.Feature == input).SelectMany(b => Enumerable.Range(b.First, b.Count))];

    internal override void Write(BinaryWriter writer) => writer.Write(_edges, edges => writer.Write(edges, writer.Write));

    internal static PiecewiseLinearEncoding Read(BinaryReader reader) => new(reader.ReadArray(sizeof(int), () => reader.ReadArray(sizeof(float), reader.ReadSingle)));

    internal override string WriteOnnx(IOnnxGraph graph, string rows)
    {
        if (_factors.Length == 0)
            return rows;
        IEnumerable<long> columns = Binned.SelectMany(b => Enumerable.Repeat((long)b.Feature, b.Count));
        string repeated = graph.AddNode("Gather", [rows, graph.AddIndices("Columns", columns)], ("axis", 1));
        string bins = graph.AddNode("Add", [graph.AddNode("Mul", [repeated, Row("BinFactors", _factors)]), Row("BinOffsets", _offsets)]);
        bins = graph.AddNode("Min", [graph.AddNode("Max", [bins, graph.AddConstant("Empty", [0], 1)]), graph.AddConstant("Full", [1], 1)]);
        return graph.AddNode("Concat", [rows, bins], ("axis", 1));

        string Row(string name, float[] numbers) => graph.AddConstant(name, numbers, 1, numbers.Length);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Encode(float value, ReadOnlySpan<float> factors, ReadOnlySpan<float> offsets, Span<float> bins)
    {
        int i = 0;
        for (; i <= bins.Length - Vector<float>.Count; i += Vector<float>.Count)
        {
            Vector<float> share = (new Vector<float>(value) * new Vector<float>(factors[i..])) + new Vector<float>(offsets[i..]);
            Vector.Min(Vector.Max(share, Vector<float>.Zero), Vector<float>.One).CopyTo(bins[i..]);
        }
        for (; i < bins.Length; i++)
            bins[i] = Math.Min(Math.Max((value * factors[i]) + offsets[i], 0), 1);
    }

    /// <summary>A feature with bins.</summary>
    /// <param name="Feature">Its place among the features.</param>
    /// <param name="First">The place of its first bin among the outputs; the others follow.</param>
    /// <param name="Count">How many it has.</param>
    internal readonly record struct BinnedFeature(int Feature, int First, int Count);

    /// <summary>Learns the quantiles.</summary>
    /// <param name="width">How many features there are.</param>
    /// <param name="bins">The most bins of a feature; null for as many as make about <see cref="Defaults"/>.</param>
    internal sealed class Fitter(int width, int? bins) : InputFitter
    {
        private readonly ColumnSample _sample = new(width);

        internal override void Add(ReadOnlySpan<float> row) => _sample.Add(row);

        internal override InputTransform ToTransform()
        {
            float[][] sorted = [.. Enumerable.Range(0, width).Select(_sample.Sorted)];
            bool[] varies = [.. sorted.Select(values => values.Distinct().Skip(2).Any())];
            int most = bins ?? Defaults.BinsFor(varies.Count(v => v));
            return new PiecewiseLinearEncoding([.. sorted.Select((values, k) => varies[k] && most > 0 ? Edges(values, most) : [])]);
        }

        /// <summary>
        /// Edges with about as many values between them. A value that alone has as many is an edge, and the others share what is left: of a column that is mostly 0 the
        /// rest is divided.
        /// </summary>
        private static float[] Edges(float[] sorted, int bins)
        {
            List<float> edges = [sorted[0]];
            int left = bins - 1, count = 0;
            double share = (double)sorted.Length / bins;
            for (int i = 0, run; i < sorted.Length && left > 0; i += run)
            {
                run = 1;
                while (i + run < sorted.Length && sorted[i + run] == sorted[i])
                    run++;
                bool isHeavy = run >= share;
                count += run;
                if ((count < share && !isHeavy) || sorted[i] == sorted[0] || sorted[i] == sorted[^1])
                {
                    // The least value is an edge whatever it weighs.
                    if (isHeavy && sorted[i] == sorted[0])
                        (count, share) = (0, (double)(sorted.Length - run) / left);
                    continue;
                }
                edges.Add(sorted[i]);
                left--;
                count = 0;
                share = left > 0 ? (double)(sorted.Length - i - run) / (left + 1) : 0;
            }
            edges.Add(sorted[^1]);
            // Values that hardly differ have no bin between them: its steep slope would make rounding errors seen.
            List<float> kept = [];
            foreach (float edge in edges)
            {
                if (kept.Count == 0 || edge - kept[^1] > 1e-3f)
                    kept.Add(edge);
            }
            return kept.Count > 1 ? [.. kept] : [];
        }
    }

    /// <summary>How many bins a feature has where nobody says.</summary>
    internal static class Defaults
    {
        /// <summary>Bins of all features together, about.</summary>
        internal const int Inputs = 128;

        internal const int Least = 4;

        internal const int Most = 32;

        /// <summary>Fewer bins for more features; none where even the least would be far more than <see cref="Inputs"/>.</summary>
        internal static int BinsFor(int features) => features == 0 || features * Least > 2 * Inputs ? 0 : Math.Clamp(Inputs / features, Least, Most);
    }
}
