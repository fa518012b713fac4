using MLNetHyper.Engine.TestSupport;

namespace MLNetHyper.Engine.Tests;

/// <summary>Several workers on one model, as threads; MLNetHyper.Mpi.Tests has them as processes.</summary>
[TestClass]
public sealed class WorkerTests
{
    private const int Rows = 75;
    private const int ValidationRows = 22;
    private const int BatchSize = 24;

    private static readonly AveragingInterval[] _intervals =
    [
        AveragingInterval.EveryStep, new(2), new(5), new(7), new(40), new(2, AveragingChange.Growing), new(4, AveragingChange.Loss),
    ];

    private static IEnumerable<object[]> MethodsAndWorkers =>
        from method in Methods.Names from workers in new[] { 2, 3, 4 } select new object[] { method, workers };

    private static IEnumerable<object[]> IntervalsAndMethods =>
        from interval in _intervals from method in new[] { "fixed", "augmented-neumann", "unrolled", "forward", "implicit-cg" } select new object[] { interval.ToString(), method };

    private static IEnumerable<object[]> Intervals => _intervals.Select(interval => new object[] { interval.ToString() });

    [TestMethod]
    [DynamicData(nameof(MethodsAndWorkers))]
    public void Averaging_every_step_they_are_one_process_with_the_joint_batch(string method, int count)
    {
        // Of parts of batches workers have others than one process has.
        HypergradientMethod m = method == "forward" ? new ForwardMode(curvatureParts: 1) : Methods.Create(method);
        foreach (string rule in new[] { "sgd", "adam", "dog" }.Where(rule => Methods.Supports(method, rule)))
        {
            foreach (int members in new[] { 1, 2 }.Where(members => members == 1 || m.SeparatesModels))
            {
                LoopOptions options = Methods.Options(method, rule) with { Method = m, Steps = 43, AveragingDecay = 0.9 };
                LoopResult<DenseVector<double>> alone = Train(Workers.One, options, members);
                foreach (LoopResult<DenseVector<double>> worker in ThreadWorkers.Run(count, workers => Train(workers, options, members)))
                    AreClose(alone, worker, $"{rule}, {members} members");
            }
        }
    }

    [TestMethod]
    [DataRow(BatchSize)]
    [DataRow(Rows)]
    [DataRow(2)]
    public void Batches_of_any_size_and_weights_of_examples_are_divided_without_a_rest(int batchSize)
    {
        LoopOptions options = Methods.Options("augmented-neumann", "sgd") with { Steps = 80 };
        LoopResult<DenseVector<double>> alone = Train(Workers.One, options, batchSize: batchSize, weighted: true);
        foreach (LoopResult<DenseVector<double>> worker in ThreadWorkers.Run(3, workers => Train(workers, options, batchSize: batchSize, weighted: true)))
            AreClose(alone, worker, "");
    }

    [TestMethod]
    [DynamicData(nameof(IntervalsAndMethods))]
    public void All_end_with_the_same_bits_whoever_comes_first(string interval, string method)
    {
        LoopOptions options = Methods.Options(method, "sgd") with { Steps = 83, AverageEvery = AveragingInterval.Parse(interval)!, AveragingDecay = 0.9, LearningRateSchedule = LearningRateSchedule.Cosine };
        LoopResult<DenseVector<double>>[] results = ThreadWorkers.Run(3, workers => Train(workers, options));
        LoopResult<DenseVector<double>>[] others = ThreadWorkers.Run(3, workers =>
        {
            // The last is now the first one to come.
            workers.BeforeSum = () => Thread.SpinWait(200 * (3 - workers.Rank));
            return Train(workers, options);
        });
        foreach (LoopResult<DenseVector<double>> worker in results.Concat(others))
            Loops.AreSame(results[0] with { GradientEvaluations = 0 }, worker with { GradientEvaluations = 0 });
        Assert.IsLessThan(results[0].Trajectory.TrainingLosses[0], results[0].Trajectory.TrainingLosses[^1]);
    }

    [TestMethod]
    [DynamicData(nameof(Intervals))]
    public void On_the_same_data_without_noise_any_interval_gives_the_same_iterates(string interval)
    {
        Problem p = new(QuadraticObjective.Diagonal([1, 2, 0.5], [1, 2, 3], Problem.Examples));
        LoopOptions options = Methods.Options("fixed", "sgd") with { Steps = 57 };
        double[] alone = Loops.Run(p, options).FinalWeights.ToArray();
        foreach (LoopResult<DenseVector<double>> worker in ThreadWorkers.Run(4, workers => Loops.Run(new(QuadraticObjective.Diagonal([1, 2, 0.5], [1, 2, 3], Problem.Examples)), options with { Workers = workers, AverageEvery = AveragingInterval.Parse(interval)! })))
            NetworkTestData.AssertClose(alone, worker.FinalWeights.ToArray(), 1e-14, interval);
    }

