namespace MLNetHyper.Engine.Tests;

/// <summary>Rules that measure all weights before a step: their whole algorithms, and what their papers promise.</summary>
[TestClass]
public sealed class AdaptiveRuleTests
{
    private static IEnumerable<object[]> AdaptiveRules => Rules.Names.Where(name => Rules.Create(name).ConstantCount > 0).Select(name => new object[] { name });

    private static IEnumerable<object[]> DistanceRules => [["prodigy"], ["dadapt-adam"], ["dadapt-sgd"]];

    [TestMethod]
    [DynamicData(nameof(AdaptiveRules))]
    public void Weights_are_those_of_the_plain_algorithm_step_by_step(string name)
    {
        Problem p = Zoo.Create("tanh-net");
        UpdateRule rule = UpdateRules.Create(name);
        Hyperparameter[] definitions = [.. Rules.Tuned(rule).Select(h => h.Name == Hyperparameter.LearningRate && rule is not MechanicUpdate ? h with { Initial = 0.8 } : h)];
        var simulation = new Simulation(p, rule, definitions);
        var plain = PlainRule.Create(rule, simulation.Weights.ToArray(), [.. definitions.Select(h => h.Initial)]);
        ILinearization<DenseVector<double>> linearization = p.Objective.CreateLinearization();
        DenseVector<double> gradient = p.Objective.CreateVector();
        for (int step = 0; step < 100; step++)
        {
            linearization.Gradient(plain.X.ToVector(), p.Training.BatchAt(step), gradient);
            plain.Step(gradient.ToArray());
            simulation.Run(1);
            Numbers.AreClose(plain.X, simulation.Weights.Span, 1e-9, $"step {step}");
            Numbers.AreClose(plain.Evaluated, simulation.Evaluated.Span, 1e-9, $"step {step}, judged");
        }
        Assert.IsGreaterThan(1e-3, simulation.Weights.ToArray().Zip(new Simulation(p, rule, definitions).Weights.ToArray(), (a, b) => Math.Abs(a - b)).Max(), "they went somewhere");
    }

    [TestMethod]
    [DataRow("dadapt-sgd", 1e-9)]
    [DataRow("dog", 1e-6)]
    [DataRow("prodigy", 1e-4)]
    [DataRow("dadapt-adam", 1e-4)]
    public void A_loss_a_thousand_times_as_large_changes_no_step(string name, double tolerance)
    {
        Simulation Trained(double scale)
        {
            UpdateRule rule = UpdateRules.Create(name);
            Hyperparameter[] definitions = [.. Rules.Tuned(rule, names: []).Select(h => h.Name == Hyperparameter.WeightDecay ? h with { Initial = 0 } : h)];
            return new Simulation(new Problem(QuadraticObjective.Diagonal([scale, 2 * scale, 5 * scale, scale], [2, -1, 1, 3], Problem.Examples)), rule, definitions).Run(60);
        }

        Numbers.AreClose(Trained(1).Evaluated.Span, Trained(1000).Evaluated.Span, tolerance);
    }

    [TestMethod]
    [DynamicData(nameof(DistanceRules))]
    public void The_distance_never_shrinks(string name)
    {
        foreach (string problem in Zoo.Names)
        {
            UpdateRule rule = UpdateRules.Create(name);
            var simulation = new Simulation(Zoo.Create(problem), rule, rule.Hyperparameters);
            double last = simulation.Numbers[0][0];
            Assert.AreEqual(1e-6, last);
            for (int step = 0; step < 300; step++)
            {
                double d = simulation.Run(1).Numbers[0][0];
                Assert.IsGreaterThanOrEqualTo(last, d);
                last = d;
            }
            Assert.IsGreaterThan(1e-4, last, problem);
        }
    }

    [TestMethod]
    [DataRow(0.01)]
    [DataRow(1.0)]
    [DataRow(300.0)]
    public void On_an_absolute_value_gradient_descents_d_ends_near_the_distance(double distance)
    {
        var rule = new DAdaptSgdUpdate();
        DenseVector<double> w = new(1), g = new(1), scratch = new(1);
        DenseVector<double>[] state = [.. Enumerable.Range(0, rule.StateCount + rule.ConstantCount).Select(_ => new DenseVector<double>(1))];
        HyperparameterSet<DenseVector<double>> values = new([.. rule.Hyperparameters.Select(h => h.Name == "wd" ? h with { Initial = 0 } : h)], [new("w", 0, 1, 1)], w);
        RuleNumbers numbers = new(rule.NumberCount, [new("all", 0, 1, 0)]);
        rule.Begin(w, state, numbers, [true]);
        for (int step = 1; step <= 5000; step++)
        {
            g.Fill(w.Span[0] < distance ? -1 : 1);
            rule.Adapt(values, w, state, g, numbers, scratch);
            rule.Apply(values, w, state, g, step, scratch);
        }
        // The paper's bound is r/‖s‖; the authors' code has twice that.
        Assert.IsGreaterThan(0.5 * distance, numbers[0][0]);
        Assert.IsLessThanOrEqualTo(distance, numbers[0][0] / 2);
    }

