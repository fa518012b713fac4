namespace MLNetHyper.Engine.Tests;

/// <summary>An objective whose training gradients something happens to: they turn bad, or the caller cancels in the middle of one.</summary>
internal sealed class SabotagedObjective(IObjective<DenseVector<double>> inner) : IObjective<DenseVector<double>>
{
    /// <summary>Called with the number of the gradient, from 1, and its batch; what it returns is added to one derivative and, unless finite, to the loss.</summary>
    internal Func<int, Batch, double>? OnGradient { get; init; }

    /// <summary>Added to every product.</summary>
    internal Func<double>? OnProduct { get; init; }

    internal int Gradients { get; private set; }

    public IReadOnlyList<TensorSegment> Tensors => inner.Tensors;

    public DenseVector<double> CreateVector() => inner.CreateVector();

    public void Initialize(DenseVector<double> weights, int seed) => inner.Initialize(weights, seed);

    public ILinearization<DenseVector<double>> CreateLinearization(bool withProducts = true) => new Linearization(this, inner.CreateLinearization(withProducts));

    private sealed class Linearization(SabotagedObjective objective, ILinearization<DenseVector<double>> linearization) : ILinearization<DenseVector<double>>
    {
        public double Loss(DenseVector<double> weights, Batch batch) => linearization.Loss(weights, batch);

        public double Gradient(DenseVector<double> weights, Batch batch, DenseVector<double> gradient)
        {
            double loss = linearization.Gradient(weights, batch, gradient);
            double harm = objective.OnGradient?.Invoke(++objective.Gradients, batch) ?? 0;
            gradient.Span[0] += harm;
            return double.IsFinite(harm) ? loss : loss + harm;
        }

        public void CurvatureVectorProducts(Curvature curvature, ReadOnlySpan<DenseVector<double>> directions, ReadOnlySpan<DenseVector<double>> products, BatchPart part)
        {
            linearization.CurvatureVectorProducts(curvature, directions, products, part);
            foreach (DenseVector<double> product in products)
                product.Span[0] += objective.OnProduct?.Invoke() ?? 0;
        }
    }
}
