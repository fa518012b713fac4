namespace MLNetHyper.Engine.Tests;

[TestClass]
public sealed class UpdateRuleTests
{
    private static IEnumerable<object[]> Points => StepPoint.All;

    private static IEnumerable<object[]> RuleNames => Rules.Names.Select(n => new object[] { n });

    /// <summary>The others' steps depend on all weights: <see cref="AdaptiveRuleTests"/> has them.</summary>
    private static IEnumerable<object[]> ElementwisePoints => Points.Where(point => Rules.Create((string)point[0]).ConstantCount == 0);

    [TestMethod]
    [DynamicData(nameof(ElementwisePoints))]
    public void Step_is_the_plain_one(string rule, Granularity granularity, int number)
    {
        var point = new StepPoint(rule, granularity, number);
        double[] expected = PlainAfter(point, rule);
        Numbers.AreClose(expected, point.After(0), 1e-14);
    }

    [TestMethod]
    [DynamicData(nameof(Points))]
    public void Step_leaves_the_gradient_alone(string rule, Granularity granularity, int number)
    {
        var point = new StepPoint(rule, granularity, number);
        double[] before = point.Gradient.ToArray();
        point.Rule.Apply(point.Hyperparameters, point.Weights, point.State, point.Gradient, number, StepPoint.Zero());
        CollectionAssert.AreEqual(before, point.Gradient.ToArray());
    }

    [TestMethod]
    [DynamicData(nameof(Points))]
    public void Tangents_of_weights_state_and_gradient_are_finite_differences(string rule, Granularity granularity, int number)
    {
        var point = new StepPoint(rule, granularity, number);
        DenseVector<double> z = point.RandomDirection(), hz = point.RandomDirection();
        DenseVector<double>[] c = point.RandomStateDirection();
        // From a zero second moment there is no way down.
        if (number == 1 && point.SecondMoment >= 0)
            c[point.SecondMoment].Fill(0);
        double[] expected = Numbers.Derivative(t => point.After(t, z, c, hz), 1e-4);
        point.Rule.PushForward(point.Hyperparameters, point.Record, z, c, hz, new TangentSeed<DenseVector<double>>("none", null));
        Numbers.AreClose(expected, Joined(z, c), 1e-8);
    }

    [TestMethod]
    [DynamicData(nameof(Points))]
    public void Tangents_of_every_hyperparameter_are_finite_differences(string rule, Granularity granularity, int number)
    {
        var point = new StepPoint(rule, granularity, number);
        foreach (HyperparameterValue<DenseVector<double>> value in point.Hyperparameters)
        {
            for (int k = 0; k < value.Count; k++)
            {
                double[] expected = Numbers.Derivative(t => point.AfterWith(value, k, t), 1e-4);
                Numbers.AreClose(expected, HyperparameterTangent(point, value, k), 1e-8, $"{value.Definition.Name}[{k}]", floor: 1e-3);
            }
        }
    }

    [TestMethod]
    [DynamicData(nameof(Points))]
    public void Adjoints_of_every_hyperparameter_are_finite_differences(string rule, Granularity granularity, int number)
    {
        var point = new StepPoint(rule, granularity, number);
        DenseVector<double> a = point.RandomDirection();
        DenseVector<double>[] b = point.RandomStateDirection();
        double[] adjoint = Joined(a, b);
        point.Rule.AddHypergradients(point.Hyperparameters, point.Record, a, b);
        CollectionAssert.AreEqual(adjoint, Joined(a, b), "the adjoints stay as they are");
        foreach (HyperparameterValue<DenseVector<double>> value in point.Hyperparameters)
        {
            double[] actual = value.Hypergradient();
            for (int k = 0; k < value.Count; k++)
            {
                double expected = Numbers.Derivative(t => Dot(adjoint, point.AfterWith(value, k, t)), 1e-4);
                Numbers.AreClose(expected, actual[k], 1e-7, $"{value.Definition.Name}[{k}]");
            }
        }
    }