    [TestMethod]
    public void Mechanic_makes_learning_rates_over_eight_decades_alike()
    {
        Problem p = Zoo.Create("quadratic");
        double[] losses = [.. new[] { 1e-4, 1, 1e4 }.Select(lr =>
        {
            var rule = new MechanicUpdate(new SgdUpdate());
            Hyperparameter[] definitions = [.. rule.Hyperparameters.Select(h => h.Name == "lr" ? h with { Initial = lr, Upper = 5 } : h with { Initial = 0 })];
            double first = new Simulation(p, rule, definitions).ValidationLoss;
            return new Simulation(p, rule, definitions).Run(2000).ValidationLoss / first;
        })];
        Assert.IsLessThan(0.5, losses.Max(), string.Join(", ", losses));
        Assert.IsLessThanOrEqualTo(2, losses.Max() / losses.Min(), string.Join(", ", losses));
    }

    [TestMethod]
    public void Mechanic_wraps_no_rule_that_finds_its_own_steps()
    {
        ArgumentException e = Assert.ThrowsExactly<ArgumentException>(() => new MechanicUpdate(new ProdigyUpdate()));
        Assert.Contains("not 'prodigy'", e.Message);
    }

    [TestMethod]
    [DynamicData(nameof(AdaptiveRules))]
    public void A_model_that_starts_again_forgets_what_it_has_measured_and_others_do_not(string name)
    {
        UpdateRule rule = Rules.Create(name);
        var objective = new NetworkMembers<double>(NetworkTestData.Shape(3, [4]), 2);
        BatchSource batches = objective.CreateBatchSource(NetworkTestData.Draw(NetworkTestData.Shape(3, [4]), 20, 1), 20, 0, 1);
        var state = new RunState<DenseVector<double>>(objective, new() { Rule = rule, Steps = 10 });
        ILinearization<DenseVector<double>> linearization = objective.CreateLinearization(withProducts: false);
        DenseVector<double> gradient = objective.CreateVector(), scratch = objective.CreateVector();
        for (int step = 0; step < 30; step++)
        {
            linearization.Gradient(state.Weights, batches.BatchAt(step), gradient);
            rule.Adapt(state.Hyperparameters, state.Weights, state.RuleState, gradient, state.RuleNumbers, scratch);
            rule.Apply(state.Hyperparameters, state.Weights, state.RuleState, gradient, state.RuleStep, scratch);
            state.Step++;
        }
        double[] other = Other();
        state.Restart([true, false]);
        CollectionAssert.AreEqual(other, Other());
        var fresh = new RunState<DenseVector<double>>(objective, new() { Rule = rule, Steps = 10, InitialWeights = [.. objective.Models.SelectMany(m => state.Weights.Span.Slice(m.Start, m.Length).ToArray())] });
        for (int k = 0; k < state.RuleState.Length; k++)
            CollectionAssert.AreEqual(Part(fresh.RuleState[k], 0), Part(state.RuleState[k], 0), $"state {k}");
        for (int k = 0; k < rule.NumberCount; k++)
            Assert.AreEqual(fresh.RuleNumbers[k][0], state.RuleNumbers[k][0], $"number {k}");

        double[] Part(DenseVector<double> vector, int model) => vector.Span.Slice(objective.Models[model].Start, objective.Models[model].Length).ToArray();
        double[] Other() => [.. state.RuleState.SelectMany(vector => Part(vector, 1)), .. Enumerable.Range(0, rule.NumberCount).Select(k => state.RuleNumbers[k][1])];
    }

    [TestMethod]
    [DataRow("dog")]
    [DataRow("schedule-free-sgd")]
    [DataRow("schedule-free-adamw")]
    public void Rules_that_take_a_schedules_place_have_none_unless_it_is_named(string name)
    {
        OnePassOptions options = new() { Rule = Rules.Create(name) };
        Assert.AreEqual(LearningRateSchedule.Constant, options.ToLoop(100).LearningRateSchedule);
        Assert.AreEqual(LearningRateSchedule.Cosine, (options with { LearningRateSchedule = LearningRateSchedule.Cosine }).ToLoop(100).LearningRateSchedule);
        Assert.AreEqual(OnePassOptions.Defaults.LearningRateSchedule, (options with { Rule = new AdamUpdate() }).ToLoop(100).LearningRateSchedule);
    }
}
