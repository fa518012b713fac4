namespace MLNetHyper.Engine.Tests;

/// <summary>The derivatives by a schedule's values: of finite differences, of reverse mode, of the plain recursion with its clamps, and of the steps one by one.</summary>
[TestClass]
public sealed class ForwardSharingTests
{
    private static readonly ForwardSharing _exact = new(3, 2, 4, passes: 1, gradientClamp: double.PositiveInfinity, productClamp: double.PositiveInfinity);

    private static IEnumerable<object[]> RulesAndProblems =>
        from rule in Rules.Names where Rules.Create(rule) is SgdUpdate from problem in Zoo.Names select new object[] { rule, problem };

    [TestMethod]
    [DynamicData(nameof(RulesAndProblems))]
    public void Hypergradients_of_windows_are_finite_differences_of_training(string rule, string problem) =>
        MatchesFiniteDifferences(_exact, rule, problem);

    [TestMethod]
    [DataRow("tanh-net", 0.3)]
    [DataRow("ridge", 0.5)]
    public void Clamped_gradients_are_differentiated(string problem, double clamp) =>
        MatchesFiniteDifferences(new(3, 2, 4, passes: 1, clamp, productClamp: double.PositiveInfinity), "sgd", problem, difference: 1e-6);

    [TestMethod]
    [DataRow("tanh-net")]
    [DataRow("log-cosh")]
    public void They_are_those_of_reverse_mode_through_a_hundred_steps(string problem)
    {
        const int steps = 100;
        (SharedSchedule schedule, Simulation simulation) = (Run(_exact, "sgd", problem, steps), Plain("sgd", problem));
        Problem p = Zoo.Create(problem);
        List<(double[] Weights, double[] Momentum, double[] Next, double[,] Hessian)> tape = [];
        for (int step = 0; step < steps; step++)
        {
            double[] w = simulation.Weights.ToArray(), m = simulation.State[0].ToArray();
            double[,] hessian = p.CurvatureMatrix(simulation.Weights, p.Training.BatchAt(step));
            Follow(simulation, schedule, step, steps);
            simulation.Run(1);
            tape.Add((w, m, simulation.State[0].ToArray(), hessian));
        }
        double[] a = p.ValidationGradient(simulation.Weights).ToArray(), b = new double[a.Length];
        Dictionary<string, double[]> expected = schedule.Rows.ToDictionary(row => row.Definition.Name, row => new double[row.Count]);
        for (int step = steps - 1; step >= 0; step--)
        {
            (double[] w, double[] m, double[] next, double[,] hessian) = tape[step];
            schedule.MoveTo(step);
            double Value(string name) => Row(schedule, name).Value;
            ref double Of(string name) => ref expected[name][Row(schedule, name).Window];
            Of("lr") -= Dot(a, next);
            b = [.. b.Select((x, i) => x - (Value("lr") * a[i]))];
            Of("momentum") += Dot(b, m);
            Of("wd") += Dot(b, w);
            a = [.. a.Select((x, i) => x + (Value("wd") * b[i]) + b.Select((y, k) => hessian[i, k] * y).Sum())];
            b = [.. b.Select(x => Value("momentum") * x)];
        }
        foreach (SharedRow row in schedule.Rows)
            Numbers.AreClose(expected[row.Definition.Name], row.Hypergradients, 1e-9, row.Definition.Name);
    }

    [TestMethod]
    [DynamicData(nameof(RulesAndProblems))]
    public void With_one_window_they_are_the_sum_over_the_steps_and_more_windows_divide_it(string rule, string problem)
    {
        const int steps = 40;
        var one = new ForwardSharing(1, 1, 1, passes: 1, double.PositiveInfinity, double.PositiveInfinity);
        Dictionary<string, double[]> reverse = Estimates.Of(Zoo.Create(problem), Rules.Create(rule), new Unrolled(steps), Definitions(rule), steps);
        SharedSchedule whole = Run(one, rule, problem, steps, differ: false), divided = Run(_exact, rule, problem, steps, differ: false);
        foreach (SharedRow row in whole.Rows)
        {
            double[] sum = [divided.Rows.Single(r => r.Index == row.Index).Hypergradients.ToArray().Sum()];
            Numbers.AreClose(reverse[row.Definition.Name], row.Hypergradients, 1e-9, row.Definition.Name);
            Numbers.AreClose(reverse[row.Definition.Name], sum, 1e-9, row.Definition.Name);
        }
    }

    [TestMethod]
    public void Windows_that_never_begin_have_hypergradients_of_exactly_zero()
    {
        Problem p = Zoo.Create("tanh-net");
        // A run of half the steps that the schedule is of.
        SharedSchedule schedule = new ForwardSharing(4, 4, 4, passes: 1).CreateSchedule(Definitions("sgd"), 40);
        Loop(p, "sgd", _exact, schedule, 20).Run();
        foreach (SharedRow row in schedule.Rows)
            CollectionAssert.AreEqual((bool[])[true, true, false, false], row.Hypergradients.ToArray().Select(h => h != 0).ToArray(), row.Definition.Name);
    }