    [TestMethod]
    [DynamicData(nameof(Points))]
    public void Adjoints_and_tangents_are_transposes(string rule, Granularity granularity, int number)
    {
        var point = new StepPoint(rule, granularity, number);
        DenseVector<double> z = point.RandomDirection(), hz = point.RandomDirection(), a = point.RandomDirection(), q = StepPoint.Zero();
        DenseVector<double>[] c = point.RandomStateDirection(), b = point.RandomStateDirection();
        double[] before = Joined(z, c), path = hz.ToArray(), after = Joined(a, b);
        point.Rule.PushForward(point.Hyperparameters, point.Record, z, c, hz, new TangentSeed<DenseVector<double>>("none", null));
        point.Rule.PullBack(point.Hyperparameters, point.Record, a, b, q);
        Numbers.AreClose(Dot(after, Joined(z, c)), Dot(Joined(a, b), before) + Dot(q.ToArray(), path), 1e-12);
    }

    [TestMethod]
    [DynamicData(nameof(Points))]
    public void Hypergradients_and_tangents_are_transposes(string rule, Granularity granularity, int number)
    {
        var point = new StepPoint(rule, granularity, number);
        DenseVector<double> a = point.RandomDirection();
        DenseVector<double>[] b = point.RandomStateDirection();
        point.Rule.AddHypergradients(point.Hyperparameters, point.Record, a, b);
        foreach (HyperparameterValue<DenseVector<double>> value in point.Hyperparameters)
        {
            for (int k = 0; k < value.Count; k++)
                Numbers.AreClose(Dot(Joined(a, b), HyperparameterTangent(point, value, k)), value.Hypergradient()[k], 1e-12, value.Definition.Name);
        }
    }

    [TestMethod]
    [DataRow("sgd")]
    [DataRow("sgd-decoupled")]
    public void Heavy_ball_momentum_has_no_effect_on_the_first_step(string rule)
    {
        var point = new StepPoint(rule, Granularity.Scalar, 1);
        HyperparameterValue<DenseVector<double>> momentum = point.Hyperparameters[Hyperparameter.Momentum];
        point.Rule.AddHypergradients(point.Hyperparameters, point.Record, point.RandomDirection(), point.RandomStateDirection());
        Assert.AreEqual(0, momentum.Hypergradient()[0]);
        Assert.IsTrue(HyperparameterTangent(point, momentum, 0).All(t => t == 0));
    }

    [TestMethod]
    [DataRow("adam")]
    [DataRow("adamw")]
    [DataRow("mixture")]
    public void Weights_without_gradient_have_finite_derivatives_under_adam(string rule)
    {
        // √ŝ is 0 there, and the derivative of the root infinite.
        var point = new StepPoint(rule, Granularity.Scalar, 1);
        point.Record.Gradient.Fill(0);
        point.Record.Weights.Fill(0);
        point.Record.NextState[0].Fill(0);
        point.Record.NextState[1].Fill(0);
        DenseVector<double> z = point.RandomDirection(), hz = point.RandomDirection(), a = point.RandomDirection(), q = StepPoint.Zero();
        DenseVector<double>[] c = point.RandomStateDirection(), b = point.RandomStateDirection();
        point.Rule.AddHypergradients(point.Hyperparameters, point.Record, a, b);
        point.Rule.PushForward(point.Hyperparameters, point.Record, z, c, hz, new TangentSeed<DenseVector<double>>("none", null));
        point.Rule.PullBack(point.Hyperparameters, point.Record, a, b, q);
        Assert.IsTrue(Joined(z, c).All(double.IsFinite));
        Assert.IsTrue(Joined(a, b).All(double.IsFinite) && q.IsFinite());
        Assert.IsTrue(point.Hyperparameters.All(v => v.Hypergradient().All(double.IsFinite)));
    }

    [TestMethod]
    public void Options_leave_the_granularity_of_a_rules_own_hyperparameters_to_the_rule()
    {
        foreach (bool perTensor in new[] { false, true })
        {
            Hyperparameter slow = new OnePassOptions { Rule = new MixtureUpdate(perTensor) }.Hyperparameters().Single(h => h.Name == "slow");
            Assert.AreEqual(perTensor ? Granularity.PerTensor : Granularity.Scalar, slow.Granularity);
        }
    }

    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public void A_mixture_that_is_not_tuned_is_adamw(bool perTensor)
    {
        Problem problem = Zoo.Create("tanh-net");
        (UpdateRule mixture, UpdateRule adam) = (new MixtureUpdate(perTensor), new AdamUpdate());
        double[] expected = new Simulation(problem, adam, adam.Hyperparameters).Run(100).Weights.ToArray();
        Numbers.AreClose(expected, new Simulation(problem, mixture, mixture.Hyperparameters).Run(100).Weights.ToArray(), 1e-13);
    }

