namespace MLNetHyper.Torch.Tests;

/// <summary>Modules of the user's own, trained in one call.</summary>
[TestClass]
public sealed class TorchOnePassTests
{
    [TestMethod]
    [DataRow("plain")]
    [DataRow("batch-norm")]
    [DataRow("dropout")]
    [DataRow("recurrent")]
    public void Module_learns_and_leaves_no_tensors(string kind)
    {
        using (Data data = new(kind))
        {
            // TorchSharp counts a parameter twice when it is made and once when it is disposed of.
            long before = LiveTensors.CountSettled();
            new ModuleWeights(data.Create, CPU, ScalarType.Float32).Dispose();
            long countedForNothing = Tensor.TotalCount - before;
            data.Created = 0;
            before = LiveTensors.CountSettled();
            using (TorchResult result = data.Train(new() { Steps = 300, Seed = 1, BatchSize = 50 }))
            {
                Assert.AreEqual(TrainingStatus.Completed, result.Status);
                Assert.IsLessThan(0.5 * data.Variance, result.BestValidationLoss);
                Assert.IsFalse(result.Module.training);
                using DisposeScope scope = NewDisposeScope();
                using IDisposable mode = no_grad();
                // Running statistics stand in for those of the batch, and dropout is off: about the validation loss.
                double loss = Data.Loss(result.Module.call(data.HeldInputs), data.HeldTargets).ToDouble();
                Assert.AreEqual(result.BestValidationLoss, loss, kind == "batch-norm" ? 0.3 * result.BestValidationLoss : 1e-6);
            }
            Assert.AreEqual(before + (data.Created * countedForNothing), Tensor.TotalCount, "tensors left");
        }
    }

    [TestMethod]
    [DataRow("dropout")]
    [DataRow("batch-norm")]
    public void Same_seed_gives_the_same_bits_also_when_resumed(string kind)
    {
        using Data data = new(kind);
        using PublishedFolder folder = new();
        // A schedule runs to the last step: a longer run has another one.
        OnePassOptions options = new() { Steps = 60, Seed = 3, BatchSize = 40, LearningRateSchedule = LearningRateSchedule.Constant };
        using TorchResult first = data.Train(options), second = data.Train(options), other = data.Train(options with { Seed = 4 });
        CollectionAssert.AreEqual(first.Trajectory.TrainingLosses.ToArray(), second.Trajectory.TrainingLosses.ToArray());
        CollectionAssert.AreNotEqual(first.Trajectory.TrainingLosses.ToArray(), other.Trajectory.TrainingLosses.ToArray());
        OnePassOptions saved = options with { CheckpointPath = Path.Combine(folder.Path, "c"), CheckpointInterval = TimeSpan.Zero };
        using (data.Train(saved with { Steps = 30 }))
        {
        }
        using TorchResult resumed = data.Train(saved);
        CollectionAssert.AreEqual(first.Trajectory.TrainingLosses.ToArray(), resumed.Trajectory.TrainingLosses.ToArray());
    }

    [TestMethod]
    public void Several_passes_learn_and_resume()
    {
        using Data data = new("plain");
        using PublishedFolder folder = new();
        OnePassOptions options = new() { Rule = new SgdUpdate(), Method = new ForwardSharing(2, passes: 3), Steps = 40, BatchSize = 50, Seed = 1 };
        using TorchResult whole = data.Train(options);
        Assert.AreEqual(TrainingStatus.Completed, whole.Status);
        Assert.IsLessThan(0.5 * data.Variance, whole.BestValidationLoss);
        // Three runs with windows that begin one after the other, at two gradients a product, and one without.
        Assert.IsInRange((4 + (3 * 2 * 3.5)) * 40, 1.3 * (4 + (3 * 2 * 3.5)) * 40, whole.GradientEvaluations);
        OnePassOptions saved = options with { CheckpointPath = Path.Combine(folder.Path, "c"), CheckpointInterval = TimeSpan.Zero };
        using var source = new CancellationTokenSource();
        using (TorchResult canceled = data.Train(saved, cancellation: source.Token, progress: new Callback(p =>
        {
            if (p.Step >= 100)
                source.Cancel();
        })))
            Assert.AreEqual(TrainingStatus.Canceled, canceled.Status);
        using TorchResult resumed = data.Train(saved);
        Assert.AreEqual(80, resumed.ResumedFrom);
        CollectionAssert.AreEqual(whole.Trajectory.ValidationLosses.ToArray(), resumed.Trajectory.ValidationLosses.ToArray());
    }

