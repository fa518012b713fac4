using static MLNetHyper.Engine.Tests.NetworkTestData;

namespace MLNetHyper.Engine.Tests;

[TestClass]
public sealed class NetworkObjectiveTests
{
    private static readonly Architecture[] _shapes =
    [
        Shape(8, [50], Activation.Relu),
        Shape(8, [50], Activation.Relu, Loss.Logistic),
        Shape(8, [20], Activation.Gelu),
        Shape(70, [20, 6], Activation.Relu, Loss.SoftmaxCrossEntropy),
        Shape(5, [], Activation.Relu, Loss.Logistic),
    ];

    [TestMethod]
    public void Results_are_bitwise_the_same_for_every_number_of_threads()
    {
        foreach (Architecture shape in _shapes)
        {
            Examples<double> examples = Draw(shape, 30_000, 1, weighted: true);
            double[][]? first = null;
            foreach (int threads in (int[])[1, 2, 3, 7])
            {
                NetworkObjective<float> objective = new(shape, threads);
                double[][] results = Everything(objective, Single(examples));
                first ??= results;
                for (int i = 0; i < results.Length; i++)
                    CollectionAssert.AreEqual(first[i], results[i]);
            }
        }
    }

    [TestMethod]
    public void A_linearization_for_gradients_alone_gives_the_same_bits_and_refuses_products()
    {
        // With wide layers a batch has fewer chunks than there may be threads.
        foreach ((Architecture shape, int examples) in _shapes.Select(shape => (shape, 5000)).Append((Shape(8, [500], Activation.Tanh), 700)))
        {
            foreach (int threads in (int[])[1, 3, 7])
            {
                NetworkObjective<float> objective = new(shape, threads);
                Batch batch = Whole(objective, Single(Draw(shape, examples, 1, weighted: true)));
                DenseVector<float> w = objective.CreateVector(), with = objective.CreateVector(), without = objective.CreateVector();
                objective.Initialize(w, 1);
                ILinearization<DenseVector<float>> gradients = objective.CreateLinearization(withProducts: false);
                Assert.AreEqual(objective.CreateLinearization().Gradient(w, batch, with), gradients.Gradient(w, batch, without));
                CollectionAssert.AreEqual(with.Span.ToArray(), without.Span.ToArray());
                Assert.ThrowsExactly<InvalidOperationException>(() => gradients.CurvatureVectorProducts(Curvature.Hessian, [w], [with], BatchPart.Whole));
            }
        }
    }

    [TestMethod]
    public void Float_and_double_agree()
    {
        foreach (Architecture shape in _shapes)
        {
            Examples<double> examples = Draw(shape, 500, 1, weighted: true);
            double[][] wide = Everything(new NetworkObjective<double>(shape), examples);
            double[][] narrow = Everything(new NetworkObjective<float>(shape), Single(examples));
            for (int i = 0; i < wide.Length; i++)
                AssertClose(wide[i], narrow[i], 2e-4, $"{shape} {i}");
        }
    }

    [TestMethod]
    public void Several_directions_are_one_by_one_and_parts_make_the_whole()
    {
        foreach (Architecture shape in _shapes)
        {
            foreach ((Kernels<double> kernels, bool rows) in Engines)
            {
                NetworkObjective<double> objective = new(shape, 1, kernels, rows);
                Examples<double> examples = Draw(shape, 3001, 1, weighted: true);
                ILinearization<DenseVector<double>> point = objective.CreateLinearization();
                DenseVector<double> w = objective.CreateVector(), gradient = objective.CreateVector();
                objective.Initialize(w, 1);
                point.Gradient(w, Whole(objective, examples), gradient);
                DenseVector<double>[] directions = [.. Enumerable.Range(0, 3).Select(i => Vector<double>(Normal(new Random(i), w.Length)))];
                DenseVector<double>[] products = [.. directions.Select(d => d.CreateZero())];
                foreach (Curvature curvature in Enum.GetValues<Curvature>())
                {
                    point.CurvatureVectorProducts(curvature, directions, products, new BatchPart(1, 4));
                    for (int d = 0; d < 3; d++)
                        CollectionAssert.AreEqual(Values(products[d]), Product(point, curvature, Values(directions[d]), new BatchPart(1, 4)));
                    double[] sum = new double[w.Length];
                    for (int p = 0; p < 4; p++)
                    {
                        double share = examples.Weights![(p * 3001 / 4)..((p + 1) * 3001 / 4)].Sum() / examples.Weights.Sum();
                        double[] part = Product(point, curvature, Values(directions[0]), new BatchPart(p, 4));
                        for (int i = 0; i < sum.Length; i++)
                            sum[i] += share * part[i];
                    }
                    AssertClose(Product(point, curvature, Values(directions[0]), BatchPart.Whole), sum, 1e-12, $"{shape}");
                }
            }
        }
    }

