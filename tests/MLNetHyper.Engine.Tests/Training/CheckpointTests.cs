namespace MLNetHyper.Engine.Tests;

[TestClass]
public sealed class CheckpointTests
{
    private const int Windows = 5;
    private const int HeaderLength = 8 + 4 + 4 + 32;

    private static IEnumerable<object[]> MethodsAndRules => Methods.WithRules;

    [TestMethod]
    [DynamicData(nameof(MethodsAndRules))]
    public void Stopped_after_any_window_and_resumed_a_run_is_the_uninterrupted_one_to_the_last_bit(string method, string rule)
    {
        using var folder = new TemporaryFolder();
        foreach (Granularity granularity in Enum.GetValues<Granularity>())
        {
            if (!Methods.Create(method).Granularities.Contains(granularity))
                continue;
            LoopOptions options = Options(method, rule, granularity);
            LoopResult<DenseVector<double>> whole = Loops.Run(Zoo.Create("tanh-net"), options);
            // Every window with scalars; one is enough to see that the finer values are saved.
            for (int windows = granularity == Granularity.Scalar ? 1 : Windows - 1; windows < Windows; windows++)
            {
                LoopOptions saved = options with { CheckpointPath = folder[$"{granularity}{windows}"], CheckpointInterval = TimeSpan.Zero };
                Assert.AreEqual(TrainingStatus.Canceled, StopAfter(saved, windows).Status);
                Loops.AreSame(whole, Loops.Run(Zoo.Create("tanh-net"), saved), $"{granularity}, {windows} windows");
            }
        }
    }

    [TestMethod]
    [DataRow(6)]
    [DataRow(7)]
    [DataRow(13)]
    public void Stopped_inside_a_window_a_run_goes_on_from_the_window_before(int at)
    {
        using var folder = new TemporaryFolder();
        Problem p = Zoo.Create("tanh-net");
        foreach (string method in Methods.Names)
        {
            LoopOptions options = Options(method, "adam");
            LoopResult<DenseVector<double>> whole = Loops.Run(p, options);
            LoopOptions saved = options with { CheckpointPath = folder[method], CheckpointInterval = TimeSpan.Zero };
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
            Loops.Create(p, saved, objective).Run(cancellation: source.Token);
            Loops.AreSame(whole, Loops.Run(p, saved), method);
        }
    }

    [TestMethod]
    public void A_run_with_rollbacks_and_every_meta_optimizer_resumes_bit_for_bit()
    {
        using var folder = new TemporaryFolder();
        Problem p = new(QuadraticObjective.Diagonal([100, 100, 1], [1, 2, 3], Problem.Examples));
        foreach (MetaOptimizer optimizer in MetaOptimizers.All.Select(choice => MetaOptimizers.Create(choice.Name, 0.01)))
        {
            LoopOptions options = Options("forward", "nesterov") with { MetaOptimizer = optimizer, Steps = 50 };
            options = options with { Hyperparameters = [.. options.Definitions.Select(h => h.Name == "lr" ? h with { Initial = 0.5 } : h)] };
            LoopResult<DenseVector<double>> whole = Loops.Run(p, options);
            Assert.IsGreaterThan(0, whole.Rollbacks);
            for (int windows = 1; windows < 10; windows++)
            {
                LoopOptions saved = options with { CheckpointPath = folder[$"{optimizer.GetType().Name}{windows}"], CheckpointInterval = TimeSpan.Zero };
                StopAfter(saved, windows, p);
                Loops.AreSame(whole, Loops.Run(p, saved), $"{optimizer.GetType().Name}, {windows} windows");
            }
        }
    }

    [TestMethod]
    public void Adam_resumes_bit_for_bit_after_a_rollback_has_restarted_its_corrections()
    {
        using var folder = new TemporaryFolder();
        // Bad is a batch, not the n-th gradient: a resumed run counts those anew.
        var p = new Problem(QuadraticObjective.Diagonal([1, 2], [3, 4], 80), new CyclicBatches(0, 80, 4), new CyclicBatches(0, 6, 6));
        var objective = new SabotagedObjective(p.Objective) { OnGradient = (_, batch) => batch.Count == 4 && ((IndexBatch)batch).Examples[0] == 28 ? double.NaN : 0 };
        LoopOptions options = Options("neumann", "adam") with { Steps = 36 };
        LoopResult<DenseVector<double>> whole = Loops.Run(p, options, objective);
        Assert.AreEqual(2, whole.Rollbacks);
        for (int windows = 1; windows < 8; windows++)
        {
            LoopOptions saved = options with { CheckpointPath = folder[$"{windows}"], CheckpointInterval = TimeSpan.Zero };
            StopAfter(saved, windows, p, objective);
            Loops.AreSame(whole, Loops.Run(p, saved, objective), $"{windows} windows");
        }
    }

