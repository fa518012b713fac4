namespace MLNetHyper.Engine.Tests;

[TestClass]
public sealed class NeumannTests
{
    private static IEnumerable<object[]> RulesAndGranularities =>
        from rule in Rules.Names from granularity in Enum.GetValues<Granularity>() select new object[] { rule, granularity };

    private static IEnumerable<object[]> SupportedRulesAndGranularities => RulesAndGranularities.Where(row => Methods.Supports("neumann", (string)row[0]));

    [TestMethod]
    [DynamicData(nameof(SupportedRulesAndGranularities))]
    public void Series_is_the_sum_over_powers_of_the_steps_jacobian(string rule, Granularity granularity) =>
        MatchesExplicitSeries(rule, granularity, new Neumann(6), augmented: false);

    [TestMethod]
    [DynamicData(nameof(RulesAndGranularities))]
    public void Augmented_series_is_the_sum_over_powers_of_the_whole_states_jacobian(string rule, Granularity granularity) =>
        MatchesExplicitSeries(rule, granularity, new AugmentedNeumann(6), augmented: true);

    [TestMethod]
    public void Vector_learning_rate_over_decades_multiplies_before_the_hessian()
    {
        // p = Σ (I - diag(α)(H+ξ))ᵀʲ v: with the order swapped the result is another one.
        Problem p = Zoo.Create("tanh-net");
        var rule = new SgdUpdate();
        Hyperparameter[] definitions = Rules.Tuned(rule, Granularity.PerWeight, ["lr"]);
        const int steps = 8, terms = 7;
        Simulation before = Simulate(p, rule, definitions, steps - 1), after = Simulate(p, rule, definitions, steps);
        double[] alpha = after.Hyperparameters["lr"].Elements!.ToArray();
        double wd = after.Hyperparameters["wd"].Mean;
        Assert.IsGreaterThan(500, alpha.Max() / alpha.Min());
        double[,] h = p.CurvatureMatrix(before.Weights, p.Training.BatchAt(steps - 1));
        double[] v = p.ValidationGradient(after.Weights).ToArray(), sum = [.. v], swapped = [.. v], vSwapped = [.. v];
        int n = v.Length;
        for (int i = 0; i < n; i++)
            h[i, i] += after.Hyperparameters["wd"].Elements?.Span[i] ?? wd;
        for (int j = 1; j < terms; j++)
        {
            double[] old = v, oldSwapped = vSwapped;
            v = [.. Enumerable.Range(0, n).Select(i => old[i] - Enumerable.Range(0, n).Sum(k => h[i, k] * alpha[k] * old[k]))];
            vSwapped = [.. Enumerable.Range(0, n).Select(i => oldSwapped[i] - (alpha[i] * Enumerable.Range(0, n).Sum(k => h[i, k] * oldSwapped[k])))];
            for (int i = 0; i < n; i++)
            {
                sum[i] += v[i];
                swapped[i] += vSwapped[i];
            }
        }
        double[] Expected(double[] s) => [.. Enumerable.Range(0, n).Select(i => -Math.Log(10) * alpha[i] * s[i] * after.State[0].Span[i])];
        double[] actual = Estimates.Of(p, rule, new Neumann(terms), definitions, steps, Estimates.Spread)["lr"];
        Numbers.AreClose(Expected(sum), actual, 1e-11);
        Assert.IsGreaterThan(1e-3, Expected(swapped).Zip(actual, (a, b) => Math.Abs(a - b)).Max() / actual.Max(Math.Abs), "the test must tell the orders apart");
    }

    [TestMethod]
    [DataRow(1)]
    [DataRow(2)]
    [DataRow(5)]
    [DataRow(6)]
    [DataRow(50)]
    public void One_dimension_gives_the_closed_form_of_the_truncated_sum(int terms)
    {
        foreach (double x in new[] { 0.1, 0.7, 1.0, 1.5, 2.5 })
        {
            if (x > 2 && terms > 10)
                continue;
            (double actual, double oneTerm) = OneDimension(x, terms);
            Numbers.AreClose((1 - Math.Pow(1 - x, terms)) / x, actual / oneTerm, 1e-10, $"αh = {x}");
        }
    }

    [TestMethod]
    public void Beyond_the_stability_edge_odd_look_backs_keep_the_sign_and_even_ones_lose_it()
    {
        (double odd, double oneTerm) = OneDimension(2.5, 5);
        (double even, _) = OneDimension(2.5, 6);
        Assert.AreEqual(Math.Sign(oneTerm), Math.Sign(odd));
        Assert.AreEqual(-Math.Sign(oneTerm), Math.Sign(even));
    }

