namespace MLNetHyper.Engine.Tests;

/// <summary>A schedule that is learned from whole runs: what comes out, and how the runs end.</summary>
[TestClass]
public sealed class SeveralPassesTests
{
    private static readonly LoopOptions _options = new()
    {
        Method = new ForwardSharing(3, 1, 2, passes: 4),
        Hyperparameters = SeveralPasses<DenseVector<double>>.HyperparametersFor(new SgdUpdate()),
        TuningInterval = 5,
        Steps = 48,
        Seed = 3,
    };

    [TestMethod]
    public void The_last_run_follows_the_learned_schedule_and_all_work_is_counted()
    {
        SeveralPasses<DenseVector<double>> passes = Create(_options);
        LoopResult<DenseVector<double>> result = passes.Run();
        Assert.AreEqual((TrainingStatus.Completed, 48L, 9), (result.Status, result.Steps, result.Trajectory.Count));
        // A window of the loop runs with what its first step has.
        for (int i = 0; i < result.Trajectory.Count; i++)
            Assert.AreEqual(passes.Schedule["lr"][3 * (5 * i) / 48], result.Trajectory.Values("lr")[i]);
        // The same by hand: from the options' seed, along these values.
        Simulation simulation = new(Zoo.Create("tanh-net"), new SgdUpdate(), _options.Hyperparameters!, _options.Seed);
        for (int step = 0; step < 48; step++)
        {
            foreach ((string name, IReadOnlyList<double> values) in passes.Schedule)
                simulation.Hyperparameters[name].SetRaw(values[step / 5 * 5 * values.Count / 48]);
            simulation.Run(1);
        }
        Numbers.AreClose(simulation.Weights.Span, result.FinalWeights.Span, 1e-12);
        // Windows that have begun in each of a pass's steps, at two gradients for each, and validation besides; then a plain run.
        double columns = Enumerable.Range(0, 48).Sum(step => (3 * (step / 5 * 5) / 48) + 1 + 1 + (2 * (step / 5 * 5) / 48) + 1);
        Assert.IsInRange(5 * 48 + (4 * 2 * columns), 1.2 * (5 * 48 + (4 * 2 * columns)), result.GradientEvaluations);
    }

    [TestMethod]
    [DynamicData(nameof(Problems))]
    public void Passes_bring_the_loss_down(string problem)
    {
        LoopResult<DenseVector<double>> one = Run(_options with { Method = new ForwardSharing(passes: 1) }, problem), ten = Run(_options with { Method = new ForwardSharing() }, problem);
        Assert.IsLessThan(one.BestValidationLoss, ten.BestValidationLoss);
    }

    private static IEnumerable<object[]> Problems => Zoo.Names.Where(name => name != "scaled").Select(name => new object[] { name });

    [TestMethod]
    public void The_same_seed_gives_the_same_bits_and_another_does_not()
    {
        LoopResult<DenseVector<double>> first = Run(_options);
        Loops.AreSame(first, Run(_options));
        CollectionAssert.AreNotEqual(first.Weights.ToArray(), Run(_options with { Seed = 4 }).Weights.ToArray());
    }

    /// <summary>A resumed run makes its first pass on a loop of its own, the uninterrupted one on a loop that has made others: a pass leaves nothing to the next but the schedule.</summary>
    [TestMethod]
    public void Stopped_in_any_pass_and_resumed_it_is_the_uninterrupted_one()
    {
        using var folder = new TemporaryFolder();
        LoopResult<DenseVector<double>> whole = Run(_options);
        foreach (int at in (int[])[10, 60, 48 + 45, 150, 200])
        {
            LoopOptions saved = _options with { CheckpointPath = folder[$"{at}"], CheckpointInterval = TimeSpan.Zero };
            Assert.AreEqual(TrainingStatus.Canceled, StopAt(saved, at).Status);
            LoopResult<DenseVector<double>> resumed = Run(saved);
            Loops.AreSame(whole, resumed, $"{at}");
            Assert.AreEqual(at / 48 * 48, resumed.ResumedFrom);
        }
        Run(_options with { CheckpointPath = folder["10"] });
        LoopOptions other = _options with { CheckpointPath = folder["other"], CheckpointInterval = TimeSpan.Zero };
        StopAt(other, 60);
        Assert.Contains("steps of a pass is '48' there, but '50' here", Assert.ThrowsExactly<CheckpointException>(() => Create(other with { Steps = 50 })).Message);
    }

    [TestMethod]
    public void Canceled_it_has_the_best_of_the_runs_so_far()
    {
        // The first pass has a learning rate of zero, and one step of the third has learned less than all of the second.
        LoopResult<DenseVector<double>> canceled = StopAt(_options, 101), second = StopAt(_options, 95);
        Assert.AreEqual(TrainingStatus.Canceled, canceled.Status);
        Assert.IsLessThanOrEqualTo(second.BestValidationLoss, canceled.BestValidationLoss);
        Assert.AreEqual(canceled.BestValidationLoss, Zoo.Create("tanh-net").ValidationLoss(canceled.Weights), 1e-15);
        Assert.AreEqual(TrainingStatus.Canceled, Create(_options).Run(cancellation: new(canceled: true)).Status);
    }

