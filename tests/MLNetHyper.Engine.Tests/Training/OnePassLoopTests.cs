namespace MLNetHyper.Engine.Tests;

[TestClass]
public sealed class OnePassLoopTests
{
    private static IEnumerable<object[]> Everything => Methods.WithRulesAndProblems;

    private static IEnumerable<object[]> RuleNames => Rules.Names.Select(n => new object[] { n });

    private static IEnumerable<object[]> WindowMethodsAndRules => Methods.WithRules.Where(m => !((string)m[0]).StartsWith("hypergradient", StringComparison.Ordinal));

    [TestMethod]
    [DynamicData(nameof(Everything))]
    public void Every_method_with_every_rule_on_every_problem_learns_and_repeats_itself(string method, string rule, string problem)
    {
        LoopOptions options = Methods.Options(method, rule) with { Steps = 200 };
        LoopResult<DenseVector<double>> first = Loops.Run(Zoo.Create(problem), options);
        Assert.AreEqual(TrainingStatus.Completed, first.Status);
        Assert.AreEqual(200, first.Steps);
        Assert.AreEqual(40, first.Trajectory.Count);
        IReadOnlyList<double> losses = first.Trajectory.TrainingLosses;
        Assert.IsLessThan(0.9 * losses[0], losses[^1]);
        Assert.IsTrue(losses.All(double.IsFinite));
        Assert.IsTrue(first.Weights.IsFinite() && first.FinalWeights.IsFinite());
        foreach (string name in first.Trajectory.Names)
        {
            Assert.IsTrue(first.Trajectory.Values(name).All(double.IsFinite), name);
            Assert.IsTrue(first.Trajectory.HypergradientNorms(name).All(double.IsFinite), name);
        }
        Loops.AreSame(first, Loops.Run(Zoo.Create(problem), options));
    }

    [TestMethod]
    [DynamicData(nameof(RuleNames))]
    public void Without_tuning_the_loop_is_plain_training(string rule)
    {
        Problem p = Zoo.Create("tanh-net");
        LoopOptions options = Methods.Options("fixed", rule) with { Steps = 43 };
        CollectionAssert.AreEqual(new Simulation(p, options.Rule, options.Definitions, options.Seed).Run(43).Evaluated.ToArray(), Loops.Run(p, options).FinalWeights.ToArray());
    }

    [TestMethod]
    public void Hyperparameters_move_after_every_T_steps_and_not_between()
    {
        var trace = new Trace();
        var loop = new OnePassLoop<DenseVector<double>>(Zoo.Create("log-cosh").Objective, Zoo.Create("log-cosh").Training, Zoo.Create("log-cosh").Validation,
            Methods.Options("neumann", "sgd") with { TuningInterval = 7, Steps = 25 })
        { Observer = trace };
        trace.Loop = loop;
        LoopResult<DenseVector<double>> result = loop.Run();
        CollectionAssert.AreEqual(new long[] { 7, 14, 21 }, trace.MovedAt);
        CollectionAssert.AreEqual(new long[] { 7, 14, 21 }, result.Trajectory.Steps.ToArray());
        CollectionAssert.AreEqual(Enumerable.Range(0, 25).Select(i => (long)i).ToArray(), trace.Steps);
        double[] rates = trace.Rates;
        for (int i = 1; i < rates.Length; i++)
            Assert.AreEqual(i % 7 == 0, rates[i] != rates[i - 1], $"step {i}");
        CollectionAssert.AreEqual(new[] { rates[0], rates[7], rates[14] }, result.Trajectory.Values("lr").ToArray(), "a point tells what its window ran with");
    }

    [TestMethod]
    public void The_meta_optimizer_moves_raw_values_along_the_hypergradient()
    {
        Problem p = Zoo.Create("tanh-net");
        LoopOptions options = Methods.Options("unrolled", "nesterov") with { Steps = 5, MetaOptimizer = new SgdMetaOptimizer(0.01) };
        OnePassLoop<DenseVector<double>> loop = Loops.Create(p, options);
        double[] before = [.. loop.Hyperparameters.Select(v => v.Raw()[0])];
        loop.Run();
        for (int i = 0; i < before.Length; i++)
            Assert.AreEqual(before[i] - (0.01 * loop.Hyperparameters[i].Hypergradient()[0]), loop.Hyperparameters[i].Raw()[0], 1e-14);
    }

