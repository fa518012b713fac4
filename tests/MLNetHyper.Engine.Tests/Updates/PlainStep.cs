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
}