    [TestMethod]
    public void A_time_budget_is_that_of_all_passes()
    {
        LoopOptions timed = _options with { TimeBudget = TimeSpan.FromMilliseconds(200), Clock = new ManualClock(TimeSpan.FromMilliseconds(1)) };
        LoopResult<DenseVector<double>> result = Run(timed);
        Assert.AreEqual(TrainingStatus.TimeBudgetSpent, result.Status);
        Assert.IsInRange(200, 230, result.Elapsed.TotalMilliseconds);
        Assert.IsTrue(result.Weights.IsFinite());
    }

    [TestMethod]
    public void Progress_counts_the_steps_of_all_passes()
    {
        List<TrainingProgress> reports = [];
        Create(_options).Run(new Callback(reports.Add));
        // Four that learn, the one that follows, and another one, since a pass had done better.
        CollectionAssert.AreEqual(Enumerable.Range(0, 6).SelectMany(pass => Enumerable.Range(1, 9).Select(i => (48L * pass) + (5 * i))).ToArray(), reports.Select(r => r.Step).ToArray());
        Assert.IsTrue(reports.TrueForAll(r => r.Steps == (r.Step <= 5 * 48 ? 5 : 6) * 48));
    }

    [TestMethod]
    public void A_window_that_diverges_halves_its_learning_rate()
    {
        LoopOptions wild = _options with { Hyperparameters = [.. _options.Hyperparameters!.Select(h => h.Name == "lr" ? h with { Initial = 100, Upper = 100 } : h)] };
        SeveralPasses<DenseVector<double>> passes = Create(wild, "ridge");
        LoopResult<DenseVector<double>> result = passes.Run();
        Assert.IsTrue(result.Weights.IsFinite() && passes.Schedule["lr"].All(double.IsFinite));
        Assert.IsTrue(passes.Schedule["lr"][0] < 10);
        // Without the guard the pass diverges, and says nothing of the values.
        LoopResult<DenseVector<double>> lost = Create(wild with { Guard = false, Steps = 400 }, "ridge").Run();
        Assert.AreEqual(100, lost.Trajectory.Values("lr")[0]);
    }

    [TestMethod]
    public void What_it_cannot_do_it_says()
    {
        (string Fault, LoopOptions Options)[] impossible =
        [
            ("Choose the rule 'sgd' or 'nesterov'", _options with { Rule = new AdamUpdate(), Hyperparameters = null }),
            ("give a number of steps", _options with { Steps = null, TimeBudget = TimeSpan.FromSeconds(1) }),
            ("Leave GradientClip out", _options with { GradientClip = 1 }),
            ("it can as one value", _options with { Hyperparameters = [.. _options.Hyperparameters!.Select(h => h with { Granularity = Granularity.PerTensor })] }),
            ("'momentum' cannot start at 1", _options with { Hyperparameters = [.. _options.Hyperparameters!.Select(h => h.Name == "momentum" ? h with { Initial = 1, Upper = 1 } : h)] }),
            ("takes one pass", _options with { Method = new Fixed(), Hyperparameters = null }),
        ];
        foreach ((string fault, LoopOptions options) in impossible)
            Assert.Contains(fault, Assert.Throws<ArgumentException>(() => Create(options)).Message);
        Problem p = Zoo.Create("ridge");
        Assert.Contains("SeveralPasses", Assert.Throws<ArgumentException>(() => Loops.Create(p, _options)).Message);
        Assert.Contains("Set some rows aside", Assert.Throws<ArgumentException>(() => new SeveralPasses<DenseVector<double>>(p.Objective, p.Training, null!, _options)).Message);
        Assert.Contains("hyperparameters of the loss", Assert.Throws<ArgumentException>(() => Create(_options with { Hyperparameters = Zoo.Create("scaled").With(_options.Hyperparameters!) }, "scaled")).Message);
    }

    private static SeveralPasses<DenseVector<double>> Create(LoopOptions options, string problem = "tanh-net")
    {
        Problem p = Zoo.Create(problem);
        return new(p.Objective, p.Training, p.Validation, options);
    }

    private static LoopResult<DenseVector<double>> Run(LoopOptions options, string problem = "tanh-net") => Create(options, problem).Run();

    private static LoopResult<DenseVector<double>> StopAt(LoopOptions options, long step)
    {
        using var source = new CancellationTokenSource();
        return Create(options).Run(new Callback(p =>
        {
            if (p.Step >= step)
                source.Cancel();
        }), source.Token);
    }
}