    [TestMethod]
    [DataRow(2)]
    [DataRow(8)]
    public void Between_averages_workers_stay_as_near_as_steps_are_short(int steps)
    {
        // Stich 2019, lemma 3.3: the mean squared distance from the mean is at most 4 (lr H G)^2, for gradients of squared norms up to G^2.
        const double Rate = 0.02;
        QuadraticObjective quadratic = QuadraticObjective.Random(5, 4, 3);
        double[][] ends = ThreadWorkers.Run(4, workers =>
        {
            LoopOptions options = Methods.Options("fixed", "sgd") with { Steps = steps, TuningInterval = 1000, Guard = false };
            options = options with { Hyperparameters = [.. options.Definitions.Select(h => h with { Tuned = false, Initial = h.Name == "lr" ? Rate : h.Name == "momentum" ? 0.01 : h.Initial })] };
            return new OnePassLoop<DenseVector<double>>(quadratic, new CyclicBatches(workers.Rank, 1, 1), null, options).Run().FinalWeights.ToArray();
        });
        double[] start = new double[5];
        var initial = new DenseVector<double>(5);
        quadratic.Initialize(initial, 1);
        initial.CopyTo(start);
        double largest = 0;
        for (int k = 0; k < 4; k++)
        {
            var gradient = new DenseVector<double>(5);
            quadratic.CreateLinearization(false).Gradient(initial, new CyclicBatches(k, 1, 1).BatchAt(0), gradient);
            largest = Math.Max(largest, gradient.Dot(gradient));
        }
        double[] mean = [.. start.Select((_, i) => ends.Average(end => end[i]))];
        double spread = ends.Average(end => end.Zip(mean, (a, b) => (a - b) * (a - b)).Sum());
        Assert.IsGreaterThan(0, spread);
        Assert.IsLessThanOrEqualTo(4 * Rate * Rate * steps * steps * largest, spread);
    }

    [TestMethod]
    public void A_run_resumes_with_another_number_of_workers()
    {
        using var folder = new TemporaryFolder();
        LoopOptions options = Methods.Options("augmented-neumann", "adam") with { Steps = 60, AveragingDecay = 0.9 };
        LoopResult<DenseVector<double>> whole = Train(Workers.One, options);
        foreach ((int before, int after) in new[] { (2, 4), (4, 1), (1, 3) })
        {
            LoopOptions saved = options with { CheckpointPath = folder[$"{before}{after}"], CheckpointInterval = TimeSpan.Zero };
            foreach (LoopResult<DenseVector<double>> worker in On(before, workers => Train(workers, saved, stopAt: 25)))
                Assert.AreEqual((TrainingStatus.Canceled, 25), (worker.Status, worker.Steps));
            foreach (LoopResult<DenseVector<double>> worker in On(after, workers => Train(workers, saved)))
            {
                Assert.AreEqual(25, worker.ResumedFrom);
                AreClose(whole, worker, $"{before} and {after}");
            }
        }
    }

    [TestMethod]
    [DynamicData(nameof(Intervals))]
    public void A_run_that_goes_on_is_the_uninterrupted_one(string interval)
    {
        using var folder = new TemporaryFolder();
        LoopOptions options = Methods.Options("forward", "sgd") with { Steps = 160, AverageEvery = AveragingInterval.Parse(interval)!, LearningRateSchedule = LearningRateSchedule.Cosine };
        LoopOptions saved = options with { CheckpointPath = folder["run"], CheckpointInterval = TimeSpan.Zero };
        LoopResult<DenseVector<double>> whole = ThreadWorkers.Run(2, workers => Train(workers, options))[0];
        ThreadWorkers.Run(2, workers => Train(workers, saved, stopAt: 80));
        foreach (LoopResult<DenseVector<double>> worker in ThreadWorkers.Run(2, workers => Train(workers, saved)))
            Loops.AreSame(whole with { GradientEvaluations = 0 }, worker with { GradientEvaluations = 0 });
    }

