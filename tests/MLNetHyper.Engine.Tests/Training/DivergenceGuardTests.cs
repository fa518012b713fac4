namespace MLNetHyper.Engine.Tests;

[TestClass]
public sealed class DivergenceGuardTests
{
    private static IEnumerable<object[]> MethodsAndRules => Methods.WithRules;

    /// <summary>A mixture's shares may be zero.</summary>
    private static readonly string[] _shares = [.. new MixtureUpdate().Hyperparameters.Where(h => h.Lower == 0 && h.Upper == 1).Select(h => h.Name)];

    private static IEnumerable<object[]> MethodNames => Methods.Names.Select(m => new object[] { m });

    [TestMethod]
    [DynamicData(nameof(MethodsAndRules))]
    public void Learning_rate_one_at_curvature_one_hundred_is_survived(string method, string rule)
    {
        var p = new Problem(QuadraticObjective.Diagonal([100, 100, 1], [1, 2, 3], Problem.Examples));
        LoopOptions options = Methods.Options(method, rule);
        options = options with { Steps = 600, Hyperparameters = [.. options.Definitions.Select(h => h.Name == "lr" ? h with { Initial = 1 } : h)] };
        LoopResult<DenseVector<double>> result = Loops.Run(p, options);
        AllFinite(result);
        // The scale of these forms' rate is that of a squared gradient: here they leap between their bounds until the guard gives up.
        if (method is not ("hypergradient-descent-additive" or "hypergradient-descent-log"))
            Assert.AreEqual(TrainingStatus.Completed, result.Status);
        // Adam's steps are as long as the learning rate whatever the curvature, others find theirs: they do not explode.
        if (Rules.Create(rule) is SgdUpdate or ScheduleFreeUpdate { HasCoupledWeightDecay: true })
            Assert.IsGreaterThan(0, result.Rollbacks);
    }

    [TestMethod]
    public void Each_rollback_halves_even_a_fixed_learning_rate_and_restores_weights_known_to_be_good()
    {
        Problem p = Zoo.Create("log-cosh");
        var objective = new SabotagedObjective(p.Objective) { OnGradient = (number, _) => number >= 11 ? double.NaN : 0 };
        LoopOptions options = Methods.Options("hypergradient-descent", "sgd") with { Method = new Fixed(), Hyperparameters = null, Steps = 12 };
        OnePassLoop<DenseVector<double>> loop = new(objective, p.Training, null, options);
        LoopResult<DenseVector<double>> result = loop.Run();
        Assert.AreEqual(2, result.Rollbacks, "each bad step ends its window at once");
        Assert.AreEqual(0.1 / 4, loop.Hyperparameters["lr"].Mean, 1e-15);
        // Those of step 10 stand at the end of the last good window, and no window has confirmed them.
        CollectionAssert.AreEqual(new Simulation(p, options.Rule, options.Definitions, options.Seed).Run(10 - options.TuningInterval).Weights.ToArray(), result.FinalWeights.ToArray());
    }

    [TestMethod]
    [DataRow(double.NaN)]
    [DataRow(double.PositiveInfinity)]
    [DataRow(double.NegativeInfinity)]
    public void A_bad_batch_now_and_then_is_survived_by_every_method_and_rule(double harm)
    {
        foreach (object[] pair in Methods.WithRules)
        {
            Problem p = Zoo.Create("tanh-net");
            var objective = new SabotagedObjective(p.Objective) { OnGradient = (number, batch) => batch.Count == 4 && number % 47 == 0 ? harm : 0 };
            LoopResult<DenseVector<double>> result = Loops.Run(p, Methods.Options((string)pair[0], (string)pair[1]) with { Steps = 400 }, objective);
            AllFinite(result);
            Assert.IsGreaterThan(0, result.Rollbacks);
            Assert.AreEqual(TrainingStatus.Completed, result.Status, $"{pair[0]} {pair[1]}");
            Assert.IsLessThan(result.Trajectory.TrainingLosses[0], result.Trajectory.TrainingLosses.Last(double.IsFinite));
        }
    }

