using System.Numerics;

namespace MLNetHyper.Engine;

/// <summary>Examples laid out for the kernels and padded to whole vectors with examples of weight zero.</summary>
internal sealed unsafe class NetworkBatch<T> : Batch where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private static readonly TransformedRow _asTheyAre = new([]);

    private readonly Tiling _tiling;
    private readonly AlignedBuffer<T> _features;
    private readonly AlignedBuffer<T> _targets;
    private readonly AlignedBuffer<T> _weights;
    private int _count;
    private double _weight;

    internal NetworkBatch(Tiling tiling, int featureCount, int capacity)
    {
        _tiling = tiling;
        FeatureCount = featureCount;
        PaddedFeatures = tiling.Padded(featureCount);
        int padded = tiling.Padded(capacity);
        _features = new AlignedBuffer<T>((tiling.ExamplesAreRows ? PaddedFeatures : featureCount + 1L) * padded);
        _targets = new AlignedBuffer<T>(padded);
        _weights = new AlignedBuffer<T>(padded);
    }

    /// <summary>The same examples, in the same place, under a number of their own.</summary>
    internal NetworkBatch(NetworkBatch<T> other)
    {
        (_tiling, FeatureCount, PaddedFeatures) = (other._tiling, other.FeatureCount, other.PaddedFeatures);
        (_features, _targets, _weights) = (other._features, other._targets, other._weights);
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
    internal void Fill(Examples<T> examples, ReadOnlySpan<int> rows, double meanWeight, TransformedRow inputs)
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
        SetFeatures(examples.Features, examples.FeatureCount, rows, inputs);
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
                int row = rows.IsEmpty ? chunk.Start + i : rows[chunk.Start + i];
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
}
