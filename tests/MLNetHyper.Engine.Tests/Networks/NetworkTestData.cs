using System.Numerics;

namespace MLNetHyper.Engine.Tests;

/// <summary>Random examples, weights and the engine's settings that every network test goes through.</summary>
internal static class NetworkTestData
{
    /// <summary>Both register widths and both layouts of the first layer.</summary>
    internal static readonly (Kernels<double> Kernels, bool ExamplesAreRows)[] Engines = [.. Kernels<double>.All.SelectMany(kernels => new[] { (kernels, true), (kernels, false) })];

    internal static Architecture Shape(int inputs, int[] hidden, Activation activation = Activation.Tanh, Loss loss = Loss.SquaredError) =>
        new(inputs, hidden, loss == Loss.SoftmaxCrossEntropy ? 3 : 1, activation, loss);

    internal static Examples<double> Draw(Architecture architecture, int count, int seed, bool weighted = false)
    {
        Random random = new(seed);
        double[] features = Normal(random, count * architecture.Inputs);
        double[] targets = architecture.Loss switch
        {
            Loss.SquaredError => Normal(random, count),
            Loss.Logistic => [.. Enumerable.Range(0, count).Select(_ => (double)random.Next(2))],
            _ => [.. Enumerable.Range(0, count).Select(_ => (double)random.Next(architecture.Outputs))],
        };
        double[]? weights = weighted ? [.. Enumerable.Range(0, count).Select(i => i % 5 == 3 ? 0 : 0.1 + random.NextDouble())] : null;
        return new Examples<double>(features, architecture.Inputs, targets, weights);
    }

    internal static double[] Normal(Random random, int count)
    {
        double[] values = new double[count];
        for (int i = 0; i < count; i++)
            values[i] = Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
        return values;
    }

    internal static Examples<float> Single(Examples<double> examples) => new(
        Array.ConvertAll(examples.Features, x => (float)x), examples.FeatureCount, Array.ConvertAll(examples.Targets, x => (float)x),
        examples.Weights is null ? null : Array.ConvertAll(examples.Weights, x => (float)x));

    internal static DenseVector<T> Vector<T>(double[] values) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        DenseVector<T> vector = new(values.Length);
        vector.CopyFrom(values);
        return vector;
    }

    internal static double[] Values<T>(DenseVector<T> vector) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        double[] values = new double[vector.Length];
        vector.CopyTo(values);
        return values;
    }

    internal static Batch Whole<T>(NetworkObjective<T> objective, Examples<T> examples) where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        objective.CreateBatchSource(examples, examples.Count, null, 1).BatchAt(0);

    internal static double[] Product<T>(
        ILinearization<DenseVector<T>> point, Curvature curvature, double[] direction, BatchPart part)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        DenseVector<T> product = new(direction.Length);
        point.CurvatureVectorProducts(curvature, [Vector<T>(direction)], [product], part);
        return Values(product);
    }

    internal static double Dot(double[] x, double[] y) => x.Zip(y, (a, b) => a * b).Sum();

    /// <summary>Compares by the largest element's size.</summary>
    internal static void AssertClose(double[] expected, double[] actual, double tolerance, string what)
    {
        double scale = Math.Max(1e-3, expected.Max(Math.Abs));
        for (int i = 0; i < expected.Length; i++)
            Assert.AreEqual(expected[i], actual[i], tolerance * scale, $"{what}, element {i}");
    }
}
