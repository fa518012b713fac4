namespace MLNetHyper.Engine.Tests;

/// <summary>Finite differences, comparisons and the like.</summary>
internal static class Numbers
{
    /// <summary>The fourth-order central difference at 0.</summary>
    internal static double Derivative(Func<double, double> f, double h = 1e-3) =>
        ((8 * (f(h) - f(-h))) - (f(2 * h) - f(-2 * h))) / (12 * h);

    /// <summary>The same of an array-valued function.</summary>
    internal static double[] Derivative(Func<double, double[]> f, double h = 1e-3)
    {
        double[] a = f(h), b = f(-h), c = f(2 * h), d = f(-2 * h);
        return [.. a.Select((_, i) => ((8 * (a[i] - b[i])) - (c[i] - d[i])) / (12 * h))];
    }

    /// <summary>Compares to a tolerance relative to the larger of the expected number and a floor for numbers near zero.</summary>
    internal static void AreClose(double expected, double actual, double tolerance, string? what = null, double floor = 1e-3) =>
        Assert.AreEqual(expected, actual, tolerance * Math.Max(Math.Abs(expected), floor), what);

    /// <summary>Compares element by element to a tolerance relative to the largest expected element, or to a floor where all are near zero.</summary>
    internal static void AreClose(ReadOnlySpan<double> expected, ReadOnlySpan<double> actual, double tolerance, string? what = null, double floor = 1e-12)
    {
        Assert.AreEqual(expected.Length, actual.Length, what);
        double scale = floor;
        foreach (double e in expected)
            scale = Math.Max(scale, Math.Abs(e));
        for (int i = 0; i < expected.Length; i++)
            Assert.AreEqual(expected[i], actual[i], tolerance * scale, $"{what} [{i}]");
    }

    internal static double[] ToArray(this DenseVector<double> vector) => vector.Span.ToArray();

    internal static DenseVector<double> ToVector(this double[] values)
    {
        var vector = new DenseVector<double>(values.Length);
        vector.CopyFrom((ReadOnlySpan<double>)values);
        return vector;
    }

    internal static DenseVector<double> RandomVector(Random random, int length, double scale = 1) =>
        Enumerable.Range(0, length).Select(_ => scale * ((2 * random.NextDouble()) - 1)).ToArray().ToVector();

    internal static double[] Raw(this HyperparameterValue<DenseVector<double>> value)
    {
        double[] raw = new double[value.Count];
        value.CopyRawTo(raw);
        return raw;
    }

    internal static double[] Hypergradient(this HyperparameterValue<DenseVector<double>> value)
    {
        double[] h = new double[value.Count];
        value.CopyHypergradientTo(h);
        return h;
    }
}
