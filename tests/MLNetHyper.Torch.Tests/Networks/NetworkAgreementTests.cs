namespace MLNetHyper.Torch.Tests;

/// <summary>The network on this engine against the managed one: losses, gradients, products, batches, outputs.</summary>
[TestClass]
public sealed class NetworkAgreementTests
{
    private static readonly int[][] _hidden = [[], [1], [3], [17, 5], [8, 8, 8]];

    private static IEnumerable<object[]> Shapes =>
        from activation in Enum.GetValues<Activation>() from loss in Enum.GetValues<Loss>() select new object[] { activation, loss };

    [TestMethod]
    [DynamicData(nameof(Shapes))]
    public void Derivatives_are_those_of_the_managed_engine(Activation activation, Loss loss)
    {
        foreach (int[] hidden in _hidden)
        {
            foreach (bool weighted in (bool[])[false, true])
            {
                Architecture architecture = new(4, hidden, loss == Loss.SoftmaxCrossEntropy ? 3 : 1, activation, loss);
                Examples<double> examples = NetworkData.Draw(architecture, 23, seed: hidden.Length, weighted);
                var managed = new NetworkObjective<double>(architecture);
                using var torch = new TorchNetworkObjective<double>(architecture);
                Compare(managed, torch, managed.CreateBatchSource(examples, 7, 5, 1), torch.CreateBatchSource(examples, 7, 5, 1));
                Compare(managed, torch, managed.CreateBatchSource(examples, 100, 5, 1), torch.CreateBatchSource(examples, 100, 5, 1));
            }
        }
    }

    [TestMethod]
    public void Batches_of_blocks_are_those_of_the_managed_engine()
    {
        Architecture architecture = new(2, [3], 1, Activation.Tanh, Loss.SquaredError);
        var source = new Blocks(NetworkData.Draw(architecture, 20, 1, weighted: true), 8);
        var managed = new NetworkObjective<double>(architecture);
        using var torch = new TorchNetworkObjective<double>(architecture);
        BatchSource expected = managed.CreateBatchSource(source, 4, 3, 1), actual = torch.CreateBatchSource(source, 4, 3, 1);
        foreach (long number in (long[])[0, 1, 2, 3, 4, 7, 1, 12])
            Compare(managed, torch, expected, actual, number);
    }

    [TestMethod]
    public void Rows_are_widened_as_the_managed_engine_widens_them()
    {
        Architecture narrow = new(2, [3], 1, Activation.Tanh, Loss.SquaredError), wide = narrow with { Inputs = 4 };
        Examples<float> rows = NetworkData.Draw(narrow, 20, 1).ToSingle(), widened = Engine.Tests.Powers.Widened(rows);
        rows.Widening = [new Engine.Tests.Powers(2)];
        using var torch = new TorchNetworkObjective<float>(wide);
        BatchSource expected = torch.CreateBatchSource(widened, 7, 5, 1), actual = torch.CreateBatchSource(rows, 7, 5, 1);
        TorchVector weights = torch.CreateVector();
        torch.Initialize(weights, 4);
        for (int number = 0; number < 6; number++)
            Assert.AreEqual(torch.CreateLinearization().Loss(weights, expected.BatchAt(number)), torch.CreateLinearization().Loss(weights, actual.BatchAt(number)));
    }

    [TestMethod]
    public void Outputs_are_those_of_the_managed_engine()
    {
        Architecture architecture = new(3, [6, 5], 2, Activation.Gelu, Loss.SoftmaxCrossEntropy);
        var managed = new NetworkObjective<float>(architecture);
        using var torch = new TorchNetworkObjective<float>(architecture);
        DenseVector<float> w = managed.CreateVector();
        TorchVector v = torch.CreateVector();
        managed.Initialize(w, 4);
        torch.Initialize(v, 4);
        float[] features = [.. Finite.Random(30, 2).Select(x => (float)x)], expected = new float[20], actual = new float[20];
        managed.Predict(w, features, expected);
        torch.Predict(v, features, actual);
        for (int i = 0; i < 20; i++)
            Assert.AreEqual(expected[i], actual[i], 1e-5f);
        torch.Predict(v, [], []);
        Assert.ThrowsExactly<ArgumentException>(() => torch.Predict(v, new float[4], new float[2]));
    }

    private static void Compare(NetworkObjective<double> managed, TorchNetworkObjective<double> torch, BatchSource expectedBatches, BatchSource actualBatches, long number = 4)
    {
        DenseVector<double> w = managed.CreateVector(), g = managed.CreateVector();
        TorchVector v = torch.CreateVector(), h = torch.CreateVector();
        managed.Initialize(w, 2);
        torch.Initialize(v, 2);
        CollectionAssert.AreEqual(w.Span.ToArray(), v.ToArray());
        ILinearization<DenseVector<double>> expected = managed.CreateLinearization();
        ILinearization<TorchVector> actual = torch.CreateLinearization(), plain = torch.CreateLinearization(withProducts: false);
        Batch left = expectedBatches.BatchAt(number), right = actualBatches.BatchAt(number);
        Assert.AreEqual(left.Count, right.Count);
        double loss = expected.Gradient(w, left, g);
        Assert.AreEqual(loss, plain.Gradient(v, right, h), 1e-12 * Math.Abs(loss));
        Finite.AreClose(g.Span.ToArray(), h.ToArray(), 1e-12, "gradient without products");
        Assert.AreEqual(loss, plain.Loss(v, right), 1e-12 * Math.Abs(loss));
        Assert.AreEqual(loss, actual.Gradient(v, right, h), 1e-12 * Math.Abs(loss));
        Finite.AreClose(g.Span.ToArray(), h.ToArray(), 1e-12, "gradient");

        DenseVector<double>[] directions = [managed.CreateVector(), managed.CreateVector()], products = [managed.CreateVector(), managed.CreateVector()];
        TorchVector[] theirs = [torch.CreateVector(), torch.CreateVector()], theirProducts = [torch.CreateVector(), torch.CreateVector()];
        for (int d = 0; d < 2; d++)
        {
            double[] values = Finite.Random(w.Length, 11 + d);
            directions[d].CopyFrom(values);
            theirs[d].CopyFrom(values);
        }
        foreach (Curvature curvature in Enum.GetValues<Curvature>())
        {
            foreach (BatchPart part in (BatchPart[])[BatchPart.Whole, new(1, 3), new(2, 100)])
            {
                for (int count = 1; count <= 2; count++)
                {
                    expected.CurvatureVectorProducts(curvature, directions.AsSpan(0, count), products.AsSpan(0, count), part);
                    actual.CurvatureVectorProducts(curvature, theirs.AsSpan(0, count), theirProducts.AsSpan(0, count), part);
                    for (int d = 0; d < count; d++)
                        Finite.AreClose(products[d].Span.ToArray(), theirProducts[d].ToArray(), 1e-11, $"{curvature} {part} {d} of {count}");
                }
            }
        }
    }

    private sealed class Blocks(Examples<double> all, int size) : ExampleSource<double>
    {
        public override int Count => all.Count;

        public override int FeatureCount => all.FeatureCount;

        public override int BlockSize => size;

        public override Examples<double> BlockAt(long epoch, int index)
        {
            int start = index * size, count = Math.Min(size, all.Count - start);
            return new(all.Features[(start * all.FeatureCount)..((start + count) * all.FeatureCount)], all.FeatureCount, all.Targets[start..(start + count)], all.Weights![start..(start + count)]);
        }
    }
}