    [TestMethod]
    public void Steps_allocate_nothing()
    {
        foreach (Architecture shape in _shapes)
        {
            NetworkObjective<float> objective = new(shape, 2);
            BatchSource source = objective.CreateBatchSource(Single(Draw(shape, 20_000, 1)), 7000, 1, 2);
            ILinearization<DenseVector<float>> point = objective.CreateLinearization();
            DenseVector<float> w = objective.CreateVector(), gradient = objective.CreateVector();
            DenseVector<float>[] directions = [w, objective.CreateVector()], products = [objective.CreateVector(), objective.CreateVector()];
            objective.Initialize(w, 1);
            long before = 0, least = long.MaxValue;
            // What the runtime allocates once, for a wait between threads say, falls into one window of four steps; what a step allocates, into all.
            for (int step = 0; step < 16 && least != 0; step++)
            {
                if (step % 4 == 0)
                    before = GC.GetAllocatedBytesForCurrentThread();
                Batch batch = source.BatchAt(step);
                point.Gradient(w, batch, gradient);
                point.CurvatureVectorProducts(Curvature.Hessian, directions, products, BatchPart.Whole);
                point.CurvatureVectorProducts(Curvature.GaussNewton, directions, products, new BatchPart(step % 4, 4));
                point.Loss(w, batch);
                if (step % 4 == 3)
                    least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
            }
            Assert.AreEqual(0, least);
        }
    }

    [TestMethod]
    public void Extreme_outputs_have_finite_losses_and_derivatives()
    {
        foreach (Loss loss in (Loss[])[Loss.Logistic, Loss.SoftmaxCrossEntropy])
        {
            Architecture shape = Shape(3, [4], Activation.Relu, loss);
            NetworkObjective<float> objective = new(shape);
            Batch batch = Whole(objective, Single(Draw(shape, 33, 1)));
            ILinearization<DenseVector<float>> point = objective.CreateLinearization();
            DenseVector<float> w = objective.CreateVector(), gradient = objective.CreateVector(), product = objective.CreateVector();
            objective.Initialize(w, 1);
            w.Scale(1e3);
            double value = point.Gradient(w, batch, gradient);
            Assert.IsTrue(double.IsFinite(value) && value > 10);
            point.CurvatureVectorProducts(Curvature.Hessian, [w], [product], BatchPart.Whole);
            Assert.IsTrue(gradient.IsFinite() && product.IsFinite());
        }
    }

    [TestMethod]
    [DataRow(Loss.Logistic)]
    [DataRow(Loss.SoftmaxCrossEntropy)]
    public void Certain_predictions_leave_no_denormal_numbers_to_slow_the_way_back(Loss loss)
    {
        Architecture shape = Shape(3, [], Activation.Relu, loss);
        NetworkObjective<float> objective = new(shape);
        DenseVector<float> weights = objective.CreateVector(), gradient = objective.CreateVector();
        // One feature of 1 and weights that are far apart: class 0 beyond doubt.
        for (int output = 0; output < shape.Outputs; output++)
            weights.Span[output * 3] = loss == Loss.Logistic ? -300 : output == 0 ? 300 : -300;
        float[] features = [.. Enumerable.Repeat(new float[] { 1, 0.5f, 0.25f }, 500).SelectMany(row => row)];
        objective.CreateLinearization().Gradient(weights, Whole(objective, new Examples<float>(features, 3, new float[500])), gradient);
        Assert.IsFalse(gradient.Span.ToArray().Any(float.IsSubnormal), string.Join(", ", gradient.Span.ToArray()));
        Assert.IsTrue(gradient.Span.ToArray().Any(g => g != 0));
    }