    [TestMethod]
    [DataRow(1e6)]
    [DataRow(1e-6)]
    public void Values_are_clamped_however_far_the_meta_optimizer_goes(double rate)
    {
        foreach (Granularity granularity in Enum.GetValues<Granularity>())
        {
            LoopOptions options = Methods.Options("neumann", "sgd", granularity) with { Steps = 100, MetaOptimizer = new SgdMetaOptimizer(rate) };
            OnePassLoop<DenseVector<double>> loop = Loops.Create(Zoo.Create("log-cosh"), options);
            loop.Run(new Callback(_ =>
            {
                foreach (HyperparameterValue<DenseVector<double>> value in loop.Hyperparameters)
                    Assert.IsTrue(value.Raw().All(r => r >= value.Definition.Lower && r <= value.Definition.Upper));
            }));
        }
    }

    [TestMethod]
    [DynamicData(nameof(WindowMethodsAndRules))]
    public void Replaying_the_schedule_gives_the_tuned_runs_weights(string method, string rule)
    {
        LoopOptions options = Methods.Options(method, rule) with { Steps = 123 };
        LoopResult<DenseVector<double>> tuned = Loops.Run(Zoo.Create("tanh-net"), options);
        LoopResult<DenseVector<double>> replay = Loops.Run(Zoo.Create("tanh-net"), options with { Method = new Fixed(), Hyperparameters = null, Schedule = tuned.Trajectory });
        // The last window, cut short, had values that no point tells of.
        LoopResult<DenseVector<double>> whole = Loops.Run(Zoo.Create("tanh-net"), options with { Steps = 120 });
        LoopResult<DenseVector<double>> wholeReplay = Loops.Run(Zoo.Create("tanh-net"), options with { Steps = 120, Method = new Fixed(), Hyperparameters = null, Schedule = tuned.Trajectory });
        Numbers.AreClose(whole.FinalWeights.Span, wholeReplay.FinalWeights.Span, 1e-11);
        Assert.AreEqual(TrainingStatus.Completed, replay.Status);
    }

    [TestMethod]
    public void A_schedule_with_rollbacks_replays_each_step_with_the_value_it_had()
    {
        // Windows cut short by bad batches shift all later ones.
        Problem p = Zoo.Create("quadratic");
        LoopOptions options = Methods.Options("neumann", "sgd") with { Steps = 80 };
        var trace = new Trace();
        var objective = new SabotagedObjective(p.Objective) { OnGradient = (number, _) => number % 19 == 4 ? double.NaN : 0 };
        var loop = new OnePassLoop<DenseVector<double>>(objective, p.Training, p.Validation, options) { Observer = trace };
        trace.Loop = loop;
        LoopResult<DenseVector<double>> tuned = loop.Run();
        Assert.IsGreaterThan(2, tuned.Rollbacks);
        var replayTrace = new Trace();
        var replay = new OnePassLoop<DenseVector<double>>(p.Objective, p.Training, p.Validation, options with { Method = new Fixed(), Hyperparameters = null, Schedule = tuned.Trajectory }) { Observer = replayTrace };
        replayTrace.Loop = replay;
        replay.Run();
        int halved = 0;
        for (int step = 0; step < 80; step += 5)
        {
            double ratio = replayTrace.Rates[step] / trace.Rates[step];
            // A window that was undone is replayed with the learning rate that followed.
            halved += Math.Abs(ratio - 0.5) < 1e-12 ? 1 : 0;
            Assert.IsTrue(Math.Abs(ratio - 1) < 1e-12 || Math.Abs(ratio - 0.5) < 1e-12, $"step {step}: {ratio}");
        }
        Assert.IsLessThanOrEqualTo(tuned.Rollbacks, halved);
    }

