namespace MLNetHyper.Torch.Tests;

/// <summary>Self-tuning networks in one call.</summary>
[TestClass]
public sealed class SelfTuningTests
{
    private static readonly OnePassOptions _options = SelfTuning.Options with { Steps = 120, Seed = 3, BatchSize = 40, Method = new SelfTuning(warmUp: 20) };

    public static IEnumerable<object[]> Kinds =>
    [
        ["dense", true, false],
        ["dense", false, false],
        ["dense", true, true],
        ["convolution", true, false],
        ["convolution", false, false],
    ];

    [TestMethod]
    [DynamicData(nameof(Kinds))]
    public void Learns_and_leaves_no_tensors(string kind, bool separate, bool linearize)
    {
        using Data data = new(kind, separate, linearize);
        // TorchSharp counts a parameter twice when it is made and once when it is disposed of.
        long before = LiveTensors.CountSettled();
        new ModuleWeights(data.Create, CPU, ScalarType.Float32).Dispose();
        long countedForNothing = Tensor.TotalCount - before;
        data.Created = 0;
        before = LiveTensors.CountSettled();
        using (TorchResult result = data.Train(_options))
        {
            Assert.AreEqual(TrainingStatus.Completed, result.Status);
            Assert.AreEqual(0, result.Rollbacks);
            Assert.IsLessThan(0.8 * data.Variance, result.BestValidationLoss);
            foreach (string name in data.Names)
            {
                IReadOnlyList<double> values = result.Trajectory.Values(name);
                Assert.AreEqual(values[0], values[9], "warm-up");
                Assert.AreNotEqual(values[0], values[^1], name);
            }
            Assert.AreEqual(result.Trajectory.Values("wd")[0], result.Trajectory.Values("wd")[^1]);
            // The finished network is a plain one, and its loss the one that it was chosen for.
            using DisposeScope scope = NewDisposeScope();
            using IDisposable mode = no_grad();
            Assert.AreEqual(result.BestValidationLoss, Data.Loss(result.Module.call(data.HeldInputs), data.HeldTargets).ToDouble(), 1e-5);
        }
        Assert.AreEqual(before + (data.Created * countedForNothing), Tensor.TotalCount, "tensors left");
    }

    [TestMethod]
    [DynamicData(nameof(Kinds))]
    public void Same_seed_gives_the_same_bits_also_when_resumed(string kind, bool separate, bool linearize)
    {
        using Data data = new(kind, separate, linearize);
        using PublishedFolder folder = new();
        // A schedule runs to the last step: a longer run has another one.
        OnePassOptions options = _options with { Steps = 60, LearningRateSchedule = LearningRateSchedule.Constant };
        using TorchResult first = data.Train(options), second = data.Train(options), other = data.Train(options with { Seed = 4 });
        AreEqual(first, second);
        CollectionAssert.AreNotEqual(first.Trajectory.TrainingLosses.ToArray(), other.Trajectory.TrainingLosses.ToArray());
        OnePassOptions saved = options with { CheckpointPath = Path.Combine(folder.Path, "c"), CheckpointInterval = TimeSpan.Zero };
        using (data.Train(saved with { Steps = 30 }))
        {
        }
        using TorchResult resumed = data.Train(saved);
        Assert.AreEqual(30, resumed.ResumedFrom);
        AreEqual(first, resumed);

        void AreEqual(TorchResult expected, TorchResult actual)
        {
            CollectionAssert.AreEqual(expected.Trajectory.TrainingLosses.ToArray(), actual.Trajectory.TrainingLosses.ToArray());
            foreach (string name in expected.Trajectory.Names)
                CollectionAssert.AreEqual(expected.Trajectory.Values(name).ToArray(), actual.Trajectory.Values(name).ToArray(), name);
        }
    }

    [TestMethod]
    public void Cancellation_and_divergence_leave_a_finite_network()
    {
        using Data data = new("dense", true, false);
        using var source = new CancellationTokenSource();
        source.Cancel();
        using TorchResult canceled = data.Train(_options, cancellation: source.Token);
        Assert.AreEqual(TrainingStatus.Canceled, canceled.Status);
        using TorchResult thrown = data.Train(_options with { Rule = new SgdUpdate(), Initial = new Dictionary<string, double> { ["lr"] = 1e4 } });
        Assert.IsGreaterThan(0, thrown.Rollbacks);
        foreach (TorchResult result in (TorchResult[])[canceled, thrown])
        {
            using DisposeScope scope = NewDisposeScope();
            using IDisposable mode = no_grad();
            Assert.IsTrue(double.IsFinite(Data.Loss(result.Module.call(data.HeldInputs), data.HeldTargets).ToDouble()));
        }
        Assert.IsTrue(thrown.Trajectory.Values("noise").All(double.IsFinite));
    }

    [TestMethod]
    public void Entropy_widens_what_is_drawn()
    {
        double[] ends = [.. new[] { 0, 1.0 }.Select(entropy =>
        {
            using Data data = new("dense", true, false) { Entropy = entropy };
            using TorchResult result = data.Train(_options);
            return result.Trajectory.Values("noise-scale")[^1];
        })];
        Assert.IsGreaterThan(0.6, ends[1], "the entropy alone, nearly");
        Assert.IsLessThan(ends[1], ends[0]);
    }

