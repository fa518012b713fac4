using static MLNetHyper.Engine.Tests.NetworkTestData;

namespace MLNetHyper.Engine.Tests;

/// <summary>Single rows against the engine that batches go through.</summary>
[TestClass]
public sealed class NetworkScorerTests
{
    private static IEnumerable<object[]> Activations => Enum.GetValues<Activation>().Select(activation => new object[] { activation });

    [TestMethod]
    [DynamicData(nameof(Activations))]
    public void Rows_score_as_batches_do_at_every_width(Activation activation)
    {
        for (int width = 1; width <= 70; width++)
        {
            int other = 1 + ((7 * width) % 23);
            Agrees(new(width, [], 1, activation, Loss.Logistic));
            Agrees(new(other, [], width, activation, Loss.SoftmaxCrossEntropy));
            Agrees(new(other, [width], 1, activation, Loss.SquaredError));
            Agrees(new(width, [other], width, activation, Loss.SoftmaxCrossEntropy));
            Agrees(new(other, [width, other], 3, activation, Loss.SoftmaxCrossEntropy));
            Agrees(new(other, [other, width, width], other, activation, Loss.SoftmaxCrossEntropy));
        }
    }

    [TestMethod]
    public void Many_inputs_and_wide_layers_agree_too()
    {
        Agrees(new(784, [50], 10, Activation.Relu, Loss.SoftmaxCrossEntropy));
        Agrees(new(785, [], 10, Activation.Relu, Loss.SoftmaxCrossEntropy));
        Agrees(new(301, [257, 129], 33, Activation.Tanh, Loss.SoftmaxCrossEntropy));
    }

    /// <summary>Bins that are not laid out give what they give laid out, for every number of units and whatever lies beyond the edges.</summary>
    [TestMethod]
    public void Rows_with_bins_score_as_inputs_laid_out()
    {
        PiecewiseLinearEncoding encoding = new([[-1, 0, 0.5f, 2], [], [-3, 3], [.. Enumerable.Range(0, 33).Select(i => -2 + (i / 8f))]]);
        Random random = new(1);
        for (int units = 1; units <= 70; units++)
        {
            foreach (int[] hidden in (int[][])[[units], [units, 5], []])
            {
                Architecture shape = hidden.Length > 0 ? new(encoding.OutputWidth, hidden, 1, Activation.Gelu, Loss.SquaredError) : new(encoding.OutputWidth, [], units, Activation.Gelu, Loss.SoftmaxCrossEntropy);
                foreach (Kernels<float> kernels in Kernels<float>.All)
                {
                    NetworkScorer laid = new(shape, Weights(shape), null, kernels), binned = new(shape, Weights(shape), [encoding], kernels);
                    Assert.IsNull(laid.Encoding);
                    Assert.AreEqual(hidden.Length > 0 || units >= kernels.LaneCount, binned.Encoding is not null);
                    if (binned.Encoding is null)
                        continue;
                    foreach (float far in (float[])[1, 4, 1e6f])
                    {
                        float[] row = [.. Enumerable.Range(0, 4).Select(_ => far * ((4 * random.NextSingle()) - 2))], inputs = new float[encoding.OutputWidth], shares = new float[3], scratch = new float[binned.ScratchLength];
                        float[] expected, actual = new float[shape.Outputs];
                        int[] places = new int[3];
                        encoding.Apply(row, inputs);
                        encoding.Locate(row, places, shares);
                        expected = Score(laid, inputs);
                        binned.ScoreBinned(row, places, shares, actual, scratch);
                        for (int i = 0; i < expected.Length; i++)
                            Assert.AreEqual(expected[i], actual[i], 1e-5 * Math.Max(1, far), $"{units} units, {kernels.Bits} bits");
                    }
                }
            }
        }
        NetworkScorer scorer = new(new(encoding.OutputWidth, [5], 1, Activation.Relu, Loss.SquaredError), new float[(encoding.OutputWidth * 5) + 11], [encoding]);
        Assert.ThrowsExactly<ArgumentException>(() => scorer.ScoreBinned(new float[4], new int[2], new float[2], new float[1], new float[scorer.ScratchLength]));
    }