    [TestMethod]
    public void Shares_of_another_memory_alone_are_adamw_with_that_memory()
    {
        Problem problem = Zoo.Create("tanh-net");
        // Adam whose first moment is the gradient itself, or has the longer memory.
        AssertEqual("fast", new AdamUpdate(), ("beta1", 0));
        AssertEqual("slow", new AdamUpdate(), ("beta1", 0.99));

        void AssertEqual(string share, UpdateRule rule, (string Name, double Value) changed)
        {
            var mixture = new MixtureUpdate();
            double[] expected = new Simulation(problem, rule, Set(rule, changed.Name, changed.Value)).Run(30).Weights.ToArray();
            Numbers.AreClose(expected, new Simulation(problem, mixture, Set(mixture, share, 1)).Run(30).Weights.ToArray(), 1e-13, share);
        }

        static Hyperparameter[] Set(UpdateRule rule, string name, double value) => [.. rule.Hyperparameters.Select(h => h.Name == name ? h with { Initial = value } : h)];
    }

    [TestMethod]
    [DynamicData(nameof(RuleNames))]
    public void Equal_values_per_weight_or_per_tensor_step_as_one_value_does(string name)
    {
        Problem problem = Zoo.Create("tanh-net");
        UpdateRule rule = Rules.Create(name);
        double[] scalar = new Simulation(problem, rule, Rules.Tuned(rule)).Run(30).Joined();
        foreach (Granularity granularity in new[] { Granularity.PerTensor, Granularity.PerWeight })
            Numbers.AreClose(scalar, new Simulation(problem, rule, Rules.Tuned(rule, granularity)).Run(30).Joined(), 1e-13, granularity.ToString());
    }

    private static double[] HyperparameterTangent(StepPoint point, HyperparameterValue<DenseVector<double>> value, int index)
    {
        DenseVector<double> z = StepPoint.Zero();
        DenseVector<double>[] c = point.ZeroState();
        point.Rule.PushForward(point.Hyperparameters, point.Record, z, c, StepPoint.Zero(), point.Seed(value, index));
        return Joined(z, c);
    }

    private static double[] PlainAfter(StepPoint point, string rule)
    {
        double[] after = new double[point.Weights.Length * (1 + point.State.Length)];
        int n = point.Weights.Length;
        for (int i = 0; i < n; i++)
        {
            double w = point.Weights.Span[i], g = point.Gradient.Span[i], m = point.State[0].Span[i];
            double lr = At(point, 0, i), wd = At(point, 1, i), third = At(point, 2, i);
            bool decoupled = rule is "sgd-decoupled" or "nesterov-decoupled" or "adamw";
            if (rule == "mixture")
            {
                (double s, double l) = (point.State[1].Span[i], point.State[2].Span[i]);
                after[i] = PlainStep.Mixture(w, ref m, ref s, ref l, g, lr, wd, third, At(point, 3, i), At(point, 4, i), At(point, 5, i), At(point, 6, i), At(point, 7, i), point.Number);
                (after[(2 * n) + i], after[(3 * n) + i]) = (s, l);
            }
            else if (rule.StartsWith("adam", StringComparison.Ordinal))
            {
                double s = point.State[1].Span[i];
                after[i] = PlainStep.Adam(decoupled, w, ref m, ref s, g, lr, wd, third, At(point, 3, i), point.Number);
                after[(2 * n) + i] = s;
            }
            else
            {
                after[i] = PlainStep.Sgd(rule.StartsWith("nesterov", StringComparison.Ordinal), decoupled, w, ref m, g, lr, wd, third);
            }
            after[n + i] = m;
        }
        return after;
    }

    private static double At(StepPoint point, int hyperparameter, int weight) =>
        point.Hyperparameters[hyperparameter].Elements is { } elements ? elements.Span[weight] : point.Hyperparameters[hyperparameter].Mean;

    private static double[] Joined(DenseVector<double> x, DenseVector<double>[] state) => [.. x.ToArray(), .. state.SelectMany(s => s.ToArray())];

    private static double Dot(double[] x, double[] y) => x.Zip(y, (a, b) => a * b).Sum();
}