    /// <summary>Of the same size, such as another fold.</summary>
    [TestMethod]
    public void Other_data_do_not_go_on_from_a_checkpoint()
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("mlnethyper-torch-");
        try
        {
            using Data data = new("plain");
            OnePassOptions options = new() { Steps = 60, CheckpointPath = Path.Combine(folder.FullName, "c"), CheckpointInterval = TimeSpan.Zero };
            using TorchResult first = data.Train(options), again = data.Train(options);
            Assert.AreEqual(60, again.ResumedFrom);
            data.Targets.mul_(2);
            using TorchResult other = data.Train(options);
            Assert.AreEqual(0, other.ResumedFrom);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [TestMethod]
    public void Canceled_run_returns_what_it_has()
    {
        using Data data = new("plain");
        using var source = new CancellationTokenSource();
        source.Cancel();
        using TorchResult result = data.Train(new() { Steps = 60 }, cancellation: source.Token);
        Assert.AreEqual(TrainingStatus.Canceled, result.Status);
    }

    [TestMethod]
    public void Ten_thousand_steps_do_not_grow()
    {
        using var objective = new TorchObjective(() => nn.Sequential(("in", nn.Linear(3, 4)), ("norm", nn.BatchNorm1d(4)), ("tanh", nn.Tanh()), ("out", nn.Linear(4, 1))), Data.Loss);
        using Data data = new("plain");
        using var training = new TensorBatchSource(data.Inputs, data.Targets, 25, 1);
        using var validation = new TensorBatchSource(data.HeldInputs, data.HeldTargets, 50, 1, 2, isForTraining: false);
        SgdUpdate rule = new();
        List<long> tensors = [], bytes = [];
        LoopOptions options = new() { Method = new AugmentedNeumann(), Hyperparameters = [.. rule.Hyperparameters.Select(h => h with { Tuned = true })], Rule = rule, Steps = 10_000 };
        new OnePassLoop<TorchVector>(objective, training, validation, options).Run(new Callback(p =>
        {
            if (p.Step % 2000 != 0)
                return;
            GC.Collect();
            GC.WaitForPendingFinalizers();
            tensors.Add(Tensor.TotalCount);
            bytes.Add(Environment.WorkingSet);
        }));
        Assert.HasCount(5, tensors);
        Assert.AreEqual(tensors[0], tensors[^1], string.Join(", ", tensors));
        Assert.IsLessThan(20_000_000, bytes[^1] - bytes[0], string.Join(", ", bytes));
    }

    [TestMethod]
    public void What_libtorch_would_abort_on_is_said_before()
    {
        using Data data = new("plain");
        void Fails<TException>(Func<nn.Module<Tensor, Tensor>> create, Func<Tensor, Tensor, Tensor> loss, string message) where TException : Exception =>
            StringAssert.Contains(Assert.ThrowsExactly<TException>(() => TorchOnePass.Train(create, loss, (data.Inputs, data.Targets), (data.HeldInputs, data.HeldTargets), new() { Steps = 20 })).Message, message);
        Fails<InvalidOperationException>(() => nn.Linear(3, 1), (output, target) => (output - target).square(), "must be one number");
        Fails<InvalidOperationException>(() => nn.Linear(3, 1), (output, target) => (output.detach() - target).square().mean(), "does not depend on the weights");
        Fails<ArgumentException>(() => nn.ReLU(), Data.Loss, "no parameters that can be trained");
        Fails<InvalidOperationException>(Growing(), Data.Loss, "the same layers each time");
        using Tensor none = zeros(0, 3);
        FailsOn<ArgumentException>("no examples", (none, none));
        FailsOn<ArgumentException>("150 inputs but 100 targets", (data.Inputs, data.HeldTargets));
        Fails<InvalidOperationException>(() => nn.Linear(5, 1), Data.Loss, "failed on inputs of shape [");
        nn.Module<Tensor, Tensor> same = nn.Linear(3, 1);
        Fails<InvalidOperationException>(() => same, Data.Loss, "must make a new one each time");

        void FailsOn<TException>(string message, (Tensor, Tensor) training) where TException : Exception =>
            StringAssert.Contains(Assert.ThrowsExactly<TException>(() => TorchOnePass.Train(() => nn.Linear(3, 1), Data.Loss, training, (data.HeldInputs, data.HeldTargets), new() { Steps = 20 })).Message, message);
    }

    [TestMethod]
    public void Unused_parameters_and_constant_gradients_are_no_trouble()
    {
        using Data data = new("plain");
        using TorchResult unused = TorchOnePass.Train(() => new WithUnusedLayer(), Data.Loss, (data.Inputs, data.Targets), (data.HeldInputs, data.HeldTargets), new() { Steps = 40 });
        Assert.IsTrue(double.IsFinite(unused.BestValidationLoss));
        // The gradient of a linear loss does not depend on the weights, so there is nothing to differentiate again.
        foreach (HypergradientMethod method in (HypergradientMethod[])[new AugmentedNeumann(), new ForwardMode()])
        {
            using TorchResult linear = TorchOnePass.Train(() => nn.Linear(3, 1), (output, target) => output.mean(), (data.Inputs, data.Targets), (data.HeldInputs, data.HeldTargets), new() { Steps = 40, Method = method });
            Assert.IsTrue(double.IsFinite(linear.BestValidationLoss));
        }
    }

    private static Func<nn.Module<Tensor, Tensor>> Growing()
    {
        int units = 1;
        return () => nn.Linear(3, units++);
    }

    private sealed class WithUnusedLayer : nn.Module<Tensor, Tensor>
    {
        private readonly nn.Module<Tensor, Tensor> _used = nn.Linear(3, 1);
        private readonly nn.Module<Tensor, Tensor> _unused = nn.Linear(2, 2);

        public WithUnusedLayer() : base(nameof(WithUnusedLayer)) => RegisterComponents();

        public override Tensor forward(Tensor input)
        {
            _ = _unused;
            return _used.call(input);
        }
    }

    private sealed class Callback(Action<TrainingProgress> action) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) => action(value);
    }

    private sealed class Data : IDisposable
    {
        private readonly string _kind;

        internal Data(string kind)
        {
            _kind = kind;
            Inputs = Draw(150, 1, out Tensor targets);
            Targets = targets;
            HeldInputs = Draw(100, 2, out targets);
            HeldTargets = targets;
        }

        internal Tensor Inputs { get; }

        internal Tensor Targets { get; }

        internal Tensor HeldInputs { get; }

        internal Tensor HeldTargets { get; }

        internal double Variance
        {
            get
            {
                using Tensor variance = HeldTargets.var();
                return variance.ToDouble();
            }
        }

        internal static Tensor Loss(Tensor output, Tensor target) => (output - target).square().mean();

        internal TorchResult Train(OnePassOptions options, IProgress<TrainingProgress>? progress = null, CancellationToken cancellation = default) =>
            TorchOnePass.Train(Create, Loss, (Inputs, Targets), (HeldInputs, HeldTargets), options, progress: progress, cancellation: cancellation);

        public void Dispose()
        {
            foreach (Tensor tensor in (Tensor[])[Inputs, Targets, HeldInputs, HeldTargets])
                tensor.Dispose();
        }

        /// <summary>How many modules were made.</summary>
        internal int Created { get; set; }

        internal nn.Module<Tensor, Tensor> Create()
        {
            Created++;
            return Make();
        }

        private nn.Module<Tensor, Tensor> Make() => _kind switch
        {
            "batch-norm" => nn.Sequential(("in", nn.Linear(3, 10)), ("norm", nn.BatchNorm1d(10)), ("relu", nn.ReLU()), ("out", nn.Linear(10, 1))),
            "dropout" => nn.Sequential(("in", nn.Linear(3, 40)), ("relu", nn.ReLU()), ("drop", nn.Dropout(0.1)), ("out", nn.Linear(40, 1))),
            "recurrent" => new Recurrent(),
            _ => nn.Sequential(("in", nn.Linear(3, 10)), ("relu", nn.ReLU()), ("out", nn.Linear(10, 1))),
        };

        private static Tensor Draw(int rows, int seed, out Tensor targets)
        {
            double[] x = Finite.Random(3 * rows, seed);
            targets = tensor(Enumerable.Range(0, rows).Select(i => (float)((2 * x[3 * i]) - x[(3 * i) + 1] + Math.Sin(3 * x[(3 * i) + 2]))).ToArray(), [rows, 1]);
            return tensor(Array.ConvertAll(x, v => (float)v), [rows, 3]);
        }

        /// <summary>Reads the features one after another.</summary>
        private sealed class Recurrent : nn.Module<Tensor, Tensor>
        {
            private readonly LongShortTermMemory _memory = new(1, 8);
            private readonly nn.Module<Tensor, Tensor> _out = nn.Linear(8, 1);

            public Recurrent() : base(nameof(Recurrent)) => RegisterComponents();

            public override Tensor forward(Tensor input)
            {
                using DisposeScope scope = NewDisposeScope();
                return _out.call(_memory.call(input.transpose(0, 1).unsqueeze(2)).select(0, -1)).MoveToOuterDisposeScope();
            }
        }
    }
}
