namespace MLNetHyper.Engine.Tests;

[TestClass]
public sealed class HypergradientDescentTests
{
    [TestMethod]
    [DataRow(0.1)]
    [DataRow(1e6)]
    public void Minibatches_that_are_alike_are_clipped_as_the_full_batch_is(double clip)
    {
        Trajectory Run(int batchSize) => Loops.Run(
            new Problem(QuadraticObjective.Diagonal([1, 2], [3, 4], 18), new CyclicBatches(0, 12, batchSize), new CyclicBatches(12, 6, 6)),
            Methods.Options("hypergradient-descent-log", "sgd") with { Steps = 50, GradientClip = clip }).Trajectory;
        double[] full = [.. Run(12).Values("lr")], minibatches = [.. Run(4).Values("lr")];
        Assert.AreNotEqual(full[0], full[^1]);
        Numbers.AreClose(full, minibatches, 1e-12);
    }

    private static readonly HypergradientDescentForm[] _forms = Enum.GetValues<HypergradientDescentForm>();

    private static IEnumerable<object[]> RulesAndForms =>
        from rule in Rules.Names from form in _forms select new object[] { rule, form };

    /// <summary>Mechanic makes up for any learning rate.</summary>
    private static IEnumerable<object[]> DependentRulesAndForms => RulesAndForms.Where(row => Rules.Create((string)row[0]) is not MechanicUpdate);

    private static IEnumerable<object[]> RuleNames => Rules.Names.Select(n => new object[] { n });

    [TestMethod]
    [DataRow(HypergradientDescentForm.Additive)]
    [DataRow(HypergradientDescentForm.Multiplicative)]
    [DataRow(HypergradientDescentForm.LogAdditive)]
    public void Three_steps_on_a_quadratic_are_those_computed_by_hand(HypergradientDescentForm form)
    {
        // ½w², two weights, no momentum and no decay: g = w.
        const double beta = 0.01;
        double[] w = [1, -2];
        double lr = 0.1;
        double[]? previous = null;
        for (int step = 0; step < 3; step++)
        {
            double[] g = [.. w];
            if (previous is not null)
            {
                double h = (g[0] * previous[0]) + (g[1] * previous[1]);
                double norms = Math.Sqrt(((g[0] * g[0]) + (g[1] * g[1])) * ((previous[0] * previous[0]) + (previous[1] * previous[1])));
                lr = form switch
                {
                    HypergradientDescentForm.Additive => lr + (beta * h),
                    HypergradientDescentForm.Multiplicative => lr * (1 + (beta * h / norms)),
                    _ => Math.Pow(10, Math.Log10(lr) + (beta * h)),
                };
            }
            w = [w[0] - (lr * g[0]), w[1] - (lr * g[1])];
            previous = g;
        }
        LoopResult<DenseVector<double>> result = Loop(new Problem(QuadraticObjective.Diagonal([1, 1], [0, 0], Problem.Examples)), new SgdUpdate(), form, beta, 3, h => h.Name switch
        {
            "lr" => h with { Initial = 0.1, Tuned = true },
            _ => h with { Initial = 0 },
        }, [1, -2]).Run();
        Numbers.AreClose(w, result.FinalWeights.Span, 1e-13);
    }

    [TestMethod]
    [DynamicData(nameof(RulesAndForms))]
    public void A_vanishing_rate_is_plain_training(string rule, HypergradientDescentForm form)
    {
        Problem p = Zoo.Create("tanh-net");
        UpdateRule r = Rules.Create(rule);
        Hyperparameter[] definitions = Rules.Tuned(r, names: ["lr"]);
        double[] plain = new Simulation(p, r, definitions).Run(30).Evaluated.ToArray();
        var loop = new OnePassLoop<DenseVector<double>>(p.Objective, p.Training, null, new LoopOptions
        {
            Rule = r,
            Method = new HypergradientDescent(form, 1e-300),
            Hyperparameters = definitions,
            Steps = 30,
        });
        Numbers.AreClose(plain, loop.Run().FinalWeights.Span, 1e-12);
    }