    [TestMethod]
    public void A_schedule_that_diverges_goes_on_at_the_rate_that_the_guard_has_left_it()
    {
        // The quadratic falls apart above 2 over its curvature, and this schedule has three times the rate that it would bear, in every window.
        Problem p = Zoo.Create("quadratic");
        LoopOptions options = Methods.Options("neumann", "sgd") with { Steps = 200 };
        LoopOptions plain = options with { Method = new Fixed(), Hyperparameters = [.. options.Definitions.Select(h => h with { Tuned = false })] };
        var schedule = new Trajectory(plain.Definitions.Select(h => h.Name), 1);
        schedule.Add(options.TuningInterval, 1, 1);
        for (int i = 0; i < plain.Definitions.Count; i++)
            schedule.AddHyperparameter(i, plain.Definitions[i].Name == "lr" ? 1e3 : plain.Definitions[i].Initial, 0);
        LoopResult<DenseVector<double>> result = Loops.Run(p, plain with { Schedule = schedule });
        Assert.AreEqual(TrainingStatus.Completed, result.Status);
        Assert.IsGreaterThan(3, result.Rollbacks);
        Assert.AreEqual(1e3 * Math.Pow(2, -result.Rollbacks), result.Trajectory.Values("lr")[^1], 1e-9);
        Assert.IsLessThan(result.Trajectory.TrainingLosses.First(double.IsFinite), result.Trajectory.TrainingLosses[^1]);
    }

    [TestMethod]
    public void A_schedule_is_not_followed_by_a_method_that_would_change_it()
    {
        LoopOptions options = Methods.Options("neumann", "sgd") with { Steps = 10 };
        Trajectory schedule = Loops.Run(Zoo.Create("ridge"), options).Trajectory;
        Assert.Contains("'fixed'", Assert.ThrowsExactly<ArgumentException>(() => Loops.Create(Zoo.Create("ridge"), options with { Schedule = schedule })).Message);
    }

    [TestMethod]
    public void A_schedule_of_another_rule_is_refused()
    {
        Trajectory schedule = Loops.Run(Zoo.Create("ridge"), Methods.Options("neumann", "sgd") with { Steps = 10 }).Trajectory;
        ArgumentException e = Assert.ThrowsExactly<ArgumentException>(() => Loops.Create(Zoo.Create("ridge"), new LoopOptions { Rule = new AdamUpdate(), Steps = 10, Schedule = schedule }));
        Assert.Contains("schedule", e.Message);
        Assert.Contains("momentum", e.Message);
    }

    [TestMethod]
    public void A_schedule_of_means_is_not_followed_by_values_per_tensor_or_per_weight()
    {
        foreach (Granularity granularity in new[] { Granularity.PerTensor, Granularity.PerWeight })
        {
            LoopOptions options = Methods.Options("neumann", "sgd", granularity) with { Steps = 20 };
            Trajectory schedule = Loops.Run(Zoo.Create("tanh-net"), options).Trajectory;
            LoopOptions replay = options with { Method = new Fixed(), Schedule = schedule, Hyperparameters = [.. options.Definitions.Select(h => h with { Tuned = false })] };
            Assert.Contains("A schedule has one value of each hyperparameter, but 'lr'", Assert.ThrowsExactly<ArgumentException>(() => Loops.Create(Zoo.Create("tanh-net"), replay)).Message);
        }
    }

    [TestMethod]
    public void Weights_with_the_lowest_validation_loss_are_kept()
    {
        // Training pulls through the validation optimum, half way, and on to its own.
        var objective = new QuadraticObjective([Identity(), Identity()], [[4, 4], [2, 2]]);
        var p = new Problem(objective, new CyclicBatches(0, 1, 1), new CyclicBatches(1, 1, 1));
        LoopResult<DenseVector<double>> result = Loops.Run(p, new LoopOptions
        {
            Hyperparameters = [.. new SgdUpdate().Hyperparameters.Select(h => h with { Initial = h.Name == "lr" ? 0.01 : 0 })],
            InitialWeights = [0, 0],
            Steps = 1000,
        });
        Assert.AreEqual(70, result.BestStep, "1 - 0.99ⁿ is nearest to a half after 70 of the multiples of 10");
        Assert.AreEqual(4 * (1 - Math.Pow(0.99, 70)), result.Weights.Span[0], 1e-9);
        Assert.AreEqual(result.Trajectory.ValidationLosses.Min(), result.BestValidationLoss);
        Assert.AreEqual(4, result.FinalWeights.Span[0], 1e-3);
    }