    [TestMethod]
    public void A_schedule_resumes_bit_for_bit()
    {
        using var folder = new TemporaryFolder();
        LoopOptions tuned = Options("neumann", "adamw");
        LoopOptions options = tuned with { Method = new Fixed(), Hyperparameters = null, Schedule = Loops.Run(Zoo.Create("tanh-net"), tuned).Trajectory };
        LoopResult<DenseVector<double>> whole = Loops.Run(Zoo.Create("tanh-net"), options);
        LoopOptions saved = options with { CheckpointPath = folder["run"], CheckpointInterval = TimeSpan.Zero };
        StopAfter(saved, 3);
        Loops.AreSame(whole, Loops.Run(Zoo.Create("tanh-net"), saved));
    }

    [TestMethod]
    public void Damage_anywhere_in_the_file_is_noticed_and_the_file_left_alone()
    {
        using var folder = new TemporaryFolder();
        (LoopOptions options, byte[] good) = Stopped(folder["run"]);
        for (int i = 0; i < HeaderLength; i++)
        {
            byte[] bad = [.. good];
            bad[i] ^= 0x55;
            IsRefused(options, bad);
        }
        var random = new Random(4);
        for (int k = 0; k < 60; k++)
        {
            byte[] bad = [.. good];
            bad[random.Next(HeaderLength, good.Length)] ^= (byte)(1 << random.Next(8));
            IsRefused(options, bad, "checksum");
        }
    }

    [TestMethod]
    public void Files_cut_short_or_grown_are_noticed()
    {
        using var folder = new TemporaryFolder();
        (LoopOptions options, byte[] good) = Stopped(folder["run"]);
        for (int length = 0; length < good.Length; length += length < 2 * HeaderLength ? 1 : 37)
            IsRefused(options, good[..length]);
        IsRefused(options, [.. good, 0]);
    }

    [TestMethod]
    public void Garbage_is_no_checkpoint()
    {
        using var folder = new TemporaryFolder();
        (LoopOptions options, _) = Stopped(folder["run"]);
        var random = new Random(9);
        foreach (int length in new[] { 1, 8, 47, 48, 49, 1000, 100_000 })
        {
            byte[] bad = new byte[length];
            random.NextBytes(bad);
            IsRefused(options, bad, "is not a checkpoint");
        }
    }

    [TestMethod]
    public void Another_version_is_named()
    {
        using var folder = new TemporaryFolder();
        (LoopOptions options, byte[] good) = Stopped(folder["run"]);
        BitConverter.GetBytes(1).CopyTo(good, 8);
        IsRefused(options, good, "format version 1; this program reads version 4");
    }

    [TestMethod]
    public void A_checkpoint_of_another_run_is_refused()
    {
        using var folder = new TemporaryFolder();
        (LoopOptions options, byte[] good) = Stopped(folder["run"]);
        Trajectory schedule = Loops.Run(Zoo.Create("tanh-net"), options with { CheckpointPath = null }).Trajectory;
        LoopOptions Changed(Func<Hyperparameter, Hyperparameter> change) => options with { Hyperparameters = [.. options.Definitions.Select(change)] };
        (string Difference, LoopOptions Options)[] others =
        [
            ("'tests' there is 'other data' here", options with { Fingerprint = "other data" }),
            ("method is 'neumann, look-back 3, Hessian' there, but 'augmented-neumann, look-back 5, Hessian' here", options with { Method = new AugmentedNeumann() }),
            ("'neumann, look-back 4, Hessian' here", options with { Method = new Neumann(4) }),
            ("'neumann, look-back 3, GaussNewton' here", options with { Method = new Neumann(3, Curvature.GaussNewton) }),
            ("tuning interval is '5' there, but '6' here", options with { TuningInterval = 6 }),
            ("seed is", options with { Seed = 99 }),
            ("rule is 'sgd' there, but 'adam' here", Methods.Options("neumann", "adam") with { Steps = options.Steps, CheckpointPath = options.CheckpointPath }),
            ("lr is", options with { Hyperparameters = Rules.Tuned(options.Rule, Granularity.PerWeight) }),
            ("wd is", options with { Hyperparameters = Rules.Tuned(options.Rule, names: ["lr"]) }),
            ("momentum is", Changed(h => h.Name == "momentum" ? h with { Initial = 0.5 } : h)),
            ("lr is", Changed(h => h.Name == "lr" ? h with { Upper = 1 } : h)),
            ("wd is", Changed(h => h.Name == "wd" ? h with { Transform = Transform.Identity, Lower = 0, Upper = 1 } : h)),
            ("rate 0.05, betas 0.9 and 0.9' there", options with { MetaOptimizer = new AdamMetaOptimizer(0.05, 0.9, 0.999) }),
            ("'adam, rate 0.05, betas 0.8 and 0.9' here", options with { MetaOptimizer = new AdamMetaOptimizer(0.05, 0.8) }),
            ("meta optimizer is", options with { MetaOptimizer = new AdamMetaOptimizer(0.06) }),
            ("meta optimizer is", options with { MetaOptimizer = new SignMetaOptimizer(0.05) }),
            ("guard is 'on' there, but 'off' here", options with { Guard = false }),
            ("gradient clip is 'none' there, but '0.25' here", options with { GradientClip = 0.25 }),
            ("initial weights is 'drawn' there", options with { InitialWeights = new double[Zoo.Create("tanh-net").Objective.CreateVector().Length] }),
        ];
        foreach ((string difference, LoopOptions other) in others)
            IsRefused(other, good, "other data or options: ", difference);
        LoopOptions plain = Options("fixed", "sgd") with { CheckpointPath = folder["plain"] };
        StopAfter(plain, 2);
        IsRefused(plain with { Schedule = schedule }, File.ReadAllBytes(folder["plain"]), "other data or options: ", "schedule is 'none' there");
    }

