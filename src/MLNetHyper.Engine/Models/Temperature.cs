namespace MLNetHyper.Engine;

/// <summary>The number by which logits are divided so that probabilities say how often they are right (Guo et al. 2017, section 4.2).</summary>
internal static class Temperature
{
    // Beyond these a few rows say more than they can know.
    private const double Least = 0.5;
    private const double Greatest = 3;
    private const int Halvings = 40;

    /// <summary>The temperature with the lowest log-loss on rows that did not train, a convex problem in its inverse: halving of where its derivative changes sign.</summary>
    /// <param name="logits">Row-major: one logit a row, or one for each class.</param>
    /// <param name="targets">Each row's class.</param>
    /// <param name="outputs">Logits of a row.</param>
    internal static double Fit(double[] logits, float[] targets, int outputs)
    {
        double lower = 1 / Greatest, upper = 1 / Least;
        for (int i = 0; i < Halvings; i++)
        {
            double middle = (lower + upper) / 2, slope = Slope(logits, targets, outputs, middle);
            if (!double.IsFinite(slope))
                return 1;
            (lower, upper) = slope > 0 ? (lower, middle) : (middle, upper);
        }
        return 2 / (lower + upper);
    }

    /// <summary>The log-loss's derivative by the inverse temperature: the mean logit less that of the true class.</summary>
    private static double Slope(double[] logits, float[] targets, int outputs, double inverse)
    {
        double sum = 0;
        for (int row = 0; row < targets.Length; row++)
        {
            ReadOnlySpan<double> z = logits.AsSpan(row * outputs, outputs);
            if (outputs == 1)
            {
                sum += z[0] * ((1 / (1 + Math.Exp(-z[0] * inverse))) - targets[row]);
                continue;
            }
            double greatest = System.Numerics.Tensors.TensorPrimitives.Max(z), total = 0, mean = 0;
            foreach (double logit in z)
            {
                double share = Math.Exp((logit - greatest) * inverse);
                total += share;
                mean += share * logit;
            }
            sum += (mean / total) - z[(int)targets[row]];
        }
        return sum;
    }
}
