namespace MLNetHyper.Engine.Tests;

/// <summary>The problems that every method and rule is tried on.</summary>
internal static class Zoo
{
    internal static string[] Names { get; } = ["quadratic", "log-cosh", "ridge", "tanh-net", "scaled"];

    internal static Problem Create(string name, int batchSize = 4) => new(Objective(name), batchSize);

    private static IObjective<DenseVector<double>> Objective(string name)
    {
        var random = new Random(7);
        switch (name)
        {
            case "quadratic":
                return QuadraticObjective.Random(5, Problem.Examples, seed: 3);
            case "log-cosh":
                (double[][] x, double[] y) = LinearData(random, 6);
                return new LogCoshObjective(x, y);
            case "ridge":
                (x, y) = LinearData(random, 6);
                return new RidgeObjective(x, y);
            case "tanh-net":
                x = Inputs(random, 2);
                return new TanhNetObjective(x, [.. x.Select(v => Math.Sin(2 * v[0]) + v[1] + (0.1 * random.NextDouble()))]);
            case "scaled":
                (x, y) = LinearData(random, 5);
                return new ScaledObjective(x, y);
            default:
                throw new ArgumentOutOfRangeException(nameof(name), name, "No such problem.");
        }
    }

    private static (double[][] X, double[] Y) LinearData(Random random, int features)
    {
        double[][] x = Inputs(random, features);
        return (x, [.. x.Select(v => v.Select((e, i) => e * (i - 2)).Sum() + (0.3 * random.NextDouble()))]);
    }

    private static double[][] Inputs(Random random, int features) =>
        [.. Enumerable.Range(0, Problem.Examples).Select(_ => Enumerable.Range(0, features).Select(_ => (2 * random.NextDouble()) - 1).ToArray())];
}