    [TestMethod]
    [DataRow("1")]
    [DataRow("10")]
    public void One_that_fails_ends_all_and_leaves_a_whole_checkpoint(string interval)
    {
        using var folder = new TemporaryFolder();
        LoopOptions options = Methods.Options("neumann", "sgd") with { Steps = 60, AverageEvery = AveragingInterval.Parse(interval)!, CheckpointPath = folder["run"], CheckpointInterval = TimeSpan.Zero };
        AggregateException error = Assert.Throws<AggregateException>(() => ThreadWorkers.Run(3, workers => Train(workers, options, onProgress: (step, _) =>
        {
            if (workers.Rank == 1 && step >= 30)
                throw new IOException("The disk is gone.");
        })));
        Assert.AreEqual(1, error.InnerExceptions.OfType<IOException>().Count());
        Assert.AreEqual(2, error.InnerExceptions.OfType<WorkersException>().Count());
        foreach (LoopResult<DenseVector<double>> worker in ThreadWorkers.Run(3, workers => Train(workers, options)))
            Assert.AreEqual((TrainingStatus.Completed, 60L, true), (worker.Status, worker.Steps, worker.ResumedFrom >= 20));
    }

    [TestMethod]
    [DataRow("1")]
    [DataRow("3")]
    public void One_that_diverges_takes_all_back_together(string interval)
    {
        LoopOptions options = Methods.Options("neumann", "sgd") with { Steps = 60, AverageEvery = AveragingInterval.Parse(interval)! };
        LoopResult<DenseVector<double>>[] results = ThreadWorkers.Run(2, workers =>
        {
            Problem p = Zoo.Create("log-cosh");
            var objective = new SabotagedObjective(p.Objective) { OnGradient = (number, _) => workers.Rank == 1 && number is 22 or 23 ? double.NaN : 0 };
            return new OnePassLoop<DenseVector<double>>(objective, p.Training, p.Validation, options with { Workers = workers }).Run();
        });
        foreach (LoopResult<DenseVector<double>> worker in results)
        {
            Assert.AreEqual(TrainingStatus.Completed, worker.Status);
            Assert.IsGreaterThan(0, worker.Rollbacks);
            Loops.AreSame(results[0] with { GradientEvaluations = 0 }, worker with { GradientEvaluations = 0 });
        }
    }

    [TestMethod]
    [DataRow("1")]
    [DataRow("20")]
    public void Clocks_and_signals_end_all_at_the_same_step(string interval)
    {
        LoopOptions options = Methods.Options("neumann", "sgd") with { Steps = 10_000, AverageEvery = AveragingInterval.Parse(interval)!, LearningRateSchedule = LearningRateSchedule.Cosine, TimeBudget = TimeSpan.FromSeconds(100) };
        LoopResult<DenseVector<double>>[] results = ThreadWorkers.Run(3, workers => Train(workers, options with { Clock = new ManualClock(TimeSpan.FromMilliseconds(200 * (workers.Rank + 1))) }));
        Assert.AreEqual(TrainingStatus.TimeBudgetSpent, results[0].Status);
        foreach (LoopResult<DenseVector<double>> worker in results)
        {
            Loops.AreSame(results[0] with { GradientEvaluations = 0 }, worker with { GradientEvaluations = 0 });
            Assert.AreEqual(results[0].Elapsed, worker.Elapsed);
        }
    }

    [TestMethod]
    public void Those_started_with_something_else_are_refused()
    {
        LoopOptions options = Methods.Options("neumann", "sgd") with { Steps = 10 };
        AggregateException error = Assert.Throws<AggregateException>(() => ThreadWorkers.Run(3, workers => Train(workers, options with { TuningInterval = workers.Rank == 2 ? 4 : 5 })));
        Assert.AreEqual(3, error.InnerExceptions.OfType<WorkersException>().Count());
        Assert.Contains("1 of 3 workers", error.InnerExceptions[0].Message);
    }

    [TestMethod]
    public void What_workers_cannot_share_is_refused()
    {
        ThreadWorkers.Run(2, workers =>
        {
            Assert.Contains("at every step", Assert.Throws<ArgumentException>(() => Train(workers, Methods.Options("hypergradient-descent", "sgd") with { Steps = 10, AverageEvery = new(4) })).Message);
            Assert.Contains("several passes", Assert.Throws<ArgumentException>(() => Train(workers, new LoopOptions { Method = new ForwardSharing(), Steps = 10 })).Message);
            return 0;
        });
    }