    [TestMethod]
    public void Products_and_gradients_are_clamped_as_in_the_plain_recursion()
    {
        const int steps = 30;
        const double gradientClamp = 0.4, productClamp = 0.3;
        Problem p = Zoo.Create("tanh-net");
        SharedSchedule schedule = Run(new(3, 2, 4, passes: 1, gradientClamp, productClamp), "sgd", "tanh-net", steps);
        Simulation simulation = Plain("sgd", "tanh-net", gradientClamp);
        int n = simulation.Weights.Length, clamped = 0;
        ILinearization<DenseVector<double>> linearization = p.Objective.CreateLinearization();
        var gradient = new DenseVector<double>(n);
        Dictionary<string, double[][]> z = schedule.Rows.ToDictionary(row => row.Definition.Name, row => Zeros(row.Count, n)), c = schedule.Rows.ToDictionary(row => row.Definition.Name, row => Zeros(row.Count, n));
        for (int step = 0; step < steps; step++)
        {
            Follow(simulation, schedule, step, steps);
            double[] w = simulation.Weights.ToArray(), m = simulation.State[0].ToArray();
            double[,] hessian = p.CurvatureMatrix(simulation.Weights, p.Training.BatchAt(step));
            linearization.Gradient(simulation.Weights, p.Training.BatchAt(step), gradient);
            simulation.Run(1);
            double lr = Row(schedule, "lr").Value, momentum = Row(schedule, "momentum").Value, wd = Row(schedule, "wd").Value;
            foreach (SharedRow row in schedule.Rows)
            {
                string name = row.Definition.Name;
                for (int j = 0; j <= row.Window; j++)
                {
                    double[] old = [.. z[name][j]];
                    for (int i = 0; i < n; i++)
                    {
                        double product = Math.Abs(gradient.Span[i]) > gradientClamp ? 0 : Enumerable.Range(0, n).Sum(k => hessian[i, k] * old[k]);
                        clamped += Math.Abs(product) > productClamp ? 1 : 0;
                        c[name][j][i] = (momentum * c[name][j][i]) + Math.Clamp(product, -productClamp, productClamp) + (wd * old[i]) + (j < row.Window ? 0 : name == "wd" ? w[i] : name == "momentum" ? m[i] : 0);
                        z[name][j][i] = old[i] - (lr * c[name][j][i]) - (j == row.Window && name == "lr" ? simulation.State[0].Span[i] : 0);
                    }
                }
            }
        }
        double[] v = p.ValidationGradient(simulation.Weights).ToArray();
        foreach (SharedRow row in schedule.Rows)
            Numbers.AreClose([.. z[row.Definition.Name].Select(column => Dot(v, column))], row.Hypergradients, 1e-9, row.Definition.Name);
        Assert.IsGreaterThan(10, clamped);
    }

    [TestMethod]
    public void Windows_cover_the_run_in_equal_parts()
    {
        SharedSchedule schedule = new ForwardSharing(7, 1, 3).CreateSchedule(Definitions("sgd"), 50);
        for (int step = 0; step < 50; step++)
        {
            schedule.MoveTo(step);
            Assert.AreEqual((7 * step / 50, 0, 3 * step / 50), (Row(schedule, "lr").Window, Row(schedule, "momentum").Window, Row(schedule, "wd").Window));
        }
    }

    [TestMethod]
    public void Values_step_against_the_sign_halve_where_it_flips_and_stay_within_their_bounds()
    {
        SharedSchedule schedule = new ForwardSharing(4, 1, 1).CreateSchedule(SeveralPasses<DenseVector<double>>.HyperparametersFor(new SgdUpdate()), 40);
        void Move(double[] rates, double momentum, double decay)
        {
            rates.CopyTo(Row(schedule, "lr").Hypergradients);
            Row(schedule, "momentum").Hypergradients[0] = momentum;
            Row(schedule, "wd").Hypergradients[0] = decay;
            schedule.Move();
        }
        Assert.IsFalse(schedule.HasSettled);
        Move([-1e-30, double.NaN, 1, -1e30], momentum: -1, decay: -1);
        Numbers.AreClose([0.1, 0, 0, 0.1], Row(schedule, "lr").Values, 1e-12);
        Move([-1, -1, 1, 2], momentum: -1, decay: 1);
        Numbers.AreClose([0.2, 0.1, 0, 0.05], Row(schedule, "lr").Values, 1e-12);
        Numbers.AreClose([1.5e-4], Row(schedule, "wd").Values, 1e-12);
        Move([1, 0, 0, 3], momentum: -1, decay: 1);
        Numbers.AreClose([0.15, 0.1, 0, 0], Row(schedule, "lr").Values, 1e-12, "no sign, no step; the size that was halved stays");
        for (int i = 0; i < 100; i++)
            Move([-1, -1, -1, -1], momentum: -1, decay: -1);
        Assert.IsTrue(Row(schedule, "lr").Values.ToArray().All(lr => lr == 1), "the rule's own bound");
        Assert.IsTrue(Row(schedule, "momentum").Values[0] is > 0.99 and < 1);
        Assert.IsFalse(schedule.HasSettled);
        for (int i = 0; i < 20; i++)
            Move([i % 2 == 0 ? 1 : -1, 1 - (2 * (i % 2)), 1 - (2 * (i % 2)), 1 - (2 * (i % 2))], momentum: 1 - (2 * (i % 2)), decay: 1 - (2 * (i % 2)));
        Assert.IsTrue(schedule.HasSettled);
    }

