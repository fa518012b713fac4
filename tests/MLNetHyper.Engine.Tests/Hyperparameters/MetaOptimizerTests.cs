namespace MLNetHyper.Engine.Tests;

[TestClass]
public sealed class MetaOptimizerTests
{
    private static readonly Hyperparameter _free = new("free", Transform.Identity, 0, -1e9, 1e9);

    [TestMethod]
    [DataRow(0.05, 0.9, 0.999)]
    [DataRow(0.05, 0.9, 0.9)]
    [DataRow(0.3, 0.0, 0.0)]
    public void Adam_is_the_plain_one(double rate, double beta1, double beta2)
    {
        var optimizer = new AdamMetaOptimizer(rate, beta1, beta2);
        TunedBlock<DenseVector<double>> block = Block(3);
        double[] raw = new double[3], m = new double[3], v = new double[3];
        var random = new Random(2);
        for (int t = 1; t <= 50; t++)
        {
            double[] h = [.. Enumerable.Range(0, 3).Select(i => Math.Pow(10, i - 1) * (random.NextDouble() - 0.3))];
            block.Hypergradient.CopyFrom((ReadOnlySpan<double>)h);
            optimizer.Move(block);
            for (int i = 0; i < 3; i++)
            {
                m[i] = (beta1 * m[i]) + ((1 - beta1) * h[i]);
                v[i] = (beta2 * v[i]) + ((1 - beta2) * h[i] * h[i]);
                raw[i] -= rate * (m[i] / (1 - Math.Pow(beta1, t))) / (Math.Sqrt(v[i] / (1 - Math.Pow(beta2, t))) + 1e-8);
            }
            Numbers.AreClose(raw, block.Raw.Span, 1e-13, $"move {t}");
        }
    }