    [TestMethod]
    [DynamicData(nameof(RuleNames))]
    public void The_hypergradient_is_the_derivative_of_the_next_training_loss(string rule)
    {
        // In every step but the first: -g·u' = dL(w;B)/dα of the step before, state before it held constant.
        Problem p = Zoo.Create("tanh-net");
        UpdateRule r = Rules.Create(rule);
        Hyperparameter[] definitions = Rules.Tuned(r, names: ["lr"]);
        for (int step = 1; step <= 5; step++)
        {
            var loop = new OnePassLoop<DenseVector<double>>(p.Objective, p.Training, null, new LoopOptions
            {
                Rule = r,
                Method = new HypergradientDescent(HypergradientDescentForm.Additive, 1e-300),
                Hyperparameters = definitions,
                Steps = step + 1,
            });
            loop.Run();
            IReadOnlyList<double[][]> constants = new Simulation(p, r, definitions).Run(step).Constants;
            double expected = Numbers.Derivative(t =>
            {
                Simulation simulation = new Simulation(p, r, definitions) { Held = constants }.Run(step - 1);
                simulation.Hyperparameters["lr"].SetRaw(Math.Log10(definitions[0].Initial + t));
                simulation.Run(1);
                return p.Objective.CreateLinearization().Loss(simulation.Weights, p.Training.BatchAt(step));
            }, 1e-4);
            Numbers.AreClose(expected, loop.Hyperparameters["lr"].Hypergradient()[0], 1e-7, $"step {step}");
        }
    }

    [TestMethod]
    [DataRow(HypergradientDescentForm.Additive, null)]
    [DataRow(HypergradientDescentForm.Multiplicative, null)]
    [DataRow(HypergradientDescentForm.LogAdditive, null)]
    [DataRow(HypergradientDescentForm.Additive, 0.05)]
    public void Each_gradient_is_of_its_own_batch_and_not_clipped(HypergradientDescentForm form, double? clip)
    {
        // Without momentum and decay all forms follow the derivative of the next batch's loss by the learning rate. The noise of one
        // batch must not be in both factors: the product would be positive where batches disagree, and the learning rate would grow.
        Problem p = Zoo.Create("tanh-net");
        var rule = new SgdUpdate();
        Hyperparameter[] definitions = [.. Rules.Tuned(rule, names: ["lr"]).Select(h => h.Tuned ? h : h with { Initial = 0 })];
        for (int step = 1; step <= 5; step++)
        {
            var loop = new OnePassLoop<DenseVector<double>>(p.Objective, p.Training, null, new LoopOptions
            {
                Rule = rule,
                Method = new HypergradientDescent(form, 1e-300),
                Hyperparameters = definitions,
                Steps = step + 1,
                GradientClip = clip,
            });
            loop.Run();
            double expected = Numbers.Derivative(t =>
            {
                Simulation simulation = new Simulation(p, rule, definitions) { GradientClip = clip }.Run(step - 1);
                simulation.Hyperparameters["lr"].SetRaw(Math.Log10(0.03 + t));
                simulation.Run(1);
                return p.Objective.CreateLinearization().Loss(simulation.Weights, p.Training.BatchAt(step));
            }, 1e-4);
            Numbers.AreClose(expected, loop.Hyperparameters["lr"].Hypergradient()[0], 1e-7, $"step {step}");
        }
    }

