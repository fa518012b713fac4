namespace MLNetHyper.Engine.Tests;

/// <summary>
/// ½(w-c)ᵀA(w-c), with its own A and c for every example: ½wᵀAw - bᵀw up to a constant that keeps it non-negative.
/// </summary>
internal sealed class QuadraticObjective : ExampleObjective
{
    private readonly double[][,] _a;
    private readonly double[][] _c;

    internal QuadraticObjective(double[][,] a, double[][] c)
        : base(new TensorSegment("first", 0, (c[0].Length + 1) / 2, 1), new TensorSegment("second", (c[0].Length + 1) / 2, c[0].Length / 2, 1)) =>
        (_a, _c) = (a, c);

    /// <summary>Examples with one diagonal matrix, so that each weight is a problem of its own.</summary>
    internal static QuadraticObjective Diagonal(double[] curvatures, double[] center, int examples)
    {
        double[,] a = new double[curvatures.Length, curvatures.Length];
        for (int i = 0; i < curvatures.Length; i++)
            a[i, i] = curvatures[i];
        return new([.. Enumerable.Repeat(a, examples)], [.. Enumerable.Repeat(center, examples)]);
    }

    internal static QuadraticObjective Random(int length, int examples, int seed)
    {
        var random = new Random(seed);
        double[][,] a = [.. Enumerable.Range(0, examples).Select(_ => PositiveDefinite(length, random))];
        double[][] c = [.. Enumerable.Range(0, examples).Select(_ => Enumerable.Range(0, length).Select(_ => 2 + random.NextDouble()).ToArray())];
        return new(a, c);
    }

    protected override double AddLoss(ReadOnlySpan<double> w, int example, Span<double> gradient)
    {
        double loss = 0;
        for (int i = 0; i < w.Length; i++)
        {
            double slope = 0;
            for (int j = 0; j < w.Length; j++)
                slope += _a[example][i, j] * (w[j] - _c[example][j]);
            loss += 0.5 * slope * (w[i] - _c[example][i]);
            if (!gradient.IsEmpty)
                gradient[i] += slope;
        }
        return loss;
    }

    protected override void AddProduct(Curvature curvature, ReadOnlySpan<double> w, int example, ReadOnlySpan<double> direction, Span<double> product)
    {
        for (int i = 0; i < w.Length; i++)
        {
            for (int j = 0; j < w.Length; j++)
                product[i] += _a[example][i, j] * direction[j];
        }
    }

    private static double[,] PositiveDefinite(int n, Random random)
    {
        double[,] r = new double[n, n], a = new double[n, n];
        for (int i = 0; i < n; i++)
        {
            for (int j = 0; j < n; j++)
                r[i, j] = random.NextDouble() - 0.5;
        }
        for (int i = 0; i < n; i++)
        {
            for (int j = 0; j < n; j++)
            {
                for (int k = 0; k < n; k++)
                    a[i, j] += r[i, k] * r[j, k];
            }
            a[i, i] += 0.3;
        }
        return a;
    }
}