    [TestMethod]
    public void A_loss_between_gradient_and_products_changes_nothing()
    {
        foreach (Architecture shape in _shapes)
        {
            NetworkObjective<double> objective = new(shape);
            Examples<double> examples = Draw(shape, 100, 1);
            Batch batch = Whole(objective, examples), other = Whole(objective, Draw(shape, 300, 2));
            ILinearization<DenseVector<double>> point = objective.CreateLinearization();
            DenseVector<double> w = objective.CreateVector(), u = objective.CreateVector(), gradient = objective.CreateVector();
            objective.Initialize(w, 1);
            objective.Initialize(u, 2);
            point.Gradient(w, batch, gradient);
            double[] before = Product(point, Curvature.Hessian, Values(u), BatchPart.Whole);
            point.Loss(u, other);
            CollectionAssert.AreEqual(before, Product(point, Curvature.Hessian, Values(u), BatchPart.Whole));
        }
    }

    [TestMethod]
    public void Initial_weights_are_uniform_within_one_over_root_of_inputs_and_alike_in_float_and_double()
    {
        Architecture shape = Shape(100, [200]);
        NetworkObjective<double> wide = new(shape);
        NetworkObjective<float> narrow = new(shape);
        DenseVector<double> w = wide.CreateVector();
        DenseVector<float> v = narrow.CreateVector();
        wide.Initialize(w, 5);
        narrow.Initialize(v, 5);
        Assert.AreEqual("layers.0.weight", wide.Tensors[0].Name);
        Assert.AreEqual("layers.2.bias", wide.Tensors[3].Name);
        foreach (TensorSegment tensor in wide.Tensors)
        {
            double bound = 1 / Math.Sqrt(tensor.FanIn);
            Assert.IsLessThanOrEqualTo(bound, w.Span.Slice(tensor.Start, tensor.Length).ToArray().Max(Math.Abs));
        }
        double[] first = w.Span[..20_000].ToArray();
        Assert.AreEqual(0, first.Average(), 0.002);
        Assert.AreEqual(0.01 / 3, first.Select(x => x * x).Average(), 1e-4);
        for (int i = 0; i < w.Length; i++)
            Assert.AreEqual((float)w.Span[i], v.Span[i]);
    }

    [TestMethod]
    public void Arguments_that_do_not_fit_are_refused()
    {
        Assert.ThrowsExactly<ArgumentException>(() => new NetworkObjective<float>(new Architecture(2, [], 2, Activation.Relu, Loss.Logistic)));
        NetworkObjective<float> objective = new(Shape(2, [3], loss: Loss.SoftmaxCrossEntropy));
        Assert.ThrowsExactly<ArgumentException>(() => objective.CreateBatchSource(new Examples<float>([1, 2], 2, [3]), 1, null, 1));
        Assert.ThrowsExactly<ArgumentException>(() => objective.CreateBatchSource(new Examples<float>([1, 2], 2, [0.5f]), 1, null, 1));
        Assert.ThrowsExactly<ArgumentException>(() => objective.CreateBatchSource(new Examples<float>([1, 2, 3], 3, [0]), 1, null, 1));
        DenseVector<float> w = objective.CreateVector();
        Assert.ThrowsExactly<InvalidOperationException>(
            () => objective.CreateLinearization().CurvatureVectorProducts(Curvature.Hessian, [w], [w.CreateZero()], BatchPart.Whole));
    }

    private static double[][] Everything<T>(NetworkObjective<T> objective, Examples<T> examples)
        where T : unmanaged, System.Numerics.IBinaryFloatingPointIeee754<T>
    {
        DenseVector<T> w = objective.CreateVector(), gradient = objective.CreateVector();
        objective.Initialize(w, 1);
        Batch batch = Whole(objective, examples);
        ILinearization<DenseVector<T>> point = objective.CreateLinearization();
        double loss = point.Gradient(w, batch, gradient);
        double[] v = Normal(new Random(2), w.Length);
        return
        [
            [loss, point.Loss(w, batch)], Values(gradient), Product(point, Curvature.Hessian, v, BatchPart.Whole),
            Product(point, Curvature.Hessian, v, new BatchPart(2, 3)), Product(point, Curvature.GaussNewton, v, new BatchPart(0, 4)),
        ];
    }
}
