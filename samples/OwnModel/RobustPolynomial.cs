using MLNetHyper.Engine;

/// <summary>
/// A Chebyshev polynomial fitted by the loss <c>log cosh(wᵀφ(x) - y)</c>, which hardly minds outliers: gradient
/// <c>tanh(r)φ</c>, Hessian <c>(1 - tanh²(r))φφᵀ</c>. The model is linear in w, so the Gauss-Newton matrix is the Hessian.
/// </summary>
internal sealed class RobustPolynomial : IObjective<DenseVector<double>>
{
    private readonly double[][] _features;
    private readonly double[] _targets;
    private readonly int _length;

    internal RobustPolynomial(double[] x, double[] y, int degree)
    {
        (_targets, _length) = (y, degree + 1);
        _features = [.. x.Select(v => Enumerable.Range(0, degree + 1).Select(k => Math.Cos(k * Math.Acos(v / 3))).ToArray())];
        Tensors = [new TensorSegment("coefficients", 0, _length, _length)];
    }

    public IReadOnlyList<TensorSegment> Tensors { get; }

    public DenseVector<double> CreateVector() => new(_length);

    public void Initialize(DenseVector<double> weights, int seed) => weights.Fill(0);

    public ILinearization<DenseVector<double>> CreateLinearization(bool withProducts = true) => new Linearization(this);

    private sealed class Linearization(RobustPolynomial model) : ILinearization<DenseVector<double>>
    {
        private readonly List<(double[] Features, double Curvature)> _examples = [];

        public double Loss(DenseVector<double> weights, Batch batch) =>
            ((Rows.Span)batch).Indices.Average(i => LogCosh(Residual(weights, i)));

        public double Gradient(DenseVector<double> weights, Batch batch, DenseVector<double> gradient)
        {
            _examples.Clear();
            gradient.Fill(0);
            double loss = 0;
            foreach (int i in ((Rows.Span)batch).Indices)
            {
                double residual = Residual(weights, i), slope = Math.Tanh(residual);
                loss += LogCosh(residual) / batch.Count;
                for (int k = 0; k < model._length; k++)
                    gradient.Span[k] += slope * model._features[i][k] / batch.Count;
                _examples.Add((model._features[i], 1 - (slope * slope)));
            }
            return loss;
        }

        public void CurvatureVectorProducts(Curvature curvature, ReadOnlySpan<DenseVector<double>> directions, ReadOnlySpan<DenseVector<double>> products, BatchPart part)
        {
            // A batch with fewer examples than parts is used whole.
            (int index, int count) = _examples.Count < part.Count ? (0, 1) : (part.Index, part.Count);
            int from = _examples.Count * index / count, to = _examples.Count * (index + 1) / count;
            for (int d = 0; d < directions.Length; d++)
            {
                products[d].Fill(0);
                for (int i = from; i < to; i++)
                {
                    (double[] features, double second) = _examples[i];
                    double along = 0;
                    for (int k = 0; k < features.Length; k++)
                        along += features[k] * directions[d].Span[k];
                    for (int k = 0; k < features.Length; k++)
                        products[d].Span[k] += second * along * features[k] / (to - from);
                }
            }
        }

        private double Residual(DenseVector<double> weights, int i)
        {
            double sum = -model._targets[i];
            for (int k = 0; k < model._length; k++)
                sum += weights.Span[k] * model._features[i][k];
            return sum;
        }

        private static double LogCosh(double r) => Math.Abs(r) + Math.Log((1 + Math.Exp(-2 * Math.Abs(r))) / 2);
    }
}

/// <summary>Some of the examples, all in every batch.</summary>
internal sealed class Rows(int first, int count) : BatchSource
{
    private readonly Span _all = new([.. Enumerable.Range(first, count)]);

    public override int ExampleCount => count;

    public override int BatchSize => count;

    public override Batch BatchAt(long number) => _all;

    internal sealed class Span(int[] indices) : Batch
    {
        internal int[] Indices => indices;

        public override int Count => indices.Length;
    }
}