    [TestMethod]
    [DynamicData(nameof(MethodsAndRules))]
    public void An_objective_without_a_single_number_ends_as_diverged_with_finite_weights(string method, string rule)
    {
        Problem p = Zoo.Create("tanh-net");
        var objective = new SabotagedObjective(p.Objective) { OnGradient = (_, _) => double.NaN };
        LoopResult<DenseVector<double>> result = Loops.Run(p, Methods.Options(method, rule) with { Steps = 100_000 }, objective);
        Assert.AreEqual(TrainingStatus.Diverged, result.Status);
        Assert.IsTrue(result.Weights.IsFinite() && result.FinalWeights.IsFinite());
        Assert.IsLessThan(1000, result.Steps);
        AllFiniteValues(result);
    }

    [TestMethod]
    public void A_hypergradient_that_is_not_a_number_is_skipped()
    {
        foreach (string method in Methods.Names)
        {
            if (method is "fixed" || method.StartsWith("hypergradient", StringComparison.Ordinal))
                continue;
            Problem p = Zoo.Create("tanh-net");
            // The validation batch has 6 examples; its gradient is bad in the second window.
            int validations = 0;
            var objective = new SabotagedObjective(p.Objective) { OnGradient = (_, batch) => batch.Count == 6 && ++validations == 2 ? double.NaN : 0 };
            LoopResult<DenseVector<double>> result = Loops.Run(p, Methods.Options(method, "sgd") with { Steps = 20 }, objective);
            Assert.AreEqual(0, result.Rollbacks, "the weights are not to blame");
            foreach (Hyperparameter tuned in Rules.Tuned(new SgdUpdate(), names: Methods.Create(method).Tunes).Where(h => h.Tuned))
            {
                IReadOnlyList<double> values = result.Trajectory.Values(tuned.Name);
                Assert.IsTrue(values.All(double.IsFinite));
                Assert.AreNotEqual(values[0], values[1], method);
                Assert.AreEqual(values[1], values[2], $"{method}: nothing moves after the second window");
                Assert.AreNotEqual(values[2], values[3], $"{method}: and tuning goes on");
            }
            AllFinite(result, norms: false);
        }
    }

    [TestMethod]
    public void Products_that_are_not_numbers_are_skipped_and_forgotten()
    {
        foreach (string method in new[] { "neumann", "augmented-neumann", "unrolled", "forward", "implicit", "implicit-cg", "implicit-nystrom" })
        {
            Problem p = Zoo.Create("tanh-net");
            int products = 0;
            var objective = new SabotagedObjective(p.Objective) { OnProduct = () => ++products == 3 ? double.NaN : 0 };
            LoopResult<DenseVector<double>> result = Loops.Run(p, Methods.Options(method, "sgd") with { Steps = 50 }, objective);
            AllFinite(result, norms: false);
            Assert.IsLessThanOrEqualTo(1, result.Trajectory.HypergradientNorms("wd").Count(h => !double.IsFinite(h)), $"{method}: carried tangents start afresh");
            Assert.AreNotEqual(result.Trajectory.Values("wd")[^2], result.Trajectory.Values("wd")[^1], method);
        }
    }

    [TestMethod]
    public void After_a_rollback_adam_takes_no_longer_steps_than_at_its_start()
    {
        // The moments start from zero again, so their bias corrections must, too.
        var p = new Problem(QuadraticObjective.Diagonal([1, 1], [50, 80], Problem.Examples));
        var objective = new SabotagedObjective(p.Objective) { OnGradient = (number, _) => number == 31 ? double.NaN : 0 };
        var trace = new Weights();
        var rule = new AdamUpdate();
        var loop = new OnePassLoop<DenseVector<double>>(objective, p.Training, null, new LoopOptions { Rule = rule, Steps = 60, InitialWeights = [0, 0] }) { Observer = trace };
        Assert.AreEqual(1, loop.Run().Rollbacks);
        double[] first = trace.First;
        double rate = 0.01;
        for (int step = 1; step < 60; step++)
        {
            if (step == 31)
            {
                rate /= 2;
                continue;
            }
            Assert.IsLessThanOrEqualTo(rate * 1.001, Math.Abs(first[step] - first[step - 1]), $"step {step}");
        }
    }

