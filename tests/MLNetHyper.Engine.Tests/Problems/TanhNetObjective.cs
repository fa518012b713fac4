namespace MLNetHyper.Engine.Tests;

/// <summary>
/// Two inputs, four tanh units, one output, squared error: 17 weights with a Hessian that is indefinite and couples all of them.
/// Products by Pearlmutter's R-operator, the Gauss-Newton part by forward and backward through the Jacobian.
/// </summary>
internal sealed class TanhNetObjective(double[][] x, double[] y) : ExampleObjective(
    new TensorSegment("layers.0.weight", 0, 8, 2),
    new TensorSegment("layers.0.bias", 8, 4, 2),
    new TensorSegment("layers.1.weight", 12, 4, 4),
    new TensorSegment("layers.1.bias", 16, 1, 4))
{
    private const int Hidden = 4;

    protected override double AddLoss(ReadOnlySpan<double> w, int example, Span<double> gradient)
    {
        Span<double> h = stackalloc double[Hidden];
        double residual = Forward(w, x[example], h) - y[example];
        if (!gradient.IsEmpty)
        {
            double output = 2 * residual;
            gradient[16] += output;
            for (int k = 0; k < Hidden; k++)
            {
                gradient[12 + k] += output * h[k];
                double z = output * w[12 + k] * (1 - (h[k] * h[k]));
                gradient[8 + k] += z;
                gradient[2 * k] += z * x[example][0];
                gradient[(2 * k) + 1] += z * x[example][1];
            }
        }
        return residual * residual;
    }

    protected override void AddProduct(Curvature curvature, ReadOnlySpan<double> w, int example, ReadOnlySpan<double> direction, Span<double> product)
    {
        double[] input = x[example];
        Span<double> h = stackalloc double[Hidden], rh = stackalloc double[Hidden];
        double output = 2 * (Forward(w, input, h) - y[example]);
        double rOutput = direction[16];
        for (int k = 0; k < Hidden; k++)
        {
            double rz = (direction[2 * k] * input[0]) + (direction[(2 * k) + 1] * input[1]) + direction[8 + k];
            rh[k] = (1 - (h[k] * h[k])) * rz;
            rOutput += (direction[12 + k] * h[k]) + (w[12 + k] * rh[k]);
        }
        rOutput *= 2;
        bool exact = curvature == Curvature.Hessian;
        product[16] += rOutput;
        for (int k = 0; k < Hidden; k++)
        {
            double slope = 1 - (h[k] * h[k]);
            product[12 + k] += (rOutput * h[k]) + (exact ? output * rh[k] : 0);
            double rz = rOutput * w[12 + k] * slope;
            if (exact)
                rz += (output * direction[12 + k] * slope) - (output * w[12 + k] * 2 * h[k] * rh[k]);
            product[8 + k] += rz;
            product[2 * k] += rz * input[0];
            product[(2 * k) + 1] += rz * input[1];
        }
    }

    private static double Forward(ReadOnlySpan<double> w, double[] input, Span<double> h)
    {
        double output = w[16];
        for (int k = 0; k < Hidden; k++)
        {
            h[k] = Math.Tanh((w[2 * k] * input[0]) + (w[(2 * k) + 1] * input[1]) + w[8 + k]);
            output += w[12 + k] * h[k];
        }
        return output;
    }
}
