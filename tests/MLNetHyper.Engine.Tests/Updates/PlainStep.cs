namespace MLNetHyper.Engine.Tests;

/// <summary>
/// One step of every rule for a single weight, straight from its definition, with no thought for speed: what the rules' vector
/// arithmetic is compared with.
/// </summary>
internal static class PlainStep
{
    /// <summary>SGD; <paramref name="m"/> is updated. Returns the new weight.</summary>
    internal static double Sgd(bool nesterov, bool decoupled, double w, ref double m, double g, double lr, double wd, double momentum)
    {
        double d = decoupled ? g : g + (wd * w);
        m = (momentum * m) + d;
        double n = nesterov ? d + (momentum * m) : m;
        double next = w - (lr * n);
        return decoupled ? next - (lr * wd * w) : next;
    }

    /// <summary>Adam; the moments are updated. Returns the new weight.</summary>
    internal static double Adam(bool decoupled, double w, ref double m, ref double s, double g, double lr, double wd, double beta1, double beta2, long t)
    {
        double d = decoupled ? g : g + (wd * w);
        m = (beta1 * m) + ((1 - beta1) * d);
        s = (beta2 * s) + ((1 - beta2) * d * d);
        double corrected = m / (1 - Math.Pow(beta1, t)), square = s / (1 - Math.Pow(beta2, t));
        double next = w - (lr * corrected / (Math.Sqrt(square) + 1e-8));
        return decoupled ? next - (lr * wd * w) : next;
    }

    /// <summary>The mixture; the moments are updated. Returns the new weight.</summary>
    internal static double Mixture(double w, ref double m, ref double s, ref double l, double g, double lr, double wd, double beta1, double beta2, double slow, double fast, double sign, double plain, long t)
    {
        m = (beta1 * m) + ((1 - beta1) * g);
        s = (beta2 * s) + ((1 - beta2) * g * g);
        l = (0.99 * l) + (0.01 * g);
        double average = m / (1 - Math.Pow(beta1, t)), slower = l / (1 - Math.Pow(0.99, t)), size = Math.Sqrt(s / (1 - Math.Pow(beta2, t))) + 1e-8;
        double normalized = Mixed(Mixed(average, slower, slow), g, fast) / size;
        double direction = Mixed(Mixed(normalized, Math.Tanh(5 * average / size), sign), 10 * average, plain);
        return w - (lr * (direction + (wd * w)));

        static double Mixed(double x, double y, double share) => ((1 - share) * x) + (share * y);
    }
}
