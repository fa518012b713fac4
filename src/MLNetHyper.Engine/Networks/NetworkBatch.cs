using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;

namespace MLNetHyper.Engine;

/// <summary>Examples laid out for the kernels and padded to whole vectors with examples of weight zero.</summary>
internal sealed unsafe class NetworkBatch<T> : Batch where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    // A row's transforms take about as long as memory to answer.
    private const int RowsAhead = 8;
    private const int CacheLine = 64;

    private static readonly TransformedRow _asTheyAre = new([]);

    private readonly Tiling _tiling;
    private readonly AlignedBuffer<T> _features;
    private readonly AlignedBuffer<T> _targets;
    private readonly AlignedBuffer<T> _weights;
    private readonly AlignedBuffer<T>? _shares;
    private readonly AlignedBuffer<int>? _places;
    private int _count;
    private double _weight;

    /// <param name="tiling">How it lies in memory.</param>
    /// <param name="featureCount">Inputs of the network.</param>
    /// <param name="capacity">How many examples it has room for.</param>
    /// <param name="knots">Of bins among the inputs, where examples are rows and these are not to be laid out.</param>
    internal NetworkBatch(Tiling tiling, int featureCount, int capacity, Knots? knots = null)
    {
        _tiling = tiling;
        FeatureCount = featureCount;
        PaddedFeatures = tiling.Padded(featureCount);
        Knots = knots;
        int padded = tiling.Padded(capacity);
        long row = knots?.Plain.Length ?? (tiling.ExamplesAreRows ? PaddedFeatures : featureCount + 1);
        _features = new AlignedBuffer<T>(row * padded);
        if (knots is not null)
        {
            _shares = new AlignedBuffer<T>((long)knots.Features.Length * padded);
            _places = new AlignedBuffer<int>((long)knots.Features.Length * padded);
        }
        _targets = new AlignedBuffer<T>(padded);
        _weights = new AlignedBuffer<T>(padded);
    }

    /// <summary>The same examples, in the same place, under a number of their own.</summary>
    internal NetworkBatch(NetworkBatch<T> other)
    {
        (_tiling, FeatureCount, PaddedFeatures, Knots) = (other._tiling, other.FeatureCount, other.PaddedFeatures, other.Knots);
        (_features, _targets, _weights, _shares, _places) = (other._features, other._targets, other._weights, other._shares, other._places);
        (_count, _weight, NormalizedWeight) = (other._count, other._weight, other.NormalizedWeight);
        Share = other.Share;
    }

    /// <summary>How many examples it has room for.</summary>
    internal int Capacity => _targets.Length;

    /// <inheritdoc/>
    public override int Count => _count;

    /// <inheritdoc/>
    public override double Weight => _weight * Share;

    /// <summary>What it counts by beside other workers' batches: less than 1 where they have the same examples.</summary>
    internal double Share { get; set; } = 1;

    internal Tiling Tiling => _tiling;

    /// <summary>Random numbers that belong to the batch: its number's among those of the source's seed.</summary>
    internal SplitMix64 Random { get; set; }

    internal int FeatureCount { get; }

    /// <summary>The stride of examples that are rows.</summary>
    internal int PaddedFeatures { get; }

    /// <summary>Of bins among the inputs, which <see cref="Rows"/> has; null where <see cref="Features"/> has all inputs.</summary>
    internal Knots? Knots { get; }

    internal T* Targets => _targets.Pointer;

    /// <summary>
    /// The examples' weights, divided by their number and by the mean weight of the data. The batch's own sum in place of these would take
    /// from a weight what it has beside those of other batches: all of it in batches of one.
    /// </summary>
    internal T* Weights => _weights.Pointer;

    /// <summary>
    /// A chunk's features: examples as rows, or features as rows of <see cref="Chunk.Columns"/> examples followed by a row of ones,
    /// which makes the bias one more weight.
    /// </summary>
    internal T* Features(Chunk chunk) =>
        _features.Pointer + ((nint)chunk.Start * (_tiling.ExamplesAreRows ? PaddedFeatures : FeatureCount + 1));

    /// <summary>The same with bins that are not laid out.</summary>
    internal KnotRows<T> Rows(Chunk chunk) => new KnotRows<T>(Knots!, _features.Pointer, _shares!.Pointer, _places!.Pointer).From(chunk.Start);

    /// <summary>The sum of all normalized weights: 1 where they are equal or the batch is all of the data.</summary>
    internal double NormalizedWeight { get; private set; }

    /// <summary>The sum of the normalized weights from <paramref name="start"/> to <paramref name="end"/>.</summary>
    internal double WeightOf(int start, int end)
    {
        double sum = 0;
        for (int i = start; i < end; i++)
            sum += double.CreateChecked(Weights[i]);
        return sum;
    }

    /// <summary>Takes the given rows of the examples; all in their order when <paramref name="rows"/> is empty.</summary>
    /// <param name="examples">The examples.</param>
    /// <param name="rows">Which of them.</param>
    /// <param name="meanWeight">The mean weight of all of them; 1 where they have none.</param>
    /// <param name="inputs">From a row's features to the network's inputs.</param>
    /// <param name="located">Where the examples lie between the knots, if that is known.</param>
    internal void Fill(Examples<T> examples, ReadOnlySpan<int> rows, double meanWeight, TransformedRow inputs, LocatedRows? located = null)
    {
        _count = rows.IsEmpty ? examples.Count : rows.Length;
        int padded = _tiling.Padded(_count);
        _weight = _count * meanWeight;
        // Examples whose weights are all zero have loss and gradient zero.
        double scale = _weight > 0 ? 1 / _weight : 0;
        double total = 0;
        for (int i = 0; i < _count; i++)
        {
            int row = rows.IsEmpty ? i : rows[i];
            total += examples.Weights is null ? 0 : double.CreateChecked(examples.Weights[row]);
            Targets[i] = examples.Targets[row];
            Weights[i] = T.CreateChecked(examples.Weights is null ? scale : double.CreateChecked(examples.Weights[row]) * scale);
        }
        NormalizedWeight = examples.Weights is null ? 1 : total * scale;
        new Span<T>(Targets + _count, padded - _count).Clear();
        new Span<T>(Weights + _count, padded - _count).Clear();
        if (Knots is null)
            SetFeatures(examples.Features, examples.FeatureCount, rows, inputs);
        else if (located is null)
            SetBetweenKnots(examples, rows, inputs);
        else
            SetBetweenKnots(located, rows);
    }

    /// <summary>Takes another batch's examples and numbers.</summary>
    internal void CopyFrom(NetworkBatch<T> other)
    {
        (_count, _weight, NormalizedWeight) = (other._count, other._weight, other.NormalizedWeight);
        int padded = _tiling.Padded(_count);
        other._targets.Span[..padded].CopyTo(_targets.Span);
        other._weights.Span[..padded].CopyTo(_weights.Span);
        int used = padded * (_tiling.ExamplesAreRows ? PaddedFeatures : FeatureCount + 1);
        other._features.Span[..used].CopyTo(_features.Span);
    }

    /// <summary>Makes all features 0, the row of ones among them.</summary>
    internal void ClearFeatures() => _features.Span.Clear();

    /// <summary>Takes inputs only, for predictions.</summary>
    internal void Fill(ReadOnlySpan<T> inputs)
    {
        _count = inputs.Length / FeatureCount;
        SetFeatures(inputs, FeatureCount, [], _asTheyAre);
    }

    private void SetFeatures(ReadOnlySpan<T> features, int width, ReadOnlySpan<int> rows, TransformedRow inputs)
    {
        int chunks = _tiling.ChunkCount(_count);
        for (int c = 0; c < chunks; c++)
        {
            Chunk chunk = _tiling.ChunkAt(_count, c);
            T* target = Features(chunk);
            for (int i = 0; i < chunk.Count; i++)
            {
                int row = rows.IsEmpty ? chunk.Start + i : rows[chunk.Start + i], later = chunk.Start + i + RowsAhead;
                if (later < rows.Length)
                    Prefetch(features.Slice(rows[later] * width, width));
                ReadOnlySpan<T> source = inputs.Apply(features.Slice(row * width, width));
                if (_tiling.ExamplesAreRows)
                {
                    source.CopyTo(new Span<T>(target + ((nint)i * PaddedFeatures), FeatureCount));
                    continue;
                }
                for (int k = 0; k < source.Length; k++)
                    target[((nint)k * chunk.Columns) + i] = source[k];
            }
            if (_tiling.ExamplesAreRows)
                continue;
            for (int k = 0; k < FeatureCount; k++)
                new Span<T>(target + ((nint)k * chunk.Columns) + chunk.Count, chunk.Columns - chunk.Count).Clear();
            new Span<T>(target + ((nint)FeatureCount * chunk.Columns), chunk.Columns).Fill(T.One);
        }
    }

    private void SetBetweenKnots(Examples<T> examples, ReadOnlySpan<int> rows, TransformedRow inputs)
    {
        for (int i = 0; i < _count; i++)
        {
            if (i + RowsAhead < rows.Length)
                Prefetch(examples.FeaturesOf(rows[i + RowsAhead]));
            // Transforms take no other numbers.
            ReadOnlySpan<float> values = MemoryMarshal.Cast<T, float>(inputs.Apply(examples.FeaturesOf(rows.IsEmpty ? i : rows[i])));
            Knots!.Locate(values, MemoryMarshal.Cast<T, float>(PlainOf(i)), PlacesOf(i), MemoryMarshal.Cast<T, float>(SharesOf(i)));
        }
    }

    private void SetBetweenKnots(LocatedRows located, ReadOnlySpan<int> rows)
    {
        for (int i = 0; i < _count; i++)
        {
            if (i + RowsAhead < rows.Length)
            {
                Prefetch(located.PlacesOf(rows[i + RowsAhead]));
                Prefetch(located.NumbersOf(rows[i + RowsAhead]));
            }
            int row = rows.IsEmpty ? i : rows[i];
            ReadOnlySpan<float> numbers = located.NumbersOf(row);
            Span<T> shares = SharesOf(i);
            located.PlacesOf(row).CopyTo(PlacesOf(i));
            numbers[..shares.Length].CopyTo(MemoryMarshal.Cast<T, float>(shares));
            numbers[shares.Length..].CopyTo(MemoryMarshal.Cast<T, float>(PlainOf(i)));
        }
    }

    private Span<T> PlainOf(int example) => _features.Span.Slice(example * Knots!.Plain.Length, Knots.Plain.Length);

    private Span<T> SharesOf(int example) => _shares!.Span.Slice(example * Knots!.Features.Length, Knots.Features.Length);

    private Span<int> PlacesOf(int example) => _places!.Span.Slice(example * Knots!.Features.Length, Knots.Features.Length);

    /// <summary>Has the processor fetch a row that will be read soon: shuffled, each would be waited for.</summary>
    private static void Prefetch<TElement>(ReadOnlySpan<TElement> row) where TElement : unmanaged
    {
        if (!Sse.IsSupported)
            return;
        ref byte first = ref Unsafe.As<TElement, byte>(ref MemoryMarshal.GetReference(row));
        for (nint at = 0; at < row.Length * (nint)sizeof(TElement); at += CacheLine)
            Sse.Prefetch0(Unsafe.AsPointer(ref Unsafe.Add(ref first, at)));
    }
}
