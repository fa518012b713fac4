using static MLNetHyper.Engine.Tests.NetworkTestData;

namespace MLNetHyper.Engine.Tests;

[TestClass]
public sealed class NetworkDerivativeTests
{
    private static readonly int[][] _hidden = [[], [1], [3], [17, 5], [50], [65]];

    [TestMethod]
    public void Gradient_and_products_equal_the_reference_for_every_shape()
    {
        int seed = 1;
        foreach (int[] hidden in _hidden)
        {
            foreach (int inputs in (int[])[1, 2, 3, 4, 5, 7, 8, 9, 13, 16, 17, 20, 70, 130])
            {
                foreach (Loss loss in Enum.GetValues<Loss>())
                {
                    // Each shape meets one of the activations; all pairs occur.
                    Activation activation = (Activation)(seed % 4);
                    Architecture shape = Shape(inputs, hidden, activation, loss);
                    CheckAgainstReference(shape, count: 1 + (seed * 7 % 60), seed, weighted: seed % 2 == 0);
                    seed++;
                }
            }
        }
    }

    [TestMethod]
    public void Gradient_and_products_equal_the_reference_for_every_batch_size()
    {
        for (int count = 1; count <= 70; count++)
        {
            CheckAgainstReference(Shape(3, [4], Activation.Gelu), count, count, weighted: true);
            CheckAgainstReference(Shape(3, [4], Activation.Relu), count, count, weighted: false);
        }
    }

    [TestMethod]
    [DataRow(Activation.Tanh)]
    [DataRow(Activation.Gelu)]
    [DataRow(Activation.Identity)]
    public void Hessian_product_equals_the_gradients_difference(Activation activation)
    {
        foreach (Loss loss in Enum.GetValues<Loss>())
        {
            foreach (int[] hidden in _hidden)
            {
                Architecture shape = Shape(6, hidden, activation, loss);
                foreach ((Kernels<double> kernels, bool rows) in Engines)
                {
                    NetworkObjective<double> objective = new(shape, 1, kernels, rows);
                    Batch batch = Whole(objective, Draw(shape, 37, 5, weighted: true));
                    ILinearization<DenseVector<double>> point = objective.CreateLinearization();
                    double[] w = Weights(objective, 3), v = Normal(new Random(4), w.Length);
                    const double step = 1e-5;
                    double[] plus = GradientAt(point, batch, [.. w.Zip(v, (a, b) => a + (step * b))]);
                    double[] minus = GradientAt(point, batch, [.. w.Zip(v, (a, b) => a - (step * b))]);
                    double[] difference = [.. plus.Zip(minus, (a, b) => (a - b) / (2 * step))];
                    GradientAt(point, batch, w);
                    AssertClose(difference, Product(point, Curvature.Hessian, v, BatchPart.Whole), 1e-7, $"{shape.Loss} {hidden.Length} {kernels.Bits} {rows}");
                }
            }
        }
    }

    [TestMethod]
    public void Gradient_equals_the_losss_difference()
    {
        Architecture shape = Shape(4, [5, 3], Activation.Gelu, Loss.SoftmaxCrossEntropy);
        NetworkObjective<double> objective = new(shape);
        Batch batch = Whole(objective, Draw(shape, 23, 5));
        ILinearization<DenseVector<double>> point = objective.CreateLinearization();
        double[] w = Weights(objective, 3);
        double[] gradient = GradientAt(point, batch, w);
        for (int i = 0; i < w.Length; i++)
        {
            double[] plus = [.. w], minus = [.. w];
            plus[i] += 1e-5;
            minus[i] -= 1e-5;
            double difference = (point.Loss(Vector<double>(plus), batch) - point.Loss(Vector<double>(minus), batch)) / 2e-5;
            Assert.AreEqual(difference, gradient[i], 1e-8);
        }
    }

    [TestMethod]
    public void Both_matrices_are_symmetric_and_Gauss_Newton_is_positive_semidefinite()
    {
        foreach (Loss loss in Enum.GetValues<Loss>())
        {
            Architecture shape = Shape(5, [7, 4], Activation.Tanh, loss);
            NetworkObjective<double> objective = new(shape);
            Batch batch = Whole(objective, Draw(shape, 41, 5, weighted: true));
            ILinearization<DenseVector<double>> point = objective.CreateLinearization();
            double[] w = Weights(objective, 3);
            GradientAt(point, batch, w);
            Random random = new(8);
            for (int trial = 0; trial < 20; trial++)
            {
                double[] u = Normal(random, w.Length), v = Normal(random, w.Length);
                foreach (Curvature curvature in Enum.GetValues<Curvature>())
                {
                    double uv = Dot(u, Product(point, curvature, v, BatchPart.Whole)), vu = Dot(v, Product(point, curvature, u, BatchPart.Whole));
                    Assert.AreEqual(uv, vu, 1e-11 * (1 + Math.Abs(uv)));
                }
                Assert.IsGreaterThanOrEqualTo(0, Dot(u, Product(point, Curvature.GaussNewton, u, BatchPart.Whole)));
            }
        }
    }