    [TestMethod]
    public void The_last_weights_are_judged_too_however_rarely_the_validation_loss_is_measured()
    {
        // So much validation data that the loop measures its loss once in hundreds of windows.
        var p = new Problem(QuadraticObjective.Diagonal([1, 1], [3, 3], 2000), new CyclicBatches(0, 1, 1), new CyclicBatches(0, 2000, 100));
        LoopResult<DenseVector<double>> result = Loops.Run(p, new LoopOptions { Steps = 100, TuningInterval = 5 });
        Assert.AreEqual(100, result.BestStep);
        Assert.AreEqual(p.Objective.CreateLinearization().Loss(result.FinalWeights, p.Training.BatchAt(0)), result.BestValidationLoss, 1e-12);
    }

    [TestMethod]
    public void Training_that_ends_inside_its_first_window_reports_the_validation_loss()
    {
        LoopResult<DenseVector<double>> result = Loops.Run(Zoo.Create("ridge"), new LoopOptions { Steps = 3, TuningInterval = 10 });
        Assert.AreEqual(Zoo.Create("ridge").ValidationLoss(result.FinalWeights), result.BestValidationLoss, 1e-15);
        Assert.AreEqual(3, result.BestStep);
    }

    [TestMethod]
    public void Patience_ends_a_run_that_no_longer_improves()
    {
        var objective = new QuadraticObjective([Identity(), Identity()], [[4, 4], [2, 2]]);
        var p = new Problem(objective, new CyclicBatches(0, 1, 1), new CyclicBatches(1, 1, 1));
        LoopResult<DenseVector<double>> result = Loops.Run(p, new LoopOptions
        {
            Hyperparameters = [.. new SgdUpdate().Hyperparameters.Select(h => h with { Initial = h.Name == "lr" ? 0.01 : 0 })],
            InitialWeights = [0, 0],
            Steps = 1000,
            Patience = 45,
        });
        Assert.AreEqual(TrainingStatus.StoppedEarly, result.Status);
        Assert.AreEqual(70, result.BestStep);
        Assert.AreEqual(130, result.Steps, "the first measurement, at every other window, that is 45 steps late");
    }

    [TestMethod]
    public void Patience_does_not_run_out_between_two_measurements()
    {
        var p = new Problem(QuadraticObjective.Diagonal([1, 1], [3, 3], 500), new CyclicBatches(0, 1, 1), new CyclicBatches(0, 500, 100));
        LoopResult<DenseVector<double>> result = Loops.Run(p, new LoopOptions
        {
            Hyperparameters = [.. new SgdUpdate().Hyperparameters.Select(h => h with { Initial = h.Name == "lr" ? 1e-4 : 0 })],
            Steps = 20_000,
            Patience = 50,
        });
        Assert.AreEqual(TrainingStatus.Completed, result.Status, "the loss falls at every measurement");
    }

    [TestMethod]
    public void Time_budget_ends_a_run()
    {
        // Read once before each step: the sixtieth reading finds the budget spent.
        var clock = new ManualClock(TimeSpan.FromMilliseconds(1));
        LoopResult<DenseVector<double>> result = Loops.Run(Zoo.Create("tanh-net"), Methods.Options("forward", "sgd") with { Steps = null, TimeBudget = TimeSpan.FromMilliseconds(60), Clock = clock });
        Assert.AreEqual(TrainingStatus.TimeBudgetSpent, result.Status);
        Assert.AreEqual(59, result.Steps);
        Assert.AreEqual(TimeSpan.FromMilliseconds(61), result.Elapsed);
    }