    [TestMethod]
    public void Long_series_on_a_quadratic_reaches_the_implicit_function_theorem()
    {
        // Without momentum: dL_V/dξ = -vᵀ(H+ξ)⁻¹w, here with a diagonal H, at the converged weights.
        double[] curvatures = [0.5, 1, 2], center = [2, 2.5, 3];
        var p = new Problem(QuadraticObjective.Diagonal(curvatures, center, Problem.Examples)) { Validation = new CyclicBatches(0, 1, 1) };
        var rule = new SgdUpdate();
        const double wd = 0.02;
        Hyperparameter[] definitions = [.. Rules.Tuned(rule, names: ["wd"]).Select(h => h.Name == "momentum" ? h with { Initial = 0 } : h.Name == "lr" ? h with { Initial = 0.4 } : h)];
        double[] optimum = [.. curvatures.Select((c, i) => c * center[i] / (c + wd))];
        double exact = 0;
        for (int i = 0; i < 3; i++)
            exact -= curvatures[i] * (optimum[i] - center[i]) * optimum[i] / (curvatures[i] + wd);
        exact *= Math.Log(10) * wd;
        Numbers.AreClose(exact, Estimates.Of(p, rule, new Neumann(300), definitions, 400)["wd"][0], 1e-9, floor: 0);
        Numbers.AreClose(exact, Estimates.Of(p, rule, new AugmentedNeumann(300), definitions, 400)["wd"][0], 1e-9, floor: 0);
        // And it is the derivative of retraining to convergence.
        Numbers.AreClose(exact, Estimates.FiniteDifferences(p, rule, definitions, 400)["wd"][0], 1e-7, floor: 0);
    }

    [TestMethod]
    public void Augmented_series_sees_momentum_where_the_plain_one_does_not()
    {
        // At a fixed point of training, μ acts only through the buffer; the whole-state inverse gives 0, as the optimum does not move.
        double[] curvatures = [0.5, 1];
        var p = new Problem(QuadraticObjective.Diagonal(curvatures, [2, 3], Problem.Examples));
        var rule = new SgdUpdate();
        Hyperparameter[] definitions = [.. Rules.Tuned(rule).Select(h => h.Name == "lr" ? h with { Initial = 0.3 } : h)];
        Dictionary<string, double[]> augmented = Estimates.Of(p, rule, new AugmentedNeumann(500), definitions, 500);
        double expected = Estimates.FiniteDifferences(p, rule, definitions, 500)["wd"][0];
        Numbers.AreClose(expected, augmented["wd"][0], 1e-7, floor: 0);
        Assert.AreEqual(0, augmented["momentum"][0], 1e-9);
        Assert.AreEqual(0, augmented["lr"][0], 1e-9);
        double plain = Estimates.Of(p, rule, new Neumann(500), definitions, 500)["wd"][0];
        Numbers.AreClose(expected, plain, 1e-7, "with μ held out of the sum the weights' own inverse is the same at the optimum", floor: 0);
    }

    [TestMethod]
    public void Augmented_adjoints_follow_the_plain_recursion()
    {
        Problem p = Zoo.Create("log-cosh");
        var rule = new SgdUpdate();
        const int steps = 9, terms = 5;
        const double lr = 0.03, wd = 0.02, momentum = 0.7;
        Hyperparameter[] definitions = Rules.Tuned(rule);
        Simulation before = new Simulation(p, rule, definitions).Run(steps - 1), after = new Simulation(p, rule, definitions).Run(steps);
        double[,] h = p.CurvatureMatrix(before.Weights, p.Training.BatchAt(steps - 1));
        double[] a = p.ValidationGradient(after.Weights).ToArray(), b = new double[a.Length], sumA = [.. a], sumB = new double[a.Length];
        int n = a.Length;
        for (int j = 1; j < terms; j++)
        {
            double[] q = [.. b.Zip(a, (bi, ai) => bi - (lr * ai))];
            a = [.. a.Select((ai, i) => ai + (wd * q[i]) + Enumerable.Range(0, n).Sum(k => h[i, k] * q[k]))];
            b = [.. q.Select(qi => momentum * qi)];
            sumA = [.. sumA.Zip(a, (x, y) => x + y)];
            sumB = [.. sumB.Zip(b, (x, y) => x + y)];
        }
        double[] e = [.. sumB.Zip(sumA, (x, y) => x - (lr * y))];
        Dictionary<string, double[]> actual = Estimates.Of(p, rule, new AugmentedNeumann(terms), definitions, steps);
        Numbers.AreClose(-Math.Log(10) * lr * Dot(sumA, after.State[0]), actual["lr"][0], 1e-11, floor: 1e-6);
        Numbers.AreClose(Math.Log(10) * wd * Dot(e, before.Weights), actual["wd"][0], 1e-11, floor: 1e-6);
        Numbers.AreClose(momentum * (1 - momentum) * Dot(e, before.State[0]), actual["momentum"][0], 1e-11, floor: 1e-6);
    }

