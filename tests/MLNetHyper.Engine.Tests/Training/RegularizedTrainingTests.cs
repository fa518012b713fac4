using static MLNetHyper.Engine.Tests.NetworkTestData;

namespace MLNetHyper.Engine.Tests;

/// <summary>Networks whose label smoothing and input noise are tuned beside learning rate, weight decay and momentum.</summary>
[TestClass]
public sealed class RegularizedTrainingTests
{
    private static IEnumerable<object[]> TasksAndMethods =>
        from task in Enum.GetValues<LearningTask>() from method in HypergradientMethods.All where HypergradientMethods.Create(method.Name).TunesObjective select new object[] { task, method.Name };

    [TestMethod]
    public void Unrolling_all_steps_is_the_derivative_of_training()
    {
        Architecture shape = Shape(4, [6], Activation.Tanh, Loss.SoftmaxCrossEntropy);
        Examples<double> examples = Draw(shape, 40, 3), validation = Draw(shape, 20, 4);
        Regularization regularization = new() { LabelSmoothing = 0.1, InputNoise = 0.3 };
        foreach (UpdateRule rule in (UpdateRule[])[new SgdUpdate(), new AdamUpdate()])
        {
            Dictionary<string, double[]> reverse = Run(new Unrolled(15), 0, "").Hyperparameters.ToDictionary(h => h.Definition.Name, h => h.Hypergradient());
            Dictionary<string, double[]> forward = Run(new ForwardMode(1, Curvature.Hessian, 1), 0, "").Hyperparameters.ToDictionary(h => h.Definition.Name, h => h.Hypergradient());
            foreach (string name in (string[])["smoothing", "noise", "lr"])
            {
                double expected = Numbers.Derivative(t => Run(new Fixed(), t, name).Loss);
                Numbers.AreClose(expected, reverse[name][0], 1e-6, $"{rule.Name} {name}", floor: 1e-6);
                Numbers.AreClose(expected, forward[name][0], 1e-6, $"{rule.Name} {name}", floor: 1e-6);
            }

            (HyperparameterSet<DenseVector<double>> Hyperparameters, double Loss) Run(HypergradientMethod method, double shift, string shifted)
            {
                var objective = new NetworkObjective<double>(shape, 1, regularization);
                Hyperparameter[] definitions = [.. Rules.Tuned(rule), .. objective.Hyperparameters.Select(h => h with { Tuned = true })];
                var options = new LoopOptions { Rule = rule, Method = method, Steps = 15, TuningInterval = 15, Guard = false, Hyperparameters = [.. definitions.Select(h => h with { Tuned = h.Tuned && method.MovesHyperparameters })] };
                BatchSource training = objective.CreateBatchSource(examples, 10, 1, 16), held = objective.CreateBatchSource(validation, 20, null, 1);
                var loop = new OnePassLoop<DenseVector<double>>(objective, training, held, options);
                foreach (HyperparameterValue<DenseVector<double>> value in loop.Hyperparameters)
                    value.SetRaw(value.Raw()[0] + (value.Definition.Name == shifted ? shift : 0));
                LoopResult<DenseVector<double>> result = loop.Run();
                return (loop.Hyperparameters, objective.CreateLinearization().Loss(result.FinalWeights, held.BatchAt(0)));
            }
        }
    }

    [TestMethod]
    [DynamicData(nameof(TasksAndMethods))]
    public void Every_method_tunes_them_on_every_task(LearningTask task, string method)
    {
        OnePassOptions options = OnePassRuns.Small with { Method = HypergradientMethods.Create(method), InputNoise = 0.1, LabelSmoothing = task == LearningTask.Regression ? null : 0.1, BatchSize = 32 };
        OnePassResult result = OnePassRuns.Train(task, options);
        OnePassRuns.IsUsable(result, TrainingTables.Create(task));
        OnePassRuns.AreSame(result, OnePassRuns.Train(task, options with { Threads = 2 }));
        string[] own = task == LearningTask.Regression ? ["noise"] : ["smoothing", "noise"];
        foreach (string name in own)
        {
            Assert.Contains(name, result.TunedHyperparameters);
            Assert.AreNotEqual(result.InitialHyperparameters[name], result.FinalHyperparameters[name], name);
        }
        using TemporaryFolder folder = new();
        OnePassOptions saved = options with { CheckpointPath = folder["run"], CheckpointInterval = TimeSpan.Zero };
        using CancellationTokenSource cancellation = new();
        OnePassRuns.Train(task, saved, new Callback(progress => Cancel(cancellation, progress.Step >= 100)), cancellation.Token);
        OnePassResult resumed = OnePassRuns.Train(task, saved);
        Assert.AreNotEqual(0, resumed.ResumedFrom);
        OnePassRuns.AreSame(result, resumed);
    }

