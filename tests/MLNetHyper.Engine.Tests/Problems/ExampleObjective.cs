namespace MLNetHyper.Engine.Tests;

/// <summary>A mean of losses of single examples, with derivatives written out by hand in plain loops: slow and obvious.</summary>
internal abstract class ExampleObjective(params TensorSegment[] tensors) : IObjective<DenseVector<double>>
{
    public IReadOnlyList<TensorSegment> Tensors => tensors;

    internal int Length { get; } = tensors.Sum(t => t.Length);

    public DenseVector<double> CreateVector() => new(Length);

    public void Initialize(DenseVector<double> weights, int seed)
    {
        var random = new Random(seed);
        foreach (ref double w in weights.Span)
            w = (2 * random.NextDouble()) - 1;
    }

    public ILinearization<DenseVector<double>> CreateLinearization(bool withProducts = true) => new Linearization(this);

    /// <summary>The loss of one example; its gradient is added to <paramref name="gradient"/> unless that is empty.</summary>
    protected abstract double AddLoss(ReadOnlySpan<double> w, int example, Span<double> gradient);

    /// <summary>Adds one example's product of curvature and direction.</summary>
    protected abstract void AddProduct(Curvature curvature, ReadOnlySpan<double> w, int example, ReadOnlySpan<double> direction, Span<double> product);

    private sealed class Linearization(ExampleObjective objective) : ILinearization<DenseVector<double>>
    {
        private readonly double[] _weights = new double[objective.Length];
        private IndexBatch? _batch;

        public double Loss(DenseVector<double> weights, Batch batch) => Evaluate(weights.Span, (IndexBatch)batch, []);

        public double Gradient(DenseVector<double> weights, Batch batch, DenseVector<double> gradient)
        {
            weights.Span.CopyTo(_weights);
            _batch = (IndexBatch)batch;
            gradient.Fill(0);
            double loss = Evaluate(_weights, _batch, gradient.Span);
            gradient.Scale(1.0 / batch.Count);
            return loss;
        }

        public void CurvatureVectorProducts(Curvature curvature, ReadOnlySpan<DenseVector<double>> directions, ReadOnlySpan<DenseVector<double>> products, BatchPart part)
        {
            ReadOnlySpan<int> examples = Part(_batch!.Examples, part);
            for (int k = 0; k < directions.Length; k++)
            {
                products[k].Fill(0);
                foreach (int example in examples)
                    objective.AddProduct(curvature, _weights, example, directions[k].Span, products[k].Span);
                products[k].Scale(1.0 / examples.Length);
            }
        }

        private static ReadOnlySpan<int> Part(ReadOnlySpan<int> examples, BatchPart part)
        {
            if (examples.Length < part.Count)
                return examples;
            int start = examples.Length * part.Index / part.Count;
            return examples[start..(examples.Length * (part.Index + 1) / part.Count)];
        }

        private double Evaluate(ReadOnlySpan<double> weights, IndexBatch batch, Span<double> gradient)
        {
            double sum = 0;
            foreach (int example in batch.Examples)
                sum += objective.AddLoss(weights, example, gradient);
            return sum / batch.Count;
        }
    }
}