    [TestMethod]
    [DataRow(0)]
    [DataRow(1001)]
    public void Look_back_has_bounds(int lookBack)
    {
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new Neumann(lookBack));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new AugmentedNeumann(lookBack));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new Unrolled(lookBack));
    }

    /// <summary>The hypergradients of the learning rate with so many terms and with one.</summary>
    private static (double Actual, double OneTerm) OneDimension(double x, int terms)
    {
        // Two equal weights: the quadratic's tensors need one each.
        const double wd = 0.02, lr = 0.5;
        double curvature = (x / lr) - wd;
        var p = new Problem(QuadraticObjective.Diagonal([curvature, curvature], [2, 2], Problem.Examples));
        var rule = new SgdUpdate();
        Hyperparameter[] definitions = [.. Rules.Tuned(rule, names: ["lr"]).Select(h => h.Name == "lr" ? h with { Initial = lr } : h)];
        return (Estimates.Of(p, rule, new Neumann(terms), definitions, 1)["lr"][0], Estimates.Of(p, rule, new Neumann(1), definitions, 1)["lr"][0]);
    }

    /// <summary>Builds the Jacobians of the last step by finite differences and sums the series with plain matrices.</summary>
    private static void MatchesExplicitSeries(string ruleName, Granularity granularity, HypergradientMethod method, bool augmented)
    {
        Problem p = Zoo.Create("log-cosh");
        UpdateRule rule = Rules.Create(ruleName);
        Hyperparameter[] definitions = Rules.Tuned(rule, granularity);
        const int steps = 8, terms = 6;
        double[] start = Simulate(p, rule, definitions, steps - 1).Joined();
        Simulation unmoved = Simulate(p, rule, definitions, steps);
        Simulation LastStep(double[] from, string? name = null, int index = 0, double shift = 0)
        {
            Simulation simulation = Simulate(p, rule, definitions, 0, unmoved.Constants).SetJoined(from);
            simulation.Steps = steps - 1;
            return name is null ? simulation.Run(1) : simulation.Shift(name, index, shift).Run(1);
        }

        Simulation after = LastStep(start);
        int n = after.Weights.Length, size = augmented ? start.Length : n;
        double[][] columns = [.. Enumerable.Range(0, size).Select(j => Numbers.Derivative(t =>
        {
            double[] moved = [.. start];
            moved[j] += t;
            return LastStep(moved).Joined()[..size];
        }, 1e-4))];
        double[] term = new double[size];
        p.ValidationGradient(unmoved.Evaluated).Span.CopyTo(term);
        double[] sum = [.. term];
        for (int j = 1; j < terms; j++)
        {
            double[] old = term;
            term = [.. columns.Select(column => column.Zip(old, (x, y) => x * y).Sum())];
            sum = [.. sum.Zip(term, (x, y) => x + y)];
        }
        foreach ((string name, double[] actual) in Estimates.Of(p, rule, method, definitions, steps, Estimates.Spread))
        {
            double[] expected = [.. actual.Select((_, k) => Numbers.Derivative(t => LastStep(start, name, k, t).Joined()[..size].Zip(sum, (x, y) => x * y).Sum()))];
            Numbers.AreClose(expected, actual, 1e-6, name);
        }
    }

    private static Simulation Simulate(Problem p, UpdateRule rule, Hyperparameter[] definitions, int steps, IReadOnlyList<double[][]>? held = null)
    {
        var simulation = new Simulation(p, rule, definitions) { Held = held };
        Estimates.Spread(simulation.Hyperparameters);
        return simulation.Run(steps);
    }

    private static double Dot(double[] x, DenseVector<double> y) => x.Zip(y.ToArray(), (a, b) => a * b).Sum();
}