    [TestMethod]
    public void An_explosion_in_the_last_step_of_a_good_window_is_undone_too()
    {
        // The window's losses are all from before the jump, so that the weights after it become the snapshot.
        var p = new Problem(QuadraticObjective.Diagonal([1, 1], [3, 3], Problem.Examples));
        var objective = new SabotagedObjective(p.Objective) { OnGradient = (number, _) => number == 50 ? 1e30 : 0 };
        LoopResult<DenseVector<double>> result = new OnePassLoop<DenseVector<double>>(objective, p.Training, null, new LoopOptions { Steps = 400 }).Run();
        Assert.AreEqual(TrainingStatus.Completed, result.Status);
        Assert.IsLessThan(10, result.Rollbacks);
        Assert.AreEqual(3, result.FinalWeights.Span[0], 0.1);
    }

    [TestMethod]
    public void Without_the_guard_what_diverges_diverges()
    {
        var p = new Problem(QuadraticObjective.Diagonal([100, 100], [1, 2], Problem.Examples));
        LoopResult<DenseVector<double>> result = Loops.Run(p, new LoopOptions
        {
            Hyperparameters = [.. new SgdUpdate().Hyperparameters.Select(h => h.Name == "lr" ? h with { Initial = 1 } : h)],
            Steps = 1000,
            Guard = false,
        });
        Assert.AreEqual(TrainingStatus.Completed, result.Status);
        Assert.AreEqual(0, result.Rollbacks);
        Assert.IsFalse(result.FinalWeights.IsFinite());
        Assert.IsTrue(result.Weights.IsFinite(), "the best weights are from before");
    }

    private static DivergenceGuard<DenseVector<double>> Guard(DenseVector<double> weights) => new(weights, [new("all", 0, weights.Length, 0)]);

    private static bool IsExplosion(DivergenceGuard<DenseVector<double>> guard, double loss, DenseVector<double> weights)
    {
        bool[] fallen = [false];
        guard.Judge([loss], weights, fallen);
        return fallen[0];
    }

    [TestMethod]
    public void Noise_around_a_small_loss_is_no_explosion()
    {
        var guard = Guard(new DenseVector<double>(1));
        var weights = new DenseVector<double>(1);
        guard.Accept([1], weights, [false]);
        guard.Accept([1e-6], weights, [false]);
        Assert.IsFalse(IsExplosion(guard, 1e-3, weights), "a thousand times worse, but far better than at the start");
        Assert.IsTrue(IsExplosion(guard, 4.1, weights));
        Assert.IsTrue(IsExplosion(guard, double.PositiveInfinity, weights));
        weights.Fill(double.NaN);
        Assert.IsTrue(IsExplosion(guard, 1e-6, weights), "weights count, not the loss alone");
    }

    [TestMethod]
    public void A_loss_that_creeps_up_is_undone_as_an_explosion_is()
    {
        // Never by much from window to window, so that a reference that follows would follow it anywhere.
        var weights = new DenseVector<double>(1);
        var guard = Guard(weights);
        guard.Begin(weights, [1], [1]);
        double loss = 0.3;
        while (!IsExplosion(guard, loss, weights))
        {
            weights.Fill(loss);
            guard.Accept([loss], weights, [false]);
            loss *= 1.05;
            Assert.IsLessThan(8, loss);
        }
        guard.RollBack(weights, [true]);
        Assert.IsLessThanOrEqualTo(1, weights.Span[0], "and the snapshot is from before it was worse than the start");
        Assert.IsFalse(IsExplosion(guard, 1.1, weights), "from there training goes on");
    }