    [TestMethod]
    [DynamicData(nameof(DependentRulesAndForms))]
    public void A_learning_rate_that_is_too_small_grows_within_its_bounds(string rule, HypergradientDescentForm form)
    {
        var p = new Problem(QuadraticObjective.Diagonal([1, 0.5], [3, 3], Problem.Examples));
        double rate = form == HypergradientDescentForm.Multiplicative ? 0.02 : 1e-3;
        LoopResult<DenseVector<double>> result = Loop(p, Rules.Create(rule), form, rate, 300, h => h.Name == "lr" ? h with { Initial = 1e-3, Tuned = true } : h, null).Run();
        IReadOnlyList<double> lr = result.Trajectory.Values("lr");
        Assert.IsGreaterThan(lr[0], lr[^1]);
        Assert.IsTrue(lr.All(x => x is > 0 and <= 1));
    }

    [TestMethod]
    [DynamicData(nameof(RulesAndForms))]
    public void Even_an_absurd_rate_keeps_the_learning_rate_in_its_bounds(string rule, HypergradientDescentForm form)
    {
        Hyperparameter lr = Rules.Create(rule).Hyperparameters[0];
        double least = lr.Transform.ToReal(lr.Lower), greatest = lr.Transform.ToReal(lr.Upper);
        foreach (double rate in new[] { 1, 3, 1e10 })
        {
            LoopResult<DenseVector<double>> result = Loop(Zoo.Create("log-cosh"), Rules.Create(rule), form, rate, 200, h => h.Name == "lr" ? h with { Tuned = true } : h, null).Run();
            Assert.IsTrue(result.Trajectory.Values("lr").All(x => x >= least * 0.999 && x <= greatest * 1.001), $"rate {rate}");
            Assert.IsTrue(result.FinalWeights.IsFinite());
        }
    }

    [TestMethod]
    public void A_rate_per_tensor_goes_by_its_own_tensor()
    {
        const double Rate = 0.1, Start = 0.05;
        Problem p = Zoo.Create("tanh-net");
        var rule = new SgdUpdate();
        var loop = new OnePassLoop<DenseVector<double>>(p.Objective, p.Training, null, new LoopOptions
        {
            Method = new HypergradientDescent(rate: Rate),
            Hyperparameters = [.. rule.Hyperparameters.Select(h => h.Name == "lr" ? h with { Initial = Start, Tuned = true, Granularity = Granularity.PerTensor } : h with { Initial = 0 })],
            Steps = 2,
        });
        ILinearization<DenseVector<double>> point = p.Objective.CreateLinearization();
        DenseVector<double> w = p.Objective.CreateVector(), first = p.Objective.CreateVector(), second = p.Objective.CreateVector();
        p.Objective.Initialize(w, 0);
        point.Gradient(w, p.Training.BatchAt(0), first);
        w.Combine(1, -Start, first);
        point.Gradient(w, p.Training.BatchAt(1), second);
        double[] expected = [.. p.Objective.Tensors.Select(t => Start * (1 + (Rate * second.Dot(first, t.Start, t.Length) / Math.Sqrt(second.Dot(second, t.Start, t.Length) * first.Dot(first, t.Start, t.Length)))))];
        loop.Run();
        double[] raw = new double[expected.Length];
        loop.Hyperparameters["lr"].CopyRawTo(raw);
        Assert.IsGreaterThan(1, expected.Distinct().Count());
        Numbers.AreClose(expected, Array.ConvertAll(raw, Transform.Log10.ToReal), 1e-12);
    }

    [TestMethod]
    [DataRow(0.0)]
    [DataRow(-1.0)]
    [DataRow(double.NaN)]
    [DataRow(double.PositiveInfinity)]
    public void Rate_must_be_finite_and_above_zero(double rate) =>
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new HypergradientDescent(rate: rate));

    private static OnePassLoop<DenseVector<double>> Loop(Problem p, UpdateRule rule, HypergradientDescentForm form, double rate, int steps, Func<Hyperparameter, Hyperparameter> change, double[]? start) =>
        new(p.Objective, p.Training, null, new LoopOptions
        {
            Rule = rule,
            Method = new HypergradientDescent(form, rate),
            Hyperparameters = [.. rule.Hyperparameters.Select(change)],
            Steps = steps,
            InitialWeights = start,
        });
}
