namespace MLNetHyper.Torch.Tests;

/// <summary>Derivatives by finite differences.</summary>
internal static class Finite
{
    internal static double[] ToArray(this TorchVector vector)
    {
        double[] values = new double[vector.Length];
        vector.CopyTo(values);
        return values;
    }

    internal static double[] Random(int length, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, length).Select(_ => (2 * random.NextDouble()) - 1)];
    }

    /// <summary>Checks gradient and Hessian product of one batch at one point, in float64.</summary>
    internal static void Check(TorchObjective objective, TorchBatch batch, double tolerance, double step = 1e-5)
    {
        TorchVector weights = objective.CreateVector(), gradient = objective.CreateVector(), product = objective.CreateVector(), direction = objective.CreateVector();
        objective.Initialize(weights, 3);
        direction.CopyFrom(Random(weights.Length, 5));
        ILinearization<TorchVector> point = objective.CreateLinearization(), plain = objective.CreateLinearization(withProducts: false);
        double[] start = weights.ToArray();
        double loss = point.Gradient(weights, batch, gradient);
        double[] g = gradient.ToArray();
        Assert.AreEqual(loss, plain.Gradient(weights, batch, gradient), 1e-14 * Math.Abs(loss), "the same loss without products");
        AreClose(g, gradient.ToArray(), 1e-13);
        Assert.AreEqual(loss, plain.Loss(weights, batch), 1e-14 * Math.Abs(loss), "the same loss without a gradient");
        point.CurvatureVectorProducts(Curvature.Hessian, [direction], [product], BatchPart.Whole);
        double[] hv = product.ToArray();

        (double[] G, double L) At(double t)
        {
            weights.CopyFrom([.. start.Zip(direction.ToArray(), (w, d) => w + (t * d))]);
            double l = plain.Gradient(weights, batch, gradient);
            return (gradient.ToArray(), l);
        }
        (double[] plusG, double plusL) = At(step);
        (double[] minusG, double minusL) = At(-step);
        Assert.AreEqual((plusL - minusL) / (2 * step), g.Zip(direction.ToArray(), (a, b) => a * b).Sum(), tolerance * Norm(g), "gradient");
        AreClose([.. plusG.Zip(minusG, (a, b) => (a - b) / (2 * step))], hv, tolerance);
        Assert.IsGreaterThan(0, Norm(hv));
    }

    internal static void AreClose(double[] expected, double[] actual, double tolerance, string what = "")
    {
        double difference = Norm([.. expected.Zip(actual, (a, b) => a - b)]), scale = Math.Max(Norm(expected), 1e-300);
        Assert.IsLessThanOrEqualTo(tolerance, difference / scale, $"relative difference {difference / scale:E2} {what}");
    }

    internal static double Norm(double[] x) => Math.Sqrt(x.Sum(v => v * v));
}
