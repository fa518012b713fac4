using static MLNetHyper.Engine.Tests.NetworkTestData;

namespace MLNetHyper.Engine.Tests;

/// <summary>A first layer on features and their bins computes with one bin a feature what it computes with all of them laid out.</summary>
[TestClass]
public sealed unsafe class BinnedLayerTests
{
    private const int Features = 9;

    /// <summary>Every number of units up to several tiles, with batches of part of a vector, of a block, and of several chunks.</summary>
    [TestMethod]
    [DataRow(1)]
    [DataRow(7)]
    [DataRow(64)]
    [DataRow(100)]
    [DataRow(3001)]
    public void Loss_gradient_and_products_are_those_of_inputs_laid_out(int rows)
    {
        foreach (Kernels<float> kernels in Kernels<float>.All)
        {
            foreach (int units in rows > 1000 ? (int[])[33, 70] : [1, 5, 8, 31, 32, 33, 63, 64, 65, 70])
            {
                (Examples<float> binned, Examples<float> laid) = Draw(rows, units);
                Architecture shape = new(laid.FeatureCount, [units, 5], 1, Activation.Gelu, Loss.SquaredError);
                NetworkObjective<float> objective = new(shape, 1, kernels, examplesAreRows: true);
                Batch ours = Whole(objective, binned), all = Whole(objective, laid);
                Assert.IsNotNull(((NetworkBatch<float>)ours).Knots);
                Assert.IsNull(((NetworkBatch<float>)all).Knots);

                DenseVector<float> weights = objective.CreateVector(), actual = objective.CreateVector(), expected = objective.CreateVector();
                objective.Initialize(weights, 1);
                ILinearization<DenseVector<float>> here = objective.CreateLinearization(), there = objective.CreateLinearization();
                string what = $"{kernels.Bits} bits, {units} units, {rows} rows";
                Assert.AreEqual(there.Loss(weights, all), here.Loss(weights, ours), 1e-5, what);
                Assert.AreEqual(there.Gradient(weights, all, expected), here.Gradient(weights, ours, actual), 1e-5, what);
                AssertClose(Values(expected), Values(actual), 1e-4, what);
                // A loss in between, of other examples, takes tables of its own.
                here.Loss(expected, all);
                double[] direction = Normal(new Random(3), weights.Length);
                foreach (Curvature curvature in Enum.GetValues<Curvature>())
                {
                    foreach (BatchPart part in (BatchPart[])[BatchPart.Whole, new(1, 3)])
                        AssertClose(Product(there, curvature, direction, part), Product(here, curvature, direction, part), 1e-4, $"{what}, {curvature}, {part}");
                }
            }
        }
    }

    [TestMethod]
    public void Results_are_bitwise_the_same_for_every_number_of_threads()
    {
        (Examples<float> binned, Examples<float> laid) = Draw(20_000, 1);
        Architecture shape = new(laid.FeatureCount, [40], 1, Activation.Relu, Loss.SquaredError);
        float[]? first = null;
        foreach (int threads in (int[])[1, 2, 5])
        {
            NetworkObjective<float> objective = new(shape, threads);
            DenseVector<float> weights = objective.CreateVector(), gradient = objective.CreateVector();
            objective.Initialize(weights, 1);
            objective.CreateLinearization().Gradient(weights, Whole(objective, binned), gradient);
            first ??= gradient.Span.ToArray();
            CollectionAssert.AreEqual(first, gradient.Span.ToArray());
        }
    }

    /// <summary>Shuffled minibatches have the rows that they have when laid out, in the same order.</summary>
    [TestMethod]
    public void Minibatches_have_the_same_rows()
    {
        (Examples<float> binned, Examples<float> laid) = Draw(1000, 1);
        NetworkObjective<float> objective = new(new(laid.FeatureCount, [20], 1, Activation.Relu, Loss.SquaredError));
        DenseVector<float> weights = objective.CreateVector();
        objective.Initialize(weights, 1);
        BatchSource ours = objective.CreateBatchSource(binned, 100, 5, 2), all = objective.CreateBatchSource(laid, 100, 5, 2);
        ILinearization<DenseVector<float>> point = objective.CreateLinearization();
        for (int number = 0; number < 25; number++)
            Assert.AreEqual(point.Loss(weights, all.BatchAt(number)), point.Loss(weights, ours.BatchAt(number)), 1e-5, $"batch {number}");
    }

    /// <summary>Noise comes on every input, and few inputs are not rows.</summary>
    [TestMethod]
    public void Bins_are_laid_out_where_they_have_to_be()
    {
        (Examples<float> binned, Examples<float> laid) = Draw(50, 1);
        Architecture shape = new(laid.FeatureCount, [20], 1, Activation.Relu, Loss.SquaredError);
        Assert.IsNull(((NetworkBatch<float>)Whole(new(shape, regularization: new() { InputNoise = 0.1 }), binned)).Knots);
        Assert.IsNull(((NetworkBatch<float>)Whole(new NetworkObjective<float>(shape, 1, null, examplesAreRows: false), binned)).Knots);
        Assert.IsNotNull(((NetworkBatch<float>)Whole(new NetworkObjective<float>(shape), binned)).Knots);
    }

    [TestMethod]
    public void Transposing_is_what_loops_do_at_every_size()
    {
        for (int rows = 1; rows <= 20; rows++)
        {
            for (int columns = 1; columns <= 20; columns++)
            {
                CheckTransposed(rows, columns, i => i + 1f);
                CheckTransposed(rows, columns, i => i + 1d);
            }
        }
    }

    private static void CheckTransposed<T>(int rows, int columns, Func<int, T> number) where T : unmanaged, System.Numerics.INumberBase<T>
    {
        int sourceRow = columns + 3, targetRow = rows + 2;
        T[] source = [.. Enumerable.Range(0, rows * sourceRow).Select(number)], target = new T[columns * targetRow];
        fixed (T* from = source, to = target)
            TransposedPanel.Transpose(from, sourceRow, rows, columns, to, targetRow);
        for (int i = 0; i < columns; i++)
        {
            for (int k = 0; k < targetRow; k++)
                Assert.AreEqual(k < rows ? source[(k * sourceRow) + i] : T.Zero, target[(i * targetRow) + k], $"{rows} x {columns}, element {i}, {k}");
        }
    }

    /// <summary>The same examples, with bins to be located and with bins laid out: some features have many, some have none, some values lie beyond the edges.</summary>
    private static (Examples<float> Binned, Examples<float> Laid) Draw(int rows, int seed)
    {
        Random random = new(seed);
        PiecewiseLinearEncoding encoding = new([.. Enumerable.Range(0, Features).Select(k => k % 4 == 1 ? [] : Edges(1 + (k * 3)))]);
        float[] features = Array.ConvertAll(Normal(random, rows * Features), x => (float)x), targets = Array.ConvertAll(Normal(random, rows), x => (float)x);
        float[] weights = [.. Enumerable.Range(0, rows).Select(i => i % 5 == 3 ? 0 : 0.1f + random.NextSingle())];
        float[] inputs = new float[rows * encoding.OutputWidth];
        for (int i = 0; i < rows; i++)
            encoding.Apply(features.AsSpan(i * Features, Features), inputs.AsSpan(i * encoding.OutputWidth, encoding.OutputWidth));
        return (new Examples<float>(features, Features, targets, weights).Through([encoding]), new(inputs, encoding.OutputWidth, targets, weights));

        float[] Edges(int bins) => [.. Enumerable.Range(0, bins + 1).Select(i => -1.5f + ((i + (0.5f * random.NextSingle())) * 3 / bins))];
    }
}