    [TestMethod]
    public void Overflow_gives_the_largest_numbers_and_never_nan()
    {
        foreach (Activation activation in Enum.GetValues<Activation>())
        {
            foreach (int[] hidden in (int[][])[[], [5], [20, 5]])
            {
                Architecture shape = new(3, hidden, 1, activation, Loss.SquaredError);
                Random random = new(1);
                for (int run = 0; run < 50; run++)
                {
                    float[] weights = new float[new NetworkShape(shape).Length];
                    for (int i = 0; i < weights.Length; i++)
                        weights[i] = (random.Next(3) - 1) * float.MaxValue;
                    foreach (Kernels<float> kernels in Kernels<float>.All)
                    {
                        NetworkScorer scorer = new(shape, weights, null, kernels);
                        foreach (float[] features in (float[][])[[float.MaxValue, -float.MaxValue, 1], [0, 0, 0], [float.NaN, 1, 2], [float.PositiveInfinity, float.NegativeInfinity, 0]])
                            Assert.IsTrue(float.IsFinite(Score(scorer, features)[0]));
                    }
                }
            }
        }
        NetworkScorer linear = new(new(1, [], 1, Activation.Relu, Loss.SquaredError), [2, 0]);
        Assert.AreEqual(float.MaxValue, Score(linear, [float.MaxValue])[0]);
        Assert.AreEqual(-float.MaxValue, Score(linear, [-float.MaxValue])[0]);
        Assert.AreEqual(0, Score(linear, [float.NaN])[0]);
    }

    [TestMethod]
    public void Any_scratch_and_any_number_of_threads_give_the_same_bits()
    {
        Architecture shape = new(11, [30, 17], 3, Activation.Gelu, Loss.SoftmaxCrossEntropy);
        NetworkScorer scorer = new(shape, Weights(shape));
        float[] features = Array.ConvertAll(Normal(new Random(1), 11), x => (float)x), expected = Score(scorer, features);
        Parallel.For(0, 100, i =>
        {
            float[] scratch = new float[scorer.ScratchLength + (i % 20)], outputs = new float[3];
            Array.Fill(scratch, float.NaN);
            scorer.Score(features, outputs, scratch.AsSpan(i % 20));
            CollectionAssert.AreEqual(expected, outputs);
        });
    }

    [TestMethod]
    public void Scoring_allocates_nothing()
    {
        Architecture shape = new(8, [50], 1, Activation.Relu, Loss.SquaredError);
        NetworkScorer scorer = new(shape, Weights(shape));
        float[] features = new float[8], outputs = new float[1], scratch = new float[scorer.ScratchLength];
        scorer.Score(features, outputs, scratch);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 100; i++)
            scorer.Score(features, outputs, scratch);
        Assert.AreEqual(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [TestMethod]
    public void What_does_not_fit_is_refused()
    {
        Architecture shape = new(2, [3], 1, Activation.Relu, Loss.SquaredError);
        Assert.Contains("has 13 weights, but 12", Assert.ThrowsExactly<ArgumentException>(() => new NetworkScorer(shape, new float[12])).Message);
        float[] weights = new float[13];
        NetworkScorer scorer = new(shape, weights);
        weights[4] = float.NaN;
        Assert.Contains("finite", Assert.ThrowsExactly<ArgumentException>(() => new NetworkScorer(shape, weights)).Message);
        float[] scratch = new float[scorer.ScratchLength];
        Assert.ThrowsExactly<ArgumentException>(() => scorer.Score(new float[3], new float[1], scratch));
        Assert.ThrowsExactly<ArgumentException>(() => scorer.Score(new float[2], new float[2], scratch));
        Assert.ThrowsExactly<ArgumentException>(() => scorer.Score(new float[2], new float[1], scratch.AsSpan(1)));
    }

    private static void Agrees(Architecture shape)
    {
        const int rows = 3;
        float[] weights = Weights(shape), features = Array.ConvertAll(Normal(new Random(7), rows * shape.Inputs), x => (float)x);
        NetworkObjective<double> exact = new(shape);
        double[] expected = new double[rows * shape.Outputs];
        exact.Predict(Vector<double>(Array.ConvertAll(weights, x => (double)x)), Array.ConvertAll(features, x => (double)x), expected);
        float[] single = new float[expected.Length];
        new NetworkObjective<float>(shape).Predict(Vector<float>(Array.ConvertAll(weights, x => (double)x)), features, single);
        foreach (Kernels<float> kernels in Kernels<float>.All)
        {
            NetworkScorer scorer = new(shape, weights, null, kernels);
            float[] actual = [.. Enumerable.Range(0, rows).SelectMany(row => Score(scorer, features[(row * shape.Inputs)..((row + 1) * shape.Inputs)]))];
            AssertClose(expected, Array.ConvertAll(actual, x => (double)x), 1e-5, $"{shape} {string.Join(' ', shape.Hidden)} {kernels.Bits} bits");
            AssertClose(Array.ConvertAll(single, x => (double)x), Array.ConvertAll(actual, x => (double)x), 1e-5, $"{shape} {string.Join(' ', shape.Hidden)} {kernels.Bits} bits, float");
        }
    }

    private static float[] Weights(Architecture shape)
    {
        NetworkObjective<float> objective = new(shape);
        DenseVector<float> weights = objective.CreateVector();
        objective.Initialize(weights, 3);
        return weights.Span.ToArray();
    }

    private static float[] Score(NetworkScorer scorer, float[] features)
    {
        float[] outputs = new float[scorer.Architecture.Outputs];
        scorer.Score(features, outputs, new float[scorer.ScratchLength]);
        return outputs;
    }
}