    [TestMethod]
    public void A_start_far_worse_than_a_constant_does_not_excuse_what_comes_after_it()
    {
        var weights = new DenseVector<double>(1);
        var guard = Guard(weights);
        guard.Begin(weights, [1e6], [1]);
        foreach (double loss in new[] { 1e5, 1e3, 10, 0.5 })
        {
            Assert.IsFalse(IsExplosion(guard, loss, weights), "it gets better");
            guard.Accept([loss], weights, [false]);
        }
        Assert.IsTrue(IsExplosion(guard, 100, weights));
    }

    [TestMethod]
    [DataRow(true)]
    [DataRow(false)]
    public void A_jump_in_the_very_last_step_is_undone_with_or_without_validation(bool validates)
    {
        var p = new Problem(QuadraticObjective.Diagonal([1, 1], [3, 3], Problem.Examples));
        // Ten steps a window; the jump's own loss is of before it. Without validation a window more is needed to see it.
        var objective = new SabotagedObjective(p.Objective) { OnGradient = (number, _) => number == (validates ? 50 : 45) ? 1e12 : 0 };
        LoopResult<DenseVector<double>> result = new OnePassLoop<DenseVector<double>>(objective, p.Training, validates ? p.Validation : null, new LoopOptions { Steps = 50 }).Run();
        Assert.IsLessThan(p.ValidationLoss(new(2)), p.ValidationLoss(result.FinalWeights));
    }

    [TestMethod]
    [DynamicData(nameof(MethodNames))]
    public void No_learning_rate_is_so_bad_that_the_end_is_worse_than_the_start(string method)
    {
        foreach (LearningTask task in Enum.GetValues<LearningTask>())
        {
            PreparedData<float> data = DataPreparation.Prepare<float>(TrainingTables.Create(task), TrainingTables.Options with { Task = task });
            foreach ((double lr, double momentum) in new[] { (10, 0.9), (1e3, 0.999), (0.1, 0.999), (1e3, 0.1) })
            {
                string what = $"{method}, {task}, lr {lr}, momentum {momentum}";
                Architecture architecture = Tasks.Architecture(data.Target, data.Features.FeatureCount, [6], Activation.Relu);
                var objective = new NetworkObjective<float>(architecture);
                SgdUpdate rule = new();
                LoopResult<DenseVector<float>> result = new OnePassLoop<DenseVector<float>>(objective,
                    objective.CreateBatchSource(data.Train, 32, 0, 6), objective.CreateBatchSource(data.Validation, 32, 0, 2), new LoopOptions
                    {
                        Method = Methods.Create(method),
                        Hyperparameters = [.. Rules.Tuned(rule, names: Methods.Create(method).Tunes).Select(h => h.Name switch
                        {
                            "lr" => h with { Initial = lr, Upper = 4 },
                            "momentum" => h.StartingAt(momentum),
                            _ => h with { Initial = 1e-4 },
                        })],
                        TuningInterval = 5,
                        Steps = 1500,
                    }).Run();
                DenseVector<float> start = objective.CreateVector();
                objective.Initialize(start, 0);
                Batch all = objective.CreateBatchSource(data.Validation, data.Validation.Count, null, 1).BatchAt(0);
                ILinearization<DenseVector<float>> linearization = objective.CreateLinearization();
                // The guard goes by losses of training batches, which are not quite those of the validation rows.
                double most = 1.3 * linearization.Loss(start, all);
                Assert.IsLessThan(most, result.BestValidationLoss, what);
                Assert.IsLessThan(most, linearization.Loss(result.Weights, all), what);
                Assert.IsLessThan(most, linearization.Loss(result.FinalWeights, all), what);
            }
        }
    }

