namespace MLNetHyper.Engine.Tests;

[TestClass]
public sealed class HyperparameterSetTests
{
    private static readonly TensorSegment[] _tensors = [new("a", 0, 2, 1), new("b", 2, 3, 1)];
    private static readonly Hyperparameter _rate = new("lr", Transform.Log10, 0.1, -3, 0) { Tuned = true };

    [TestMethod]
    [DataRow(Granularity.Scalar, 1)]
    [DataRow(Granularity.PerTensor, 2)]
    [DataRow(Granularity.PerWeight, 5)]
    public void Granularity_says_how_many_numbers_there_are(Granularity granularity, int count)
    {
        HyperparameterValue<DenseVector<double>> value = Value(_rate with { Granularity = granularity });
        Assert.AreEqual(count, value.Count);
        Assert.AreEqual(0.1, value.Mean, 1e-15);
        Assert.AreEqual(granularity == Granularity.Scalar, value.Elements is null);
    }

    [TestMethod]
    public void An_objectives_numbers_may_start_apart()
    {
        Hyperparameter apart = _rate with { Count = 3, InitialValues = [0.1, 0.01, 1] };
        HyperparameterValue<DenseVector<double>> value = new HyperparameterSet<DenseVector<double>>([apart], _tensors, new DenseVector<double>(5), null, 1, n => new DenseVector<double>(n))[0];
        Numbers.AreClose([0.1, 0.01, 1], value.Elements!.Span, 1e-14);
        Numbers.AreClose([-1, -2, 0], value.Raw(), 1e-14);
        Assert.IsNull(apart.Fault());
        Assert.IsNull(apart.StartingAt(0.2).InitialValues, "one start for all");
        Assert.Contains("consists of 3 numbers, but 2 initial values", (apart with { InitialValues = [0.1, 0.1] }).Fault()!);
        Assert.Contains("consists of 1 numbers, but 1 initial values", (_rate with { InitialValues = [0.1] }).Fault()!);
        foreach (double outside in (double[])[2, 0, -1, double.NaN])
            Assert.Contains("must all lie between 0.001 and 1", (apart with { InitialValues = [0.1, outside, 0.1] }).Fault()!);
    }

    [TestMethod]
    public void Values_per_tensor_reach_their_own_weights()
    {
        HyperparameterValue<DenseVector<double>> value = Value(_rate with { Granularity = Granularity.PerTensor });
        value.SetRaw((ReadOnlySpan<double>)[-1, -2]);
        Numbers.AreClose([0.1, 0.1, 0.01, 0.01, 0.01], value.Elements!.Span, 1e-14);
        Assert.AreEqual(0.055, value.Mean, 1e-15);
    }

    [TestMethod]
    public void Hypergradients_sum_over_the_weights_that_share_a_value()
    {
        DenseVector<double> p = new double[] { 1, 2, 3, 4, 5 }.ToVector(), x = new double[] { 1, 10, 100, 1000, 10000 }.ToVector();
        double[][] expected = [[2 * 54321], [2 * 21, 2 * 54300], [2, 40, 600, 8000, 100000]];
        foreach (Granularity granularity in Enum.GetValues<Granularity>())
        {
            HyperparameterValue<DenseVector<double>> value = Value(_rate with { Granularity = granularity });
            value.AddHypergradient(2, p, x);
            CollectionAssert.AreEqual(expected[(int)granularity], value.Hypergradient());
            value.ClearHypergradient();
            Assert.AreEqual(0, value.HypergradientNorm);
        }
    }

    [TestMethod]
    public void What_is_not_tuned_gathers_nothing_and_stays()
    {
        var set = new HyperparameterSet<DenseVector<double>>([_rate with { Tuned = false, Initial = 5 }], _tensors, new DenseVector<double>(5));
        DenseVector<double> ones = new double[] { 1, 1, 1, 1, 1 }.ToVector();
        set[0].AddHypergradient(1, ones, ones);
        Assert.AreEqual(0, set[0].HypergradientNorm);
        set.Move(new SgdMetaOptimizer(1), [false]);
        set.Clamp();
        Assert.AreEqual(5, set[0].Mean, 1e-14, "a fixed value may lie outside the bounds of tuning");
    }

    [TestMethod]
    public void A_tuned_value_does_not_start_outside_its_bounds()
    {
        foreach (double initial in new[] { 1.01, 9e-4 })
        {
            Assert.Contains($"'lr' is tuned between 0.001 and 1, so it cannot start at", (_rate with { Initial = initial }).Fault()!);
            Assert.IsNull((_rate with { Initial = initial, Tuned = false }).Fault());
            Assert.IsNull(_rate.StartingAt(initial).Fault());
        }
        foreach (double bound in new[] { 1, 0.001 })
            Assert.IsNull((_rate with { Initial = bound }).Fault());
    }

