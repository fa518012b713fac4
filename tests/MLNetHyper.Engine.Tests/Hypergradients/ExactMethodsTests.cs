namespace MLNetHyper.Engine.Tests;

/// <summary>Where a method is exact, it must equal finite differences of training itself.</summary>
[TestClass]
public sealed class ExactMethodsTests
{
    private static IEnumerable<object[]> RulesAndProblems =>
        from rule in Rules.Names from problem in Zoo.Names select new object[] { rule, problem };

    private static IEnumerable<object[]> RulesAndGranularities =>
        from rule in Rules.Names from granularity in Enum.GetValues<Granularity>() select new object[] { rule, granularity };

    [TestMethod]
    [DynamicData(nameof(RulesAndProblems))]
    public void Unrolling_all_steps_is_the_derivative_of_training(string rule, string problem) =>
        MatchesFiniteDifferences(new Unrolled(20), Zoo.Create(problem), Rules.Create(rule), Granularity.Scalar);

    [TestMethod]
    [DynamicData(nameof(RulesAndProblems))]
    public void Undecayed_tangents_are_the_derivative_of_training(string rule, string problem) =>
        MatchesFiniteDifferences(new ForwardMode(1, Curvature.Hessian, 1), Zoo.Create(problem), Rules.Create(rule), Granularity.Scalar);

    [TestMethod]
    [DynamicData(nameof(RulesAndGranularities))]
    public void Unrolling_is_exact_at_every_granularity(string rule, Granularity granularity) =>
        MatchesFiniteDifferences(new Unrolled(20), Zoo.Create("tanh-net"), Rules.Create(rule), granularity);

    [TestMethod]
    [DynamicData(nameof(RulesAndProblems))]
    public void Forward_and_reverse_agree_per_tensor(string rule, string problem)
    {
        UpdateRule r = Rules.Create(rule);
        Problem p = Zoo.Create(problem);
        IReadOnlyList<Hyperparameter> definitions = p.With(Rules.Tuned(r, Granularity.PerTensor));
        Dictionary<string, double[]> reverse = Estimates.Of(p, r, new Unrolled(20), definitions, 20, Estimates.Spread);
        Dictionary<string, double[]> forward = Estimates.Of(p, r, new ForwardMode(1, Curvature.Hessian, 1), definitions, 20, Estimates.Spread);
        Estimates.AreClose(reverse, forward, 1e-11);
    }

    [TestMethod]
    [DynamicData(nameof(RulesAndProblems))]
    public void Forward_and_reverse_agree_with_gauss_newton_products(string rule, string problem)
    {
        UpdateRule r = Rules.Create(rule);
        Problem p = Zoo.Create(problem);
        Dictionary<string, double[]> reverse = Estimates.Of(p, r, new Unrolled(20, Curvature.GaussNewton), Rules.Tuned(r), 20);
        Dictionary<string, double[]> forward = Estimates.Of(p, r, new ForwardMode(1, Curvature.GaussNewton, 1), Rules.Tuned(r), 20);
        Estimates.AreClose(reverse, forward, 1e-11);
    }

    [TestMethod]
    [DynamicData(nameof(RulesAndProblems))]
    public void Unrolling_some_steps_holds_all_before_them_constant(string rule, string problem)
    {
        UpdateRule r = Rules.Create(rule);
        Problem p = Zoo.Create(problem);
        Dictionary<string, double[]> expected = Estimates.FiniteDifferences(p, r, p.With(Rules.Tuned(r)), 12, from: 7);
        Estimates.AreClose(expected, Estimates.Of(p, r, new Unrolled(5), p.With(Rules.Tuned(r)), 12), 1e-7);
    }

    [TestMethod]
    [DynamicData(nameof(RulesAndProblems))]
    public void Clipping_of_gradients_is_differentiated(string rule, string problem)
    {
        // Norms on both sides of the limit: some steps are clipped, and in the last all are.
        foreach (double limit in (double[])[0.5, 1e-3])
        {
            MatchesFiniteDifferences(new Unrolled(20), Zoo.Create(problem), Rules.Create(rule), Granularity.Scalar, limit);
            MatchesFiniteDifferences(new ForwardMode(1, Curvature.Hessian, 1), Zoo.Create(problem), Rules.Create(rule), Granularity.Scalar, limit);
        }
    }

    [TestMethod]
    public void Clipping_that_never_happens_changes_no_bit()
    {
        foreach (string rule in Rules.Names)
        {
            Problem p = Zoo.Create("tanh-net");
            UpdateRule r = Rules.Create(rule);
            Dictionary<string, double[]> plain = Estimates.Of(p, r, new AugmentedNeumann(5), Rules.Tuned(r), 9), clipped = Estimates.Of(p, r, new AugmentedNeumann(5), Rules.Tuned(r), 9, clip: 1e6);
            foreach ((string name, double[] h) in plain)
                CollectionAssert.AreEqual(h, clipped[name], $"{rule} {name}");
        }
    }

    [TestMethod]
    [DynamicData(nameof(RulesAndGranularities))]
    public void One_term_or_one_step_is_the_derivative_of_the_last_step(string rule, Granularity granularity)
    {
        UpdateRule r = Rules.Create(rule);
        Problem p = Zoo.Create("tanh-net");
        Hyperparameter[] definitions = Rules.Tuned(r, granularity);
        Dictionary<string, double[]> expected = Estimates.FiniteDifferences(p, r, definitions, 7, Estimates.Spread, from: 6);
        Estimates.AreClose(expected, Estimates.Of(p, r, new Unrolled(1), definitions, 7, Estimates.Spread), 1e-7);
        Estimates.AreClose(expected, Estimates.Of(p, r, new Neumann(1), definitions, 7, Estimates.Spread), 1e-7);
        Estimates.AreClose(expected, Estimates.Of(p, r, new AugmentedNeumann(1), definitions, 7, Estimates.Spread), 1e-7);
        if (granularity != Granularity.PerWeight)
            Estimates.AreClose(expected, Estimates.Of(p, r, new ForwardMode(0, Curvature.Hessian, 1), definitions, 7, Estimates.Spread), 1e-7);
    }