    [TestMethod]
    public void Methods_without_them_hold_them_where_they_start()
    {
        foreach (string method in (string[])["fixed", "hypergradient-descent"])
        {
            OnePassResult result = OnePassRuns.Train(LearningTask.Binary, OnePassRuns.Small with { Method = HypergradientMethods.Create(method), InputNoise = 0.2, LabelSmoothing = 0.1 });
            Assert.AreEqual(0.2, result.FinalHyperparameters["noise"], 1e-12);
            Assert.AreEqual(0.1, result.FinalHyperparameters["smoothing"], 1e-12);
            OnePassResult plain = OnePassRuns.Train(LearningTask.Binary, OnePassRuns.Small with { Method = HypergradientMethods.Create(method) });
            Assert.AreNotEqual(plain.Validation.LogLoss, result.Validation.LogLoss, "but they act");
        }
    }

    [TestMethod]
    public void The_schedule_is_replayed_on_all_rows_and_searches_train_with_the_same_loss()
    {
        OnePassOptions options = OnePassRuns.Small with { InputNoise = 0.1, LabelSmoothing = 0.05, RetrainOnAll = true };
        OnePassRuns.IsUsable(OnePassRuns.Train(LearningTask.Binary, options), TrainingTables.Create(LearningTask.Binary));
        ComparisonOptions comparison = new() { Data = SearchTestData.Data, Training = SearchTestData.Training with { InputNoise = 0.1, LabelSmoothing = 0.05 }, Repeats = 1, Multiples = [3], Parallelism = 1 };
        ComparisonResult compared = RestartComparison.Run(SearchTestData.Table(LearningTask.Binary), comparison);
        Assert.IsTrue(compared.Entries.All(entry => double.IsFinite(entry.TestError)));
    }

    [TestMethod]
    public void A_schedule_has_them_too()
    {
        Architecture shape = Shape(4, [6], Activation.Tanh, Loss.Logistic);
        LoopResult<DenseVector<double>> learned = Run(null), replay = Run(learned.Trajectory);
        Assert.AreNotEqual(learned.Trajectory.Values("noise")[0], learned.Trajectory.Values("noise")[^1]);
        CollectionAssert.AreEqual(learned.FinalWeights.ToArray(), replay.FinalWeights.ToArray(), "the same values, the same steps");

        LoopResult<DenseVector<double>> Run(Trajectory? schedule)
        {
            var objective = new NetworkObjective<double>(shape, 1, new() { LabelSmoothing = 0.1, InputNoise = 0.3 });
            bool isTuned = schedule is null;
            var options = new LoopOptions
            {
                Method = isTuned ? new AugmentedNeumann() : new Fixed(),
                Schedule = schedule,
                Steps = 60,
                Hyperparameters = [.. Rules.Tuned(new SgdUpdate()).Concat(objective.Hyperparameters).Select(h => h with { Tuned = isTuned })],
            };
            return new OnePassLoop<DenseVector<double>>(objective, objective.CreateBatchSource(Draw(shape, 40, 3), 10, 1, 11), objective.CreateBatchSource(Draw(shape, 20, 4), 20, null, 1), options).Run();
        }
    }

    [TestMethod]
    public void Steps_allocate_nothing()
    {
        Allocated(20);
        long more = long.MaxValue;
        for (int i = 0; i < 3 && more != 0; i++)
            more = Allocated(100) - Allocated(50);
        Assert.AreEqual(0, more);

        static long Allocated(int steps)
        {
            Architecture shape = Shape(4, [6, 5], Activation.Gelu, Loss.Logistic);
            var objective = new NetworkObjective<double>(shape, 1, new() { LabelSmoothing = 0.1, InputNoise = 0.3 });
            var options = new LoopOptions { Method = new AugmentedNeumann(), Steps = steps, Hyperparameters = [.. Rules.Tuned(new SgdUpdate()), .. objective.Hyperparameters.Select(h => h with { Tuned = true })] };
            var loop = new OnePassLoop<DenseVector<double>>(objective, objective.CreateBatchSource(Draw(shape, 40, 3), 10, 1, 11), objective.CreateBatchSource(Draw(shape, 20, 4), 20, null, 1), options);
            long before = GC.GetAllocatedBytesForCurrentThread();
            loop.Run();
            return GC.GetAllocatedBytesForCurrentThread() - before;
        }
    }

    [TestMethod]
    public void What_does_not_fit_is_refused()
    {
        ArgumentException e = Assert.ThrowsExactly<ArgumentException>(() => OnePassRuns.Train(LearningTask.Regression, OnePassRuns.Small with { LabelSmoothing = 0.1 }));
        Assert.Contains("Label smoothing is for classes", e.Message);
        e = Assert.ThrowsExactly<ArgumentException>(() => OnePassRuns.Train(LearningTask.Binary, OnePassRuns.Small with { LabelSmoothing = 1.5 }));
        Assert.Contains("LabelSmoothing must be a number above 0 and below 1", e.Message);
        e = Assert.ThrowsExactly<ArgumentException>(() => OnePassRuns.Train(LearningTask.Binary, OnePassRuns.Small with { Tune = ["smoothing"] }));
        Assert.Contains("has no hyperparameter 'smoothing'; it has lr, wd, momentum", e.Message);
    }

    private static void Cancel(CancellationTokenSource source, bool now)
    {
        if (now)
            source.Cancel();
    }
}