    [TestMethod]
    public void Options_widen_bounds_to_where_a_value_starts()
    {
        OnePassOptions options = OnePassOptions.Published with { Initial = new Dictionary<string, double> { ["lr"] = 4, ["wd"] = 0.5, ["momentum"] = 0.999 } };
        var set = new HyperparameterSet<DenseVector<double>>(options.Hyperparameters(), _tensors, new DenseVector<double>(5));
        set.Clamp();
        Numbers.AreClose([4, 0.5, 0.999], [.. set.Select(v => v.Mean)], 1e-12);
        // A rollback halves from there.
        set[0].ShiftRaw(-Math.Log10(2));
        Assert.AreEqual(2, set[0].Mean, 1e-12);
    }

    [TestMethod]
    public void Tuned_values_are_clamped_to_their_raw_bounds()
    {
        foreach (Granularity granularity in Enum.GetValues<Granularity>())
        {
            HyperparameterValue<DenseVector<double>> value = Value(_rate with { Granularity = granularity });
            value.SetRaw(7);
            value.Clamp();
            Assert.AreEqual(1, value.Mean, 1e-15);
            value.SetRaw(-50);
            value.Clamp();
            Assert.AreEqual(1e-3, value.Mean, 1e-18);
        }
    }

    [TestMethod]
    public void A_hypergradient_that_is_not_finite_is_noticed_at_every_granularity()
    {
        foreach (Granularity granularity in Enum.GetValues<Granularity>())
        {
            var set = new HyperparameterSet<DenseVector<double>>([_rate with { Granularity = granularity }], _tensors, new DenseVector<double>(5));
            DenseVector<double> ones = new double[] { 1, 1, 1, 1, 1 }.ToVector(), bad = new[] { 1, 1, 1, 1, double.NaN }.ToVector();
            set[0].AddHypergradient(1, ones, ones);
            set.ApplyChainRule();
            Assert.IsTrue(set.HasFiniteHypergradients(0));
            set[0].AddHypergradient(1, ones, bad);
            set.ApplyChainRule();
            Assert.IsFalse(set.HasFiniteHypergradients(0));
        }
    }

    [TestMethod]
    public void Shift_moves_every_value_and_respects_the_bounds()
    {
        HyperparameterValue<DenseVector<double>> value = Value(_rate with { Granularity = Granularity.PerTensor });
        value.SetRaw((ReadOnlySpan<double>)[-1, -2.9]);
        value.ShiftRaw(-Math.Log10(2));
        Numbers.AreClose([0.05, 0.05, 0.001, 0.001, 0.001], value.Elements!.Span, 1e-13);
    }

    [TestMethod]
    public void Unknown_names_are_refused_with_those_that_exist()
    {
        var set = new HyperparameterSet<DenseVector<double>>([_rate], _tensors, new DenseVector<double>(5));
        KeyNotFoundException e = Assert.ThrowsExactly<KeyNotFoundException>(() => set["speed"]);
        Assert.Contains("'speed'", e.Message);
        Assert.Contains("lr", e.Message);
    }

    [TestMethod]
    [DataRow(0.0, true)]
    [DataRow(-0.1, true)]
    [DataRow(double.NaN, false)]
    [DataRow(double.PositiveInfinity, false)]
    [DataRow(-0.1, false)]
    public void Impossible_initial_values_are_refused(double initial, bool tuned)
    {
        ArgumentException e = Assert.ThrowsExactly<ArgumentException>(() => Value(_rate with { Initial = initial, Tuned = tuned }));
        Assert.Contains("'lr'", e.Message);
        Assert.Contains("Give a value above 0.", e.Message);
    }

    [TestMethod]
    public void Zero_may_be_fixed_where_its_raw_value_is_infinite()
    {
        Assert.AreEqual(0, Value(new Hyperparameter("wd", Transform.Log10, 0, -10, 0)).Mean);
        Assert.AreEqual(0, Value(new Hyperparameter("momentum", Transform.Logit, 0, -6, 6)).Mean);
    }

    [TestMethod]
    public void Bounds_must_increase()
    {
        ArgumentException e = Assert.ThrowsExactly<ArgumentException>(() => Value(_rate with { Lower = 1, Upper = 1 }));
        Assert.Contains("must be increasing", e.Message);
    }

    private static HyperparameterValue<DenseVector<double>> Value(Hyperparameter definition) =>
        new HyperparameterSet<DenseVector<double>>([definition], _tensors, new DenseVector<double>(5))[0];
}