    [TestMethod]
    [DynamicData(nameof(MethodNames))]
    public void Whatever_the_method_and_the_task_a_model_is_no_worse_than_a_constant(string method)
    {
        foreach (LearningTask task in Enum.GetValues<LearningTask>())
        {
            PreparedData<float> data = DataPreparation.Prepare<float>(TrainingTables.Create(task), TrainingTables.Options with { Task = task });
            foreach ((double lr, double momentum) in new[] { (1, 0.9), (1, 0.999), (0.1, 0.999) })
            {
                Architecture architecture = Tasks.Architecture(data.Target, data.Features.FeatureCount, [6], Activation.Relu);
                LoopResult<DenseVector<float>> result = OnePass.Train(architecture, data.Train, data.Validation,
                    OnePassRuns.Small with { Method = Methods.Create(method), Initial = new Dictionary<string, double> { ["lr"] = lr, ["momentum"] = momentum } });
                Assert.IsLessThanOrEqualTo(ConstantNetwork.Fit(architecture, data.Validation).Loss, result.BestValidationLoss, $"{method}, {task}, lr {lr}, momentum {momentum}");
            }
        }
    }

    [TestMethod]
    [DataRow(LearningTask.Regression)]
    [DataRow(LearningTask.Binary)]
    [DataRow(LearningTask.Multiclass)]
    public void Where_the_guard_finds_nothing_better_the_model_is_the_best_constant_and_says_so(LearningTask task)
    {
        OnePassOptions options = OnePassRuns.Small with { Steps = 20, Method = new Fixed(), Initial = new Dictionary<string, double> { ["lr"] = 1, ["momentum"] = 0.999 } };
        PreparedData<float> data = DataPreparation.Prepare<float>(TrainingTables.Create(task), TrainingTables.Options with { Task = task });
        Architecture architecture = Tasks.Architecture(data.Target, data.Features.FeatureCount, [6], Activation.Relu);
        // A start whose outputs overflow: no step leads away from it.
        double[] start = [.. Enumerable.Repeat(1e20, new NetworkShape(architecture).Length)];
        LoopResult<DenseVector<float>> result = OnePass.Train(architecture, data.Train, data.Validation, options with { InitialWeights = start });
        Assert.IsGreaterThan(0, result.Rollbacks);
        var objective = new NetworkObjective<float>(architecture);
        Batch all = objective.CreateBatchSource(data.Validation, data.Validation.Count, null, 1).BatchAt(0);
        Assert.AreEqual(ConstantNetwork.Fit(architecture, data.Validation).Loss, objective.CreateLinearization().Loss(result.Weights, all), 1e-5);
        Assert.AreEqual(result.BestValidationLoss, objective.CreateLinearization().Loss(result.Weights, all), 1e-5);
        Assert.Contains("constant", string.Join(' ', result.Warnings));
    }

    private static void AllFinite(LoopResult<DenseVector<double>> result, bool norms = true)
    {
        Assert.IsTrue(result.Weights.IsFinite() && result.FinalWeights.IsFinite());
        AllFiniteValues(result);
        if (norms)
            Assert.IsTrue(result.Trajectory.Names.All(n => result.Trajectory.HypergradientNorms(n).All(double.IsFinite)));
    }

    private static void AllFiniteValues(LoopResult<DenseVector<double>> result) =>
        Assert.IsTrue(result.Trajectory.Names.All(n => result.Trajectory.Values(n).All(x => double.IsFinite(x) && (x > 0 || (x == 0 && _shares.Contains(n))))));

    /// <summary>The first weight before every step.</summary>
    private sealed class Weights : ILoopObserver<DenseVector<double>>
    {
        private readonly List<double> _first = [];

        internal double[] First => [.. _first];

        public void OnStep(long step, double trainingLoss, DenseVector<double> weights) => _first.Add(weights.Span[0]);

        public void OnHyperparametersMoved(HyperparameterSet<DenseVector<double>> hyperparameters) { }
    }
}