    /// <summary>What points nowhere moves hardly, what points one way moves as Adam does.</summary>
    [TestMethod]
    public void Caution_holds_noise_back_and_lets_signals_through()
    {
        double Travelled(double caution, Func<Random, double> hypergradient)
        {
            TunedBlock<DenseVector<double>> block = Block(1);
            var random = new Random(5);
            double sum = 0;
            for (int t = 0; t < 2000; t++)
            {
                double before = block.Raw.Span[0];
                block.Hypergradient.Fill(hypergradient(random));
                new AdamMetaOptimizer(0.1, caution: caution).Move(block);
                sum += Math.Abs(block.Raw.Span[0] - before);
            }
            return sum;
        }

        static double Noise(Random random) => random.NextDouble() - 0.5;
        Assert.IsLessThan(0.1 * Travelled(0, Noise), Travelled(2, Noise));
        Assert.AreEqual(200, Travelled(2, _ => 1e-12), 2, "a signal, however small");
        Assert.AreEqual(0, Travelled(2, _ => 0));
        foreach (double wrong in new[] { -1, double.NaN, double.PositiveInfinity })
            Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new AdamMetaOptimizer(caution: wrong));
    }

    /// <summary>A weight of an example has a hypergradient only when its batch comes by: never often enough to stand out of the noise.</summary>
    [TestMethod]
    public void Caution_leaves_an_objectives_many_numbers_alone()
    {
        double[] Moved(double caution)
        {
            var block = new TunedBlock<DenseVector<double>>(_free with { Count = 3 }, new DenseVector<double>(3));
            for (int t = 0; t < 30; t++)
            {
                block.Hypergradient.CopyFrom(t % 10 == 5 ? [1, -2, 0.0] : [0, 0, 0]);
                new AdamMetaOptimizer(0.1, caution: caution).Move(block);
            }
            return block.Raw.ToArray();
        }

        double[] moved = Moved(2);
        CollectionAssert.AreEqual(Moved(0), moved);
        Assert.IsTrue(moved[0] < -0.1 && moved[1] > 0.1 && moved[2] == 0);
    }

    /// <summary>Of hypergradients that are independent noise, Adam's ratio has the deviation that caution reckons with, from the first on.</summary>
    [TestMethod]
    public void Caution_of_three_deviations_moves_nothing_at_first()
    {
        TunedBlock<DenseVector<double>> block = Block(1);
        var optimizer = new AdamMetaOptimizer(0.1, caution: 1);
        block.Hypergradient.Fill(1);
        optimizer.Move(block);
        Assert.AreEqual(0, block.Raw.Span[0], "one hypergradient says nothing");
        for (int t = 0; t < 3; t++)
        {
            block.Hypergradient.Fill(1);
            optimizer.Move(block);
        }
        Assert.IsLessThan(0, block.Raw.Span[0]);
    }

    [TestMethod]
    [DataRow(1e300)]
    [DataRow(-1e300)]
    [DataRow(1e160)]
    public void Adam_tunes_on_after_a_hypergradient_whose_square_overflows(double huge)
    {
        var optimizer = new AdamMetaOptimizer(0.1, 0.9, 0.1);
        TunedBlock<DenseVector<double>> block = Block(1);
        Move(optimizer, block, huge);
        Assert.AreEqual(-0.1 * Math.Sign(huge), block.Raw.Span[0], 1e-9);
        for (int t = 0; t < 1000; t++)
            Move(optimizer, block, 1);
        double before = block.Raw.Span[0];
        Move(optimizer, block, 1);
        Assert.AreEqual(before - 0.1, block.Raw.Span[0], 1e-3);
    }

    [TestMethod]
    public void Adam_takes_no_step_along_a_zero_hypergradient()
    {
        TunedBlock<DenseVector<double>> block = Block(1);
        Move(new AdamMetaOptimizer(), block, 0);
        Assert.AreEqual(0, block.Raw.Span[0]);
    }

    [TestMethod]
    public void Sgd_goes_against_the_hypergradient()
    {
        TunedBlock<DenseVector<double>> block = Block(1);
        var optimizer = new SgdMetaOptimizer(0.1);
        Move(optimizer, block, 3);
        Assert.AreEqual(-0.3, block.Raw.Span[0], 1e-15);
        Move(optimizer, block, -1);
        Assert.AreEqual(-0.2, block.Raw.Span[0], 1e-15);
    }

    [TestMethod]
    public void Sign_halves_its_step_at_each_flip_and_keeps_it_otherwise()
    {
        TunedBlock<DenseVector<double>> block = Block(1);
        var optimizer = new SignMetaOptimizer(0.8);
        double[] hypergradients = [5, 0.01, -3, -1e5, 2, -2, -2];
        double[] steps = [-0.8, -0.8, 0.4, 0.4, -0.2, 0.1, 0.1];
        double raw = 0;
        for (int t = 0; t < steps.Length; t++)
        {
            Move(optimizer, block, hypergradients[t]);
            raw += steps[t];
            Assert.AreEqual(raw, block.Raw.Span[0], 1e-15, $"move {t}");
        }
    }

    [TestMethod]
    public void Sign_stands_still_at_a_zero_hypergradient_and_forgets_the_sign_before_it()
    {
        TunedBlock<DenseVector<double>> block = Block(1);
        var optimizer = new SignMetaOptimizer(0.8);
        Move(optimizer, block, 1);
        Move(optimizer, block, 0);
        Assert.AreEqual(-0.8, block.Raw.Span[0], 1e-15);
        Move(optimizer, block, -1);
        Assert.AreEqual(0, block.Raw.Span[0], 1e-15, "0 between 1 and -1 is no flip");
    }

    [TestMethod]
    public void Sign_sees_nothing_but_the_sign_however_large_or_small()
    {
        foreach (double magnitude in new[] { double.Epsilon, 1e-300, 1e-160, 1e-20, 1e20, 1e160, 1e300, double.MaxValue })
        {
            TunedBlock<DenseVector<double>> block = Block(3);
            block.Hypergradient.CopyFrom((ReadOnlySpan<double>)[magnitude, -magnitude, 0]);
            new SignMetaOptimizer(0.5).Move(block);
            Numbers.AreClose([-0.5, 0.5, 0], block.Raw.Span, 1e-15, $"{magnitude}");
        }
    }

    [TestMethod]
    public void Sign_of_a_small_element_beside_a_large_one_counts_as_much()
    {
        TunedBlock<DenseVector<double>> block = Block(2);
        block.Hypergradient.CopyFrom((ReadOnlySpan<double>)[1e-300, -1e300]);
        new SignMetaOptimizer(0.5).Move(block);
        Numbers.AreClose([-0.5, 0.5], block.Raw.Span, 1e-15);
    }

    [TestMethod]
    public void Sign_works_in_single_precision()
    {
        var block = new TunedBlock<DenseVector<float>>(_free, new DenseVector<float>(4));
        block.Hypergradient.CopyFrom((ReadOnlySpan<double>)[1e-44, -1e30, 1, 0]);
        new SignMetaOptimizer(0.5).Move(block);
        double[] raw = new double[4];
        block.Raw.CopyTo(raw);
        Numbers.AreClose([-0.5, 0.5, -0.5, 0], raw, 1e-6);
    }

    [TestMethod]
    [DataRow(0.0)]
    [DataRow(-1.0)]
    [DataRow(double.NaN)]
    [DataRow(double.PositiveInfinity)]
    public void Meta_learning_rate_must_be_finite_and_above_zero(double rate)
    {
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new AdamMetaOptimizer(rate));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new SgdMetaOptimizer(rate));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new SignMetaOptimizer(rate));
    }

    private static TunedBlock<DenseVector<double>> Block(int length) => new(_free, new DenseVector<double>(length));

    private static void Move(MetaOptimizer optimizer, TunedBlock<DenseVector<double>> block, double hypergradient)
    {
        block.Hypergradient.Fill(hypergradient);
        optimizer.Move(block);
    }
}