    [TestMethod]
    public void Every_setting_of_a_method_tells_checkpoints_apart()
    {
        HypergradientMethod[] methods =
        [
            new Fixed(), new Neumann(), new Neumann(3), new AugmentedNeumann(), new AugmentedNeumann(3), new AugmentedNeumann(5, Curvature.GaussNewton), new Extrapolated(), new Unrolled(), new Unrolled(4),
            new Unrolled(5, Curvature.GaussNewton), new ForwardMode(), new ForwardMode(0.9), new ForwardMode(0.99, Curvature.Hessian), new ForwardMode(0.99, Curvature.GaussNewton, 1),
            new ImplicitDifferentiation(), new ImplicitDifferentiation(null, Curvature.GaussNewton), new ImplicitDifferentiation(new NeumannInverse(6)), new ImplicitDifferentiation(new NeumannInverse(5, 0.1)),
            new ImplicitDifferentiation(new ConjugateGradientInverse()), new ImplicitDifferentiation(new ConjugateGradientInverse(6)), new ImplicitDifferentiation(new ConjugateGradientInverse(5, 0.1)),
            new ImplicitDifferentiation(new NystromInverse()), new ImplicitDifferentiation(new NystromInverse(6)), new ImplicitDifferentiation(new NystromInverse(damping: 0.1)),
            new ImplicitDifferentiation(new NystromInverse(refresh: 2)), new ImplicitDifferentiation(new NystromInverse(seed: 1)),
            new HypergradientDescent(), new HypergradientDescent(rate: 0.03), new HypergradientDescent(HypergradientDescentForm.Additive), new HypergradientDescent(HypergradientDescentForm.LogAdditive),
        ];
        Assert.HasCount(methods.Length, methods.Select(m => m.ToString()).Distinct().ToArray());
    }

    [TestMethod]
    public void Batches_of_other_sizes_are_refused()
    {
        using var folder = new TemporaryFolder();
        (LoopOptions options, _) = Stopped(folder["run"]);
        Problem p = Zoo.Create("tanh-net");
        Assert.Contains("training batches is '12 examples by 4' there, but '12 examples by 3' here", Assert.ThrowsExactly<CheckpointException>(() => Loops.Create(Zoo.Create("tanh-net", batchSize: 3), options)).Message);
        Assert.Contains("validation batches is", Assert.ThrowsExactly<CheckpointException>(() => Loops.Create(p with { Validation = new CyclicBatches(12, 6, 3) }, options)).Message);
    }

    [TestMethod]
    public void A_run_may_be_prolonged()
    {
        using var folder = new TemporaryFolder();
        LoopOptions options = Options("neumann", "sgd") with { CheckpointPath = folder["run"], CheckpointInterval = TimeSpan.Zero };
        Loops.Run(Zoo.Create("tanh-net"), options);
        LoopResult<DenseVector<double>> longer = Loops.Run(Zoo.Create("tanh-net"), options with { Steps = 2 * options.Steps });
        LoopResult<DenseVector<double>> whole = Loops.Run(Zoo.Create("tanh-net"), options with { Steps = 2 * options.Steps, CheckpointPath = null });
        Loops.AreSame(whole, longer);
    }