    [TestMethod]
    [DataRow(1)]
    [DataRow(4)]
    [DataRow(5)]
    [DataRow(17)]
    public void Cancellation_takes_effect_within_one_step(int at)
    {
        Problem p = Zoo.Create("tanh-net");
        foreach (string method in Methods.Names)
        {
            using var source = new CancellationTokenSource();
            int training = 0;
            var objective = new SabotagedObjective(p.Objective)
            {
                OnGradient = (_, batch) =>
                {
                    if (batch.Count == 4 && ++training == at)
                        source.Cancel();
                    return 0;
                },
            };
            LoopResult<DenseVector<double>> result = Loops.Create(p, Methods.Options(method, "sgd") with { Steps = 1000 }, objective).Run(cancellation: source.Token);
            Assert.AreEqual(TrainingStatus.Canceled, result.Status, method);
            Assert.IsLessThanOrEqualTo(at, result.Steps, method);
            Assert.IsTrue(result.Weights.IsFinite());
        }
    }

    [TestMethod]
    public void A_token_canceled_before_the_start_takes_no_step()
    {
        LoopResult<DenseVector<double>> result = Loops.Create(Zoo.Create("ridge"), new LoopOptions { Steps = 5 }).Run(cancellation: new CancellationToken(canceled: true));
        Assert.AreEqual(TrainingStatus.Canceled, result.Status);
        Assert.AreEqual(0, result.Steps);
        Assert.IsTrue(result.Weights.IsFinite());
    }

    [TestMethod]
    public void Progress_is_told_of_every_window()
    {
        var reports = new List<TrainingProgress>();
        LoopResult<DenseVector<double>> result = Loops.Create(Zoo.Create("ridge"), Methods.Options("neumann", "sgd") with { Steps = 20 }).Run(new Callback(reports.Add));
        Assert.AreEqual("5 10 15 20", string.Join(' ', reports.Select(r => r.Step)));
        CollectionAssert.AreEqual(result.Trajectory.TrainingLosses.ToArray(), reports.Select(r => r.TrainingLoss).ToArray());
        CollectionAssert.AreEqual(result.Trajectory.ValidationLosses.ToArray(), reports.Select(r => r.ValidationLoss).ToArray());
        Assert.AreEqual("lr wd momentum", string.Join(' ', reports[0].Hyperparameters.Select(h => h.Name)));
        Assert.IsTrue(reports.All(r => r.Steps == 20));
    }

    [TestMethod]
    public void Methods_that_tune_on_validation_data_say_that_there_are_none()
    {
        Problem p = Zoo.Create("ridge");
        foreach (string method in Methods.Names)
        {
            LoopOptions options = Methods.Options(method, "sgd") with { Steps = 10 };
            if (method.StartsWith("hypergradient", StringComparison.Ordinal) || method == "fixed")
            {
                LoopResult<DenseVector<double>> result = new OnePassLoop<DenseVector<double>>(p.Objective, p.Training, null, options).Run();
                Assert.AreEqual(double.NaN, result.BestValidationLoss);
                Assert.AreSame(result.FinalWeights, result.Weights);
                continue;
            }
            ArgumentException e = Assert.ThrowsExactly<ArgumentException>(() => new OnePassLoop<DenseVector<double>>(p.Objective, p.Training, null, options));
            Assert.Contains("Set some rows aside", e.Message);
        }
    }

    private static double[,] Identity() => new double[,] { { 1, 0 }, { 0, 1 } };

    /// <summary>Which steps were taken, with which learning rate, and after how many steps the hyperparameters moved.</summary>
    private sealed class Trace : ILoopObserver<DenseVector<double>>
    {
        private readonly List<long> _steps = [];
        private readonly List<long> _moved = [];
        private readonly List<double> _rates = [];

        internal OnePassLoop<DenseVector<double>>? Loop { get; set; }

        internal long[] Steps => [.. _steps];

        internal long[] MovedAt => [.. _moved];

        internal double[] Rates => [.. _rates];

        public void OnStep(long step, double trainingLoss, DenseVector<double> weights)
        {
            _steps.Add(step);
            _rates.Add(Loop!.Hyperparameters["lr"].Mean);
        }

        public void OnHyperparametersMoved(HyperparameterSet<DenseVector<double>> hyperparameters) => _moved.Add(_steps.Count);
    }
}