    [TestMethod]
    public void Learned_schedule_is_replayed_on_a_plain_network()
    {
        using Data data = new("dense", true, false);
        using TorchResult learned = data.Train(_options);
        using TorchResult replayed = data.Train(_options with { Method = new Fixed() }, plain: true, schedule: learned.Trajectory);
        foreach (string name in learned.Trajectory.Names)
            Finite.AreClose([.. learned.Trajectory.Values(name)], [.. replayed.Trajectory.Values(name)], 1e-12, name);
        Assert.IsLessThan(0.8 * data.Variance, replayed.BestValidationLoss);
        Assert.Contains("Choose the method 'fixed'", Assert.ThrowsExactly<ArgumentException>(() => data.Train(_options, schedule: learned.Trajectory)).Message);
    }

    [TestMethod]
    public void Fixed_values_are_those_of_plain_layers()
    {
        using Data data = new("dense", true, false);
        OnePassOptions options = _options with { Method = new Fixed() };
        using TorchResult responding = data.Train(options), plain = data.Train(options, plain: true);
        Assert.AreEqual(responding.Trajectory.Values("noise")[0], responding.Trajectory.Values("noise")[^1]);
        Assert.IsLessThan(0.8 * data.Variance, responding.BestValidationLoss);
        Assert.IsLessThan(0.8 * data.Variance, plain.BestValidationLoss);
    }

    [TestMethod]
    public void What_does_not_fit_is_refused()
    {
        using Data data = new("dense", true, false);
        Refused("tuned by the method 'self-tuning', not by 'extrapolated'", new());
        Refused("not 'lr' of the update rule", SelfTuning.Options with { Steps = 10, Tune = ["lr"] });
        Assert.Contains($"Give the training {nameof(SelfTuningRegularizers)}", Assert.ThrowsExactly<ArgumentException>(() =>
            TorchOnePass.Train(() => nn.Linear(3, 1), Data.Loss, (data.Inputs, data.Targets), (data.HeldInputs, data.HeldTargets), SelfTuning.Options)).Message);
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new SelfTuning(-1));

        void Refused(string message, OnePassOptions options) => Assert.Contains(message, Assert.ThrowsExactly<ArgumentException>(() => data.Train(options)).Message);
    }

    private sealed class Data : IDisposable
    {
        private readonly bool _isImages;
        private readonly bool _separate;
        private readonly bool _linearize;
        private readonly TunedRegularizer[] _parts;
        private SelfTuningRegularizers? _regularizers;

        internal Data(string kind, bool separate, bool linearize)
        {
            TorchRuntime.Require(null);
            (_isImages, _separate, _linearize) = (kind == "convolution", separate, linearize);
            _parts = _isImages ? [new TunedCutout(length: 2.5, greatestLength: 4), new TunedDropout()] : [new TunedNoise(), new TunedFeatureDropout(), new TunedDropout()];
            (Inputs, Targets) = Draw(160, 1);
            (HeldInputs, HeldTargets) = Draw(90, 2);
        }

        internal double Entropy { get; init; } = 1e-3;

        internal Tensor Inputs { get; }

        internal Tensor Targets { get; }

        internal Tensor HeldInputs { get; }

        internal Tensor HeldTargets { get; }

        internal IEnumerable<string> Names => Regularizers.Hyperparameters.Select(h => h.Name);

        /// <summary>How many modules were made.</summary>
        internal int Created { get; set; }

        internal double Variance
        {
            get
            {
                using Tensor variance = HeldTargets.var();
                return variance.ToDouble();
            }
        }

        private SelfTuningRegularizers Regularizers => _regularizers ??= new(_parts) { Separate = _separate, Linearize = _linearize, Entropy = Entropy };

        internal static Tensor Loss(Tensor output, Tensor target) => (output - target).square().mean();

        internal TorchResult Train(OnePassOptions options, bool plain = false, Trajectory? schedule = null, CancellationToken cancellation = default) =>
            TorchOnePass.Train(() => plain ? Make((inputs, outputs) => nn.Linear(inputs, outputs)) : Create(), Loss, (Inputs, Targets), (HeldInputs, HeldTargets), options, regularizer: Regularizers, schedule: schedule, cancellation: cancellation);

        internal nn.Module<Tensor, Tensor> Create()
        {
            Created++;
            if (_isImages)
                return nn.Sequential(Regularizers.Layer(_parts[0]), new BestResponseConv2d(1, 4, 3, Regularizers, padding: 1), nn.ReLU(), nn.Flatten(), Regularizers.Layer(_parts[1]), new BestResponseLinear(144, 1, Regularizers));
            return Make((inputs, outputs) => new BestResponseLinear((int)inputs, (int)outputs, Regularizers));
        }

        public void Dispose()
        {
            foreach (Tensor tensor in (Tensor[])[Inputs, Targets, HeldInputs, HeldTargets])
                tensor.Dispose();
        }

        private nn.Module<Tensor, Tensor> Make(Func<long, long, nn.Module<Tensor, Tensor>> dense) =>
            nn.Sequential(Regularizers.Layer(_parts[0]), Regularizers.Layer(_parts[1]), dense(3, 20), nn.ReLU(), Regularizers.Layer(_parts[2]), dense(20, 1));

        private (Tensor Inputs, Tensor Targets) Draw(int rows, int seed)
        {
            int width = _isImages ? 36 : 3;
            double[] x = Finite.Random(width * rows, seed);
            // What the middle of an image is like, or a smooth function of the numbers.
            float[] y = [.. Enumerable.Range(0, rows).Select(i => (float)(_isImages ? x[(width * i) + 14] + x[(width * i) + 15] + x[(width * i) + 20] : (2 * x[3 * i]) - x[(3 * i) + 1] + Math.Sin(3 * x[(3 * i) + 2])))];
            long[] shape = _isImages ? [rows, 1, 6, 6] : [rows, 3];
            return (tensor(Array.ConvertAll(x, v => (float)v), shape), tensor(y, [rows, 1]));
        }
    }
}