    [TestMethod]
    public void A_run_says_from_which_step_it_went_on()
    {
        using var folder = new TemporaryFolder();
        LoopOptions options = Options("neumann", "sgd") with { CheckpointPath = folder["run"], CheckpointInterval = TimeSpan.Zero };
        Assert.AreEqual(0, StopAfter(options, 2).ResumedFrom);
        Assert.AreEqual(10, Loops.Run(Zoo.Create("tanh-net"), options).ResumedFrom);
    }

    /// <summary>Such as that of the next fold: there is nothing left to go on with.</summary>
    [TestMethod]
    public void The_checkpoint_of_a_finished_run_is_replaced_by_the_next()
    {
        using var folder = new TemporaryFolder();
        foreach (TimeSpan every in new[] { TimeSpan.Zero, TimeSpan.FromHours(1) })
        {
            LoopOptions first = Options("neumann", "sgd") with { CheckpointPath = folder[$"{every}"], CheckpointInterval = every };
            LoopOptions second = first with { Fingerprint = "other data" };
            LoopResult<DenseVector<double>> whole = Loops.Run(Zoo.Create("tanh-net"), second with { CheckpointPath = null });
            Loops.Run(Zoo.Create("tanh-net"), first);
            LoopResult<DenseVector<double>> result = Loops.Run(Zoo.Create("tanh-net"), second);
            Loops.AreSame(whole, result);
            Assert.AreEqual(0, result.ResumedFrom);
            Assert.IsEmpty(result.Warnings);
        }
    }

    [TestMethod]
    public void A_run_that_finishes_within_the_window_after_it_was_resumed_has_finished()
    {
        using var folder = new TemporaryFolder();
        LoopOptions options = Options("neumann", "sgd") with { CheckpointPath = folder["run"], CheckpointInterval = TimeSpan.Zero };
        StopAfter(options, Windows - 1);
        Assert.AreEqual(TrainingStatus.Completed, Loops.Run(Zoo.Create("tanh-net"), options).Status);
        Loops.Run(Zoo.Create("tanh-net"), options with { Seed = 99 });
    }

    [TestMethod]
    public void A_path_that_cannot_be_written_is_a_warning_and_the_run_completes()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder["taken"]);
        LoopOptions options = Options("neumann", "sgd");
        LoopResult<DenseVector<double>> whole = Loops.Run(Zoo.Create("tanh-net"), options);
        foreach (string path in new[] { Path.Combine(folder["missing"], "run"), folder["taken"] })
        {
            LoopResult<DenseVector<double>> result = Loops.Run(Zoo.Create("tanh-net"), options with { CheckpointPath = path, CheckpointInterval = TimeSpan.Zero });
            Loops.AreSame(whole, result);
            Assert.HasCount(1, result.Warnings);
            Assert.Contains(path, result.Warnings[0]);
            Assert.Contains("Training went on", result.Warnings[0]);
        }
    }

    [TestMethod]
    public void Nothing_but_the_checkpoint_is_left_in_the_folder()
    {
        using var folder = new TemporaryFolder();
        Stopped(folder["run"]);
        Assert.HasCount(1, Directory.GetFileSystemEntries(Path.GetDirectoryName(folder["run"])!));
    }

    private static LoopOptions Options(string method, string rule, Granularity granularity = Granularity.Scalar) =>
        Methods.Options(method, rule, granularity) with { Steps = (5 * Windows) - 2, Fingerprint = "tests" };

    private static LoopResult<DenseVector<double>> StopAfter(LoopOptions options, int windows, Problem? problem = null, SabotagedObjective? objective = null)
    {
        using var source = new CancellationTokenSource();
        int closed = 0;
        return Loops.Create(problem ?? Zoo.Create("tanh-net"), options, objective).Run(
            new Callback(_ =>
            {
                if (++closed == windows)
                    source.Cancel();
            }),
            source.Token);
    }

    private static (LoopOptions Options, byte[] File) Stopped(string path)
    {
        LoopOptions options = Options("neumann", "sgd") with { CheckpointPath = path };
        StopAfter(options, 2);
        return (options, File.ReadAllBytes(path));
    }

    private static void IsRefused(LoopOptions options, byte[] file, string reason = "", string difference = "")
    {
        File.WriteAllBytes(options.CheckpointPath!, file);
        CheckpointException e = Assert.ThrowsExactly<CheckpointException>(() => Loops.Create(Zoo.Create("tanh-net"), options));
        Assert.Contains(options.CheckpointPath!, e.Message);
        Assert.Contains(reason, e.Message);
        Assert.Contains(difference, e.Message);
        Assert.Contains("Delete it", e.Message);
        CollectionAssert.AreEqual(file, File.ReadAllBytes(options.CheckpointPath!));
    }
}
