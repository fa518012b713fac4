using System.Numerics;

namespace MLNetHyper.Engine;

/// <summary>What <see cref="Regularization"/> does at one point: the present share of label smoothing, and the present batch with noise on its features.</summary>
internal sealed unsafe class Regularizers<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    // Normal numbers are drawn once, and every example starts somewhere among them: that spares a logarithm and a cosine for each.
    private const int Drawn = 1 << 14;
    private static readonly T[] _normal = Draw();

    private readonly HyperparameterValue<DenseVector<T>>? _smoothing;
    private readonly HyperparameterValue<DenseVector<T>>? _noise;
    private readonly bool _withProducts;
    private NetworkBatch<T>? _batch;
    private NetworkBatch<T>? _direction;

    /// <param name="values">The present values, in the order of <see cref="Regularization.Hyperparameters"/>.</param>
    /// <param name="withProducts">Whether <see cref="Noise"/> will be asked for.</param>
    internal Regularizers(IReadOnlyList<HyperparameterValue<DenseVector<T>>> values, bool withProducts)
    {
        (Values, _withProducts) = (values, withProducts);
        _smoothing = values.FirstOrDefault(value => value.Definition.Name == Regularization.LabelSmoothingName);
        _noise = values.FirstOrDefault(value => value.Definition.Name == Regularization.InputNoiseName);
    }

    internal IReadOnlyList<HyperparameterValue<DenseVector<T>>> Values { get; }

    internal T Smoothing => T.CreateChecked(_smoothing?.Mean ?? 0);

    /// <summary>The noise on the present batch's features, of deviation 1.</summary>
    internal NetworkBatch<T> Noise => _direction!;

    /// <summary>A batch with noise on its features, the same whenever it is asked for: itself where there is none. Valid until the next.</summary>
    internal NetworkBatch<T> Apply(NetworkBatch<T> batch)
    {
        if (_noise is null)
            return batch;
        if (_batch is null || _batch.Capacity < batch.Count)
        {
            _batch = new NetworkBatch<T>(batch.Tiling, batch.FeatureCount, batch.Count);
            _direction = _withProducts ? new NetworkBatch<T>(batch.Tiling, batch.FeatureCount, batch.Count) : null;
        }
        _batch.CopyFrom(batch);
        _direction?.ClearFeatures();
        AddNoise(batch, T.CreateChecked(_noise.Mean));
        return _batch;
    }

    private void AddNoise(NetworkBatch<T> batch, T deviation)
    {
        Tiling tiling = batch.Tiling;
        SplitMix64 random = batch.Random;
        for (int c = 0; c < tiling.ChunkCount(batch.Count); c++)
        {
            Chunk chunk = tiling.ChunkAt(batch.Count, c);
            T* features = _batch!.Features(chunk), noise = _direction is null ? null : _direction.Features(chunk);
            (nint example, nint feature) = tiling.ExamplesAreRows ? (batch.PaddedFeatures, 1) : (1, chunk.Columns);
            for (int i = 0; i < chunk.Count; i++)
            {
                int from = random.NextInt(Drawn);
                for (int k = 0; k < batch.FeatureCount; k++)
                {
                    nint at = (i * example) + (k * feature);
                    T drawn = _normal[(from + k) & (Drawn - 1)];
                    if (noise != null)
                        noise[at] = drawn;
                    features[at] += deviation * drawn;
                }
            }
        }
    }

    /// <summary>By Box and Muller, of mean 0 and deviation 1 to the last digit.</summary>
    private static T[] Draw()
    {
        SplitMix64 random = new(0);
        double[] normal = new double[Drawn];
        for (int i = 0; i < Drawn; i++)
            normal[i] = Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
        double mean = normal.Average(), deviation = Math.Sqrt(normal.Average(x => (x - mean) * (x - mean)));
        return Array.ConvertAll(normal, x => T.CreateChecked((x - mean) / deviation));
    }
}