    [TestMethod]
    public void Settings_out_of_range_are_refused()
    {
        foreach (Func<ForwardSharing> create in (Func<ForwardSharing>[])[() => new(0), () => new(momenta: 101), () => new(weightDecays: -1), () => new(passes: 0), () => new(passes: 1001), () => new(gradientClamp: 0), () => new(productClamp: double.NaN)])
            Assert.ThrowsExactly<ArgumentOutOfRangeException>(create);
    }

    /// <param name="method">The method.</param>
    /// <param name="rule">The update rule.</param>
    /// <param name="problem">The problem.</param>
    /// <param name="difference">Small enough that no element begins to be clamped.</param>
    private static void MatchesFiniteDifferences(ForwardSharing method, string rule, string problem, double difference = 1e-4)
    {
        const int steps = 20;
        SharedSchedule schedule = Run(method, rule, problem, steps);
        foreach (SharedRow row in schedule.Rows)
        {
            double[] expected = [.. Enumerable.Range(0, row.Count).Select(window => Numbers.Derivative(t =>
            {
                Simulation simulation = Plain(rule, problem, method.ElementClamp);
                for (int step = 0; step < steps; step++)
                {
                    Follow(simulation, schedule, step, steps);
                    if (row.Window == window)
                        simulation.Hyperparameters[row.Index].SetRaw(row.Value + t);
                    simulation.Run(1);
                }
                return simulation.ValidationLoss;
            }, difference))];
            Numbers.AreClose(expected, row.Hypergradients, 1e-6, row.Definition.Name);
        }
    }

    private static Simulation Plain(string rule, string problem, double? clamp = null) => new(Zoo.Create(problem), Rules.Create(rule), Definitions(rule)) { ElementClamp = clamp };

    private static void Follow(Simulation simulation, SharedSchedule schedule, int step, int steps)
    {
        schedule.MoveTo(Math.Min(step, steps - 1));
        foreach (SharedRow row in schedule.Rows)
            simulation.Hyperparameters[row.Index].SetRaw(row.Value);
    }

    /// <summary>A schedule, after a run along it.</summary>
    private static SharedSchedule Run(ForwardSharing method, string rule, string problem, int steps, bool differ = true)
    {
        SharedSchedule schedule = method.CreateSchedule(Definitions(rule), steps);
        // A step of the search, so that windows that are neighbors are not alike.
        foreach (SharedRow row in schedule.Rows)
        {
            for (int j = 0; differ && j < row.Count; j++)
                row.Hypergradients[j] = row.Definition.Name == "lr" ? j % 2 : j % 2 == 0 ? -1 : 0;
        }
        schedule.Move();
        LoopResult<DenseVector<double>> result = Loop(Zoo.Create(problem), rule, method, schedule, steps).Run();
        Assert.AreEqual(TrainingStatus.Completed, result.Status);
        return schedule;
    }

    private static OnePassLoop<DenseVector<double>> Loop(Problem problem, string rule, ForwardSharing method, SharedSchedule schedule, int steps) =>
        new(problem.Objective, problem.Training, problem.Validation, new LoopOptions
        {
            Rule = Rules.Create(rule),
            Method = method,
            Hyperparameters = Definitions(rule),
            ElementClamp = method.ElementClamp,
            Shared = schedule,
            TuningInterval = 1,
            Steps = steps,
            Guard = false,
        });

    private static Hyperparameter[] Definitions(string rule) =>
        [.. SeveralPasses<DenseVector<double>>.HyperparametersFor(Rules.Create(rule)).Zip(Rules.Tuned(Rules.Create(rule)), (h, start) => h with { Initial = start.Initial })];

    private static SharedRow Row(SharedSchedule schedule, string name) => schedule.Rows.Single(row => row.Definition.Name == name);

    private static double Dot(double[] x, double[] y) => x.Zip(y, (a, b) => a * b).Sum();

    private static double[][] Zeros(int count, int length) => [.. Enumerable.Range(0, count).Select(_ => new double[length])];
}
