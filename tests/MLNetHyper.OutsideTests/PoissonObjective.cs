using MLNetHyper.Engine;

namespace MLNetHyper.OutsideTests;

/// <summary>Counts whose logarithmic mean is linear in the features: loss <c>exp(z) - y z</c>, gradient <c>(exp(z) - y)x</c>, Hessian <c>exp(z) x xᵀ</c>.</summary>
internal sealed class PoissonObjective(float[][] rows, float[] counts) : IObjective<DenseVector<double>>
{
    private readonly int _length = rows[0].Length + 1;

    public IReadOnlyList<TensorSegment> Tensors => [new("weights", 0, _length, _length)];

    public DenseVector<double> CreateVector() => new(_length);

    public void Initialize(DenseVector<double> weights, int seed) => weights.Fill(0);

    public ILinearization<DenseVector<double>> CreateLinearization(bool withProducts = true) => new Linearization(this);

    /// <summary>The logarithm of the expected count; the last weight is the bias.</summary>
    internal static double LogMean(ReadOnlySpan<double> weights, ReadOnlySpan<float> row)
    {
        double sum = weights[^1];
        for (int k = 0; k < row.Length; k++)
            sum += weights[k] * row[k];
        return Math.Clamp(sum, -30, 30);
    }

    /// <summary>A run of rows, always all of them.</summary>
    internal sealed class Rows(int first, int count) : BatchSource
    {
        private readonly Range _range = new(first, count);

        public override int ExampleCount => count;

        public override int BatchSize => count;

        public override Batch BatchAt(long number) => _range;
    }

    private sealed class Range(int first, int count) : Batch
    {
        public override int Count => count;

        internal int First => first;
    }

    private sealed class Linearization(PoissonObjective objective) : ILinearization<DenseVector<double>>
    {
        private readonly double[] _curvatures = new double[objective.Count];
        private Range? _batch;

        public double Loss(DenseVector<double> weights, Batch batch)
        {
            var range = (Range)batch;
            double loss = 0;
            for (int i = range.First; i < range.First + range.Count; i++)
            {
                double z = LogMean(weights.Span, objective.Row(i));
                loss += (Math.Exp(z) - (objective.CountOf(i) * z)) / range.Count;
            }
            return loss;
        }

        public double Gradient(DenseVector<double> weights, Batch batch, DenseVector<double> gradient)
        {
            _batch = (Range)batch;
            gradient.Fill(0);
            for (int i = _batch.First; i < _batch.First + _batch.Count; i++)
            {
                double mean = Math.Exp(LogMean(weights.Span, objective.Row(i)));
                _curvatures[i] = mean;
                Add(gradient.Span, (mean - objective.CountOf(i)) / _batch.Count, objective.Row(i));
            }
            return Loss(weights, batch);
        }

        public void CurvatureVectorProducts(Curvature curvature, ReadOnlySpan<DenseVector<double>> directions, ReadOnlySpan<DenseVector<double>> products, BatchPart part)
        {
            int start = _batch!.First + (_batch.Count * part.Index / part.Count), end = _batch.First + (_batch.Count * (part.Index + 1) / part.Count);
            for (int d = 0; d < directions.Length; d++)
            {
                products[d].Fill(0);
                for (int i = start; i < end; i++)
                {
                    double along = directions[d].Span[^1];
                    for (int k = 0; k < objective.Row(i).Length; k++)
                        along += directions[d].Span[k] * objective.Row(i)[k];
                    Add(products[d].Span, _curvatures[i] * along / (end - start), objective.Row(i));
                }
            }
        }

        private static void Add(Span<double> sum, double factor, float[] row)
        {
            for (int k = 0; k < row.Length; k++)
                sum[k] += factor * row[k];
            sum[^1] += factor;
        }
    }

    private int Count => counts.Length;

    private float[] Row(int index) => rows[index];

    private float CountOf(int index) => counts[index];
}