    [TestMethod]
    [DynamicData(nameof(Intervals))]
    public void Averages_allocate_nothing(string interval)
    {
        LoopOptions options = Methods.Options("augmented-neumann", "adam") with { AverageEvery = AveragingInterval.Parse(interval)! };
        long Allocated(int steps)
        {
            OnePassLoop<DenseVector<double>> loop = Create(new Doubles(), options with { Steps = steps });
            long before = GC.GetAllocatedBytesForCurrentThread();
            loop.Run();
            return GC.GetAllocatedBytesForCurrentThread() - before;
        }
        Allocated(20);
        // The runtime itself may allocate at some first use.
        long more = long.MaxValue;
        for (int i = 0; i < 3 && more > 0; i++)
            more = Allocated(400) - Allocated(200);
        Assert.IsLessThanOrEqualTo(0, more);
    }

    [TestMethod]
    public void A_longer_interval_takes_fewer_rounds()
    {
        long Rounds(string interval) => ThreadWorkers.Run(2, workers =>
        {
            Train(workers, Methods.Options("fixed", "sgd") with { Steps = 100, AverageEvery = AveragingInterval.Parse(interval)! });
            return workers.Rounds;
        })[0];
        long every = Rounds("1"), tenth = Rounds("10"), fiftieth = Rounds("50");
        Assert.IsGreaterThanOrEqualTo(100, every);
        Assert.IsLessThan(every / 2, tenth);
        Assert.IsLessThan(tenth / 2, fiftieth);
    }

    /// <summary>Two workers, the second of whom always comes to the same as the first: nobody has to be waited for.</summary>
    private sealed class Doubles : Workers
    {
        public override int Rank => 0;

        public override int Count => 2;

        public override void Sum(Span<double> numbers)
        {
            foreach (ref double number in numbers)
                number *= 2;
        }

        public override void Broadcast(Span<byte> bytes) { }

        public override byte[][] Exchange(IReadOnlyList<byte[]> messages) => [messages[0], messages[0]];
    }

    private static LoopResult<DenseVector<double>>[] On(int count, Func<Workers, LoopResult<DenseVector<double>>> work) =>
        count == 1 ? [work(Workers.One)] : ThreadWorkers.Run(count, work);

    private static LoopResult<DenseVector<double>> Train(Workers workers, LoopOptions options, int members = 1, int batchSize = BatchSize, bool weighted = false, long? stopAt = null, Action<long, CancellationTokenSource>? onProgress = null)
    {
        using var source = new CancellationTokenSource();
        onProgress ??= (step, cancellation) =>
        {
            // One asks for all.
            if (step == stopAt && workers.Rank == workers.Count - 1)
                cancellation.Cancel();
        };
        return Create(workers, options, members, batchSize, weighted).Run(new Callback(progress => onProgress(progress.Step, source)), source.Token);
    }

    private static OnePassLoop<DenseVector<double>> Create(Workers workers, LoopOptions options, int members = 1, int batchSize = BatchSize, bool weighted = false)
    {
        Architecture architecture = NetworkTestData.Shape(3, [5]);
        Examples<double> training = NetworkTestData.Draw(architecture, Rows, 1, weighted), validation = NetworkTestData.Draw(architecture, ValidationRows, 2, weighted);
        INetworkObjective<DenseVector<double>, double> objective = members > 1 ? new NetworkMembers<double>(architecture, members) : new NetworkObjective<double>(architecture);
        return new(objective, objective.CreateBatchSource(training, batchSize, 1, 10), objective.CreateBatchSource(validation, 8, 1, 2), options with { Workers = workers });
    }

    internal static void AreClose(LoopResult<DenseVector<double>> expected, LoopResult<DenseVector<double>> actual, string what)
    {
        const double Tolerance = 1e-7;
        Assert.AreEqual((expected.Status, expected.Steps, expected.Rollbacks), (actual.Status, actual.Steps, actual.Rollbacks), what);
        NetworkTestData.AssertClose(expected.FinalWeights.ToArray(), actual.FinalWeights.ToArray(), Tolerance, what);
        NetworkTestData.AssertClose([.. expected.Trajectory.TrainingLosses], [.. actual.Trajectory.TrainingLosses], Tolerance, $"{what}, training losses");
        NetworkTestData.AssertClose([.. expected.Trajectory.ValidationLosses], [.. actual.Trajectory.ValidationLosses], Tolerance, $"{what}, validation losses");
        foreach (string name in expected.Trajectory.Names)
            NetworkTestData.AssertClose([.. expected.Trajectory.Values(name)], [.. actual.Trajectory.Values(name)], Tolerance, $"{what}, {name}");
    }
}