    [TestMethod]
    [DynamicData(nameof(RulesAndGranularities))]
    public void Equal_values_per_weight_or_per_tensor_sum_to_the_single_value(string rule, Granularity granularity)
    {
        UpdateRule r = Rules.Create(rule);
        Problem p = Zoo.Create("tanh-net");
        foreach (HypergradientMethod method in new HypergradientMethod[] { new Neumann(5), new AugmentedNeumann(5), new Unrolled(5), new ForwardMode(0.9) })
        {
            if (!method.Granularities.Contains(granularity) || !Methods.Supports(method.Name, rule))
                continue;
            Dictionary<string, double[]> scalar = Estimates.Of(p, r, method, Rules.Tuned(r), 9);
            Dictionary<string, double[]> divided = Estimates.Of(p, r, method, Rules.Tuned(r, granularity), 9);
            foreach ((string name, double[] h) in divided)
                Numbers.AreClose(scalar[name][0], h.Sum(), 1e-10, $"{method.Name} {name}", floor: 1e-6);
        }
    }

    [TestMethod]
    [DataRow(0.0)]
    [DataRow(0.5)]
    [DataRow(0.99)]
    public void Decayed_tangents_follow_the_plain_recursion(double decay)
    {
        // Scalar weight decay, learning rate and momentum of the heavy ball, as in section 3 of Micaelli and Storkey.
        Problem p = Zoo.Create("log-cosh");
        var rule = new SgdUpdate();
        Hyperparameter[] definitions = Rules.Tuned(rule);
        const double lr = 0.03, wd = 0.02, momentum = 0.7;
        var simulation = new Simulation(p, rule, definitions);
        int n = simulation.Weights.Length;
        string[] names = ["lr", "wd", "momentum"];
        double[][] z = [.. names.Select(_ => new double[n])], c = [.. names.Select(_ => new double[n])];
        for (int step = 0; step < 15; step++)
        {
            double[] w = simulation.Weights.ToArray(), m = simulation.State[0].ToArray();
            double[,] hessian = p.CurvatureMatrix(simulation.Weights, p.Training.BatchAt(step));
            simulation.Run(1);
            for (int j = 0; j < 3; j++)
            {
                double[] old = [.. z[j].Select(x => x * decay)];
                for (int i = 0; i < n; i++)
                {
                    double hz = Enumerable.Range(0, n).Sum(k => hessian[i, k] * old[k]);
                    c[j][i] = (momentum * decay * c[j][i]) + hz + (wd * old[i]) + (j == 1 ? w[i] : 0) + (j == 2 ? m[i] : 0);
                    z[j][i] = old[i] - (lr * c[j][i]) - (j == 0 ? simulation.State[0].Span[i] : 0);
                }
            }
        }
        double[] v = p.ValidationGradient(simulation.Weights).ToArray();
        double[] chain = [Math.Log(10) * lr, Math.Log(10) * wd, momentum * (1 - momentum)];
        Dictionary<string, double[]> actual = Estimates.Of(p, rule, new ForwardMode(decay, Curvature.Hessian, 1), definitions, 15);
        for (int j = 0; j < 3; j++)
            Numbers.AreClose(chain[j] * v.Zip(z[j], (a, b) => a * b).Sum(), actual[names[j]][0], 1e-10, names[j], floor: 1e-6);
    }

    [TestMethod]
    public void Products_on_parts_of_the_batch_take_turns()
    {
        // Four equal batches of one example each make every part the whole.
        Problem p = new(QuadraticObjective.Diagonal([1, 2, 3, 4], [1, 1, 1, 1], Problem.Examples));
        var rule = new SgdUpdate();
        Dictionary<string, double[]> whole = Estimates.Of(p, rule, new ForwardMode(0.99, Curvature.Hessian, 1), Rules.Tuned(rule), 15);
        Estimates.AreClose(whole, Estimates.Of(p, rule, new ForwardMode(0.99, Curvature.Hessian, 4), Rules.Tuned(rule), 15), 1e-12);
        Problem differing = Zoo.Create("log-cosh");
        double exact = Estimates.Of(differing, rule, new ForwardMode(0.99, Curvature.Hessian, 1), Rules.Tuned(rule), 15)["lr"][0];
        double sampled = Estimates.Of(differing, rule, new ForwardMode(0.99, Curvature.Hessian, 4), Rules.Tuned(rule), 15)["lr"][0];
        Assert.AreNotEqual(exact, sampled);
        Assert.AreEqual(exact, sampled, 0.3 * Math.Abs(exact), "an unbiased sample of the curvature is not far off");
    }

    private static void MatchesFiniteDifferences(HypergradientMethod method, Problem problem, UpdateRule rule, Granularity granularity, double? clip = null)
    {
        IReadOnlyList<Hyperparameter> definitions = problem.With(Rules.Tuned(rule, granularity));
        Dictionary<string, double[]> expected = Estimates.FiniteDifferences(problem, rule, definitions, 20, Estimates.Spread, clip: clip);
        Dictionary<string, double[]> actual = Estimates.Of(problem, rule, method, definitions, 20, Estimates.Spread, clip: clip);
        Assert.HasCount(definitions.Count, actual);
        Estimates.AreClose(expected, actual, clip is null ? 1e-7 : 1e-6);
    }
}
