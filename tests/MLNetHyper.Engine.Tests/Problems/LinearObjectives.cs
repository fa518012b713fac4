namespace MLNetHyper.Engine.Tests;

/// <summary>A loss φ of the residual x·w - y; the weight tensors are the two halves of w.</summary>
internal abstract class LinearObjective(double[][] x, double[] y)
    : ExampleObjective(new TensorSegment("first", 0, x[0].Length / 2, x[0].Length), new TensorSegment("second", x[0].Length / 2, x[0].Length - (x[0].Length / 2), x[0].Length))
{
    protected abstract (double Value, double Slope, double Curvature) Phi(double residual);

    protected override double AddLoss(ReadOnlySpan<double> w, int example, Span<double> gradient)
    {
        (double value, double slope, _) = Phi(Residual(w, example));
        for (int i = 0; i < gradient.Length; i++)
            gradient[i] += slope * x[example][i];
        return value;
    }

    protected override void AddProduct(Curvature curvature, ReadOnlySpan<double> w, int example, ReadOnlySpan<double> direction, Span<double> product)
    {
        double second = Phi(Residual(w, example)).Curvature, along = 0;
        for (int i = 0; i < w.Length; i++)
            along += x[example][i] * direction[i];
        for (int i = 0; i < w.Length; i++)
            product[i] += second * along * x[example][i];
    }

    private double Residual(ReadOnlySpan<double> w, int example)
    {
        double residual = -y[example];
        for (int i = 0; i < w.Length; i++)
            residual += x[example][i] * w[i];
        return residual;
    }
}

/// <summary>log cosh(x·w - y): smooth, convex, its Hessian changes with w.</summary>
internal sealed class LogCoshObjective(double[][] x, double[] y) : LinearObjective(x, y)
{
    protected override (double Value, double Slope, double Curvature) Phi(double residual)
    {
        double tanh = Math.Tanh(residual);
        return (Math.Log(Math.Cosh(residual)), tanh, 1 - (tanh * tanh));
    }
}

/// <summary>½(x·w - y)²: with coupled weight decay, ridge regression.</summary>
internal sealed class RidgeObjective(double[][] x, double[] y) : LinearObjective(x, y)
{
    protected override (double Value, double Slope, double Curvature) Phi(double residual) => (0.5 * residual * residual, residual, 1);
}