    [TestMethod]
    public void Gauss_Newton_is_the_Hessian_of_a_linear_model()
    {
        foreach (Loss loss in Enum.GetValues<Loss>())
        {
            Architecture shape = Shape(6, [], Activation.Relu, loss);
            NetworkObjective<double> objective = new(shape);
            Batch batch = Whole(objective, Draw(shape, 29, 5));
            ILinearization<DenseVector<double>> point = objective.CreateLinearization();
            double[] w = Weights(objective, 3), v = Normal(new Random(4), w.Length);
            GradientAt(point, batch, w);
            AssertClose(
                Product(point, Curvature.Hessian, v, BatchPart.Whole), Product(point, Curvature.GaussNewton, v, BatchPart.Whole), 1e-14, $"{loss}");
        }
    }

    private static double[] Weights(NetworkObjective<double> objective, int seed)
    {
        DenseVector<double> w = objective.CreateVector();
        objective.Initialize(w, seed);
        return Values(w);
    }

    private static double[] GradientAt(ILinearization<DenseVector<double>> point, Batch batch, double[] w)
    {
        DenseVector<double> gradient = new(w.Length);
        point.Gradient(Vector<double>(w), batch, gradient);
        return Values(gradient);
    }

    private static void CheckAgainstReference(Architecture shape, int count, int seed, bool weighted)
    {
        ReferenceNetwork reference = new(shape);
        Examples<double> examples = Draw(shape, count, seed, weighted);
        Random random = new(seed);
        double[] w = [.. Normal(random, reference.Length).Select(x => 0.5 * x)], v = Normal(random, reference.Length);
        (double loss, double[] gradient) = reference.Gradient(w, examples, 0, count);
        double[] gaussNewton = reference.GaussNewton(w, v, examples, 0, count);
        BatchPart part = new(seed % 3, 3);
        (int start, int end) = count < 3 ? (0, count) : (part.Index * count / 3, (part.Index + 1) * count / 3);
        double[] partial = reference.GaussNewton(w, v, examples, start, end);
        double[] outputs = reference.Outputs(w, examples.Features[..shape.Inputs]);
        // A step this small crosses no kink of a rectifier.
        const double step = 1e-6;
        double[] plus = reference.Gradient([.. w.Zip(v, (a, b) => a + (step * b))], examples, start, end).Gradient;
        double[] minus = reference.Gradient([.. w.Zip(v, (a, b) => a - (step * b))], examples, start, end).Gradient;
        double[] hessian = [.. plus.Zip(minus, (a, b) => (a - b) / (2 * step))];
        foreach ((Kernels<double> kernels, bool rows) in Engines)
        {
            string what = $"{shape.Inputs}-{string.Join('-', shape.Hidden)} {shape.Activation} {shape.Loss} n={count} bits={kernels.Bits} rows={rows}";
            NetworkObjective<double> objective = new(shape, 1, kernels, rows);
            Assert.HasCount(2 * (shape.Hidden.Count + 1), objective.Tensors);
            Batch batch = Whole(objective, examples);
            ILinearization<DenseVector<double>> point = objective.CreateLinearization();
            DenseVector<double> weights = Vector<double>(w), actual = objective.CreateVector();
            Assert.AreEqual(loss, point.Gradient(weights, batch, actual), 1e-11 * (1 + loss), what);
            AssertClose(gradient, Values(actual), 1e-11, what);
            Assert.AreEqual(loss, point.Loss(weights, batch), 1e-11 * (1 + loss), what);
            AssertClose(gaussNewton, Product(point, Curvature.GaussNewton, v, BatchPart.Whole), 1e-11, what);
            AssertClose(partial, Product(point, Curvature.GaussNewton, v, part), 1e-11, what + " part");
            AssertClose(hessian, Product(point, Curvature.Hessian, v, part), 1e-6, what + " Hessian");
            double[] predicted = new double[count * shape.Outputs];
            objective.Predict(weights, examples.Features, predicted);
            AssertClose(outputs, predicted[..shape.Outputs], 1e-12, what + " outputs");
        }
    }
}
