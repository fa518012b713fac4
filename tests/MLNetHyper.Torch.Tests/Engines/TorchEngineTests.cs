namespace MLNetHyper.Torch.Tests.Engines;

/// <summary>The engine against the managed one, and what it leaves behind.</summary>
[TestClass]
public sealed class TorchEngineTests
{
    private static readonly Architecture _architecture = new(4, [16], 1, Activation.Tanh, Loss.SquaredError);

    private static readonly OnePassOptions _options = new() { HiddenLayers = [16], BatchSize = 50, Steps = 100, Seed = 3 };

    // Methods with the rules and losses that differ most.
    private static readonly Dictionary<string, (Architecture Architecture, OnePassOptions Options)> _runs = new()
    {
        ["default, minibatches"] = (_architecture, _options),
        ["full batches"] = (_architecture with { Loss = Loss.Logistic, Activation = Activation.Gelu }, _options with { BatchSize = null }),
        ["classes, tangents"] = (new Architecture(4, [16, 8], 3, Activation.Relu, Loss.SoftmaxCrossEntropy), _options with { Method = new ForwardMode() }),
        ["Adam, per tensor"] = (_architecture, _options with { Rule = new AdamUpdate(), Method = new Neumann(), LearningRateGranularity = Granularity.PerTensor }),
        ["retrained"] = (_architecture, _options with { RetrainOnAll = true }),
        ["several passes"] = (_architecture, _options with { Rule = new SgdUpdate(), Method = new ForwardSharing(2, passes: 3), Steps = 40 }),
        ["one network"] = (_architecture, _options with { Members = 1 }),
    };

    public static IEnumerable<object[]> Names => _runs.Keys.Select(name => new object[] { name });

    [TestMethod]
    [DynamicData(nameof(Names))]
    public void Losses_and_weights_are_those_of_the_managed_engine(string name)
    {
        (Architecture architecture, OnePassOptions options) = _runs[name];
        LoopResult<DenseVector<float>> expected = Train(NetworkEngine.Managed, architecture, options), actual = Train(new TorchEngine(), architecture, options);
        Agree(expected, actual, name);
    }

    [TestMethod]
    [DynamicData(nameof(Names))]
    public void Nothing_is_left_on_the_device(string name)
    {
        (Architecture architecture, OnePassOptions options) = _runs[name];
        var engine = new TorchEngine();
        Train(engine, architecture, options);
        long before = LiveTensors.CountSettled();
        Train(engine, architecture, options);
        Assert.AreEqual(before, Tensor.TotalCount, name);
        Assert.Throws<InvalidOperationException>(() => Train(engine, architecture, options, new Direct(_ => throw new InvalidOperationException())));
        Assert.AreEqual(before, Tensor.TotalCount, name + ", ended by an exception");
    }

    /// <summary>Members have rows, orders and weights of their own, and one fold may be a row shorter than another.</summary>
    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public void Folded_members_are_those_of_the_managed_engine(bool weighted)
    {
        (Examples<float> training, Examples<float> validation) = Rows(101, weighted);
        OnePassOptions options = _options with { Members = 3, Seed = 5, Method = new AugmentedNeumann(lookBack: 3) };
        Examples<float> folded = OnePass.Fold(training, validation, _architecture.Loss, options);
        Assert.IsNotNull(folded.Folds);
        LoopResult<DenseVector<float>> expected = NetworkEngine.Managed.Train(_architecture, folded, validation, options), actual = new TorchEngine().Train(_architecture, folded, validation, options);
        Agree(expected, actual, "folded");
        Assert.AreEqual(3, expected.Models.Select(model => model.BestValidationLoss).Distinct().Count());
    }

    /// <summary>Each pass has a division of its own, and the last run that of the caller.</summary>
    [TestMethod]
    public void Passes_on_rows_divided_anew_are_those_of_the_managed_engine()
    {
        (Examples<float> training, Examples<float> validation) = Rows(101, weighted: true);
        OnePassOptions options = _options with { Rule = new SgdUpdate(), Method = new ForwardSharing(2, passes: 8), Steps = 40, Seed = 5 };
        Examples<float> divided = OnePass.Fold(training, validation, _architecture.Loss, options);
        Assert.AreEqual(8, divided.Redivided!.Folds!.Training.Select(rows => string.Join(' ', rows)).Distinct().Count());
        LoopResult<DenseVector<float>> expected = NetworkEngine.Managed.Train(_architecture, divided, validation, options), actual = new TorchEngine().Train(_architecture, divided, validation, options);
        Agree(expected, actual, "divided anew");
        Assert.AreNotEqual(NetworkEngine.Managed.Train(_architecture, training, validation, options).BestValidationLoss, expected.BestValidationLoss, "as it is without");
    }

    private static (Examples<float> Training, Examples<float> Validation) Rows(int count, bool weighted)
    {
        var random = new Random(7);
        float[] Draw(int n) => [.. Enumerable.Range(0, n).Select(_ => (float)((2 * random.NextDouble()) - 1))];
        Examples<float> Make(int rows)
        {
            float[] features = Draw(rows * _architecture.Inputs);
            return new(features, _architecture.Inputs, [.. Enumerable.Range(0, rows).Select(i => features[i * _architecture.Inputs] * 2)], weighted ? [.. Draw(rows).Select(w => 1 + w)] : null);
        }
        return (Make(count), Make(count / 4));
    }

    [TestMethod]
    public void Cancellation_gives_what_was_reached()
    {
        using var source = new CancellationTokenSource();
        LoopResult<DenseVector<float>> result = Train(new TorchEngine(), _architecture, _options, new Direct(p =>
        {
            if (p.Step == 50)
                source.Cancel();
        }), source.Token);
        Assert.AreEqual((TrainingStatus.Canceled, 50L), (result.Status, result.Steps));
        Assert.IsTrue(result.Weights.IsFinite());
    }

    [TestMethod]
    public void A_run_goes_on_from_the_checkpoint_of_another_engine()
    {
        string path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        try
        {
            // A schedule runs to the last step, and several members lie otherwise in memory there: their checkpoints are their engine's.
            OnePassOptions one = _options with { Members = 1, LearningRateSchedule = LearningRateSchedule.Constant }, options = one with { CheckpointPath = path, CheckpointInterval = TimeSpan.Zero };
            LoopResult<DenseVector<float>> whole = Train(NetworkEngine.Managed, _architecture, one);
            Train(new TorchEngine(), _architecture, options with { Steps = 50 });
            Agree(whole, Train(NetworkEngine.Managed, _architecture, options), "managed after libtorch");
        }
        finally
        {
            File.Delete(path);
        }
    }

    [TestMethod]
    public void Cuda_gives_what_the_managed_engine_gives()
    {
        Gpu.Require();
        var engine = new TorchEngine(CUDA);
        Assert.AreEqual("cuda:0", engine.Name);
        foreach ((string name, (Architecture architecture, OnePassOptions options)) in _runs)
            Agree(Train(NetworkEngine.Managed, architecture, options), Train(engine, architecture, options), name);
    }

    [TestMethod]
    public void A_Cuda_device_that_is_not_there_is_told_of()
    {
        TorchUnavailableException e = Assert.Throws<TorchUnavailableException>(() => new TorchEngine(new torch.Device(DeviceType.CUDA, 99)));
        StringAssert.Contains(e.Message, TorchRuntime.IsCudaAvailable ? "99" : "TorchSharp-cuda");
    }

    internal static LoopResult<DenseVector<float>> Train(NetworkEngine engine, Architecture architecture, OnePassOptions options, IProgress<TrainingProgress>? progress = null, CancellationToken cancellation = default) =>
        engine.Train(architecture, NetworkData.Draw(architecture, 220, 1).ToSingle(), NetworkData.Draw(architecture, 60, 9).ToSingle(), options, progress, cancellation);

    private static void Agree(LoopResult<DenseVector<float>> expected, LoopResult<DenseVector<float>> actual, string name)
    {
        Assert.AreEqual((expected.Status, expected.Steps, expected.BestStep), (actual.Status, actual.Steps, actual.BestStep), name);
        Assert.AreEqual(expected.Trajectory.Count, actual.Trajectory.Count, name);
        for (int i = 0; i < expected.Trajectory.Count; i++)
        {
            Close(expected.Trajectory.TrainingLosses[i], actual.Trajectory.TrainingLosses[i], $"{name}, training loss {i}");
            Close(expected.Trajectory.ValidationLosses[i], actual.Trajectory.ValidationLosses[i], $"{name}, validation loss {i}");
        }
        Assert.AreEqual(expected.Segments.Count, actual.Segments.Count, name);
        foreach ((TensorSegment ours, TensorSegment theirs) in expected.Segments.Zip(actual.Segments))
        {
            for (int i = 0; i < ours.Length; i++)
            {
                Assert.AreEqual(expected.Weights.Span[ours.Start + i], actual.Weights.Span[theirs.Start + i], 2e-3, $"{name}, {ours.Name}, weight {i}");
                Assert.AreEqual(expected.FinalWeights.Span[ours.Start + i], actual.FinalWeights.Span[theirs.Start + i], 2e-3, $"{name}, {ours.Name}, last weight {i}");
            }
        }
    }

    private static void Close(double expected, double actual, string what) => Assert.AreEqual(expected, actual, 1e-4 * Math.Abs(expected), what);

    internal sealed class Direct(Action<TrainingProgress> act) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) => act(value);
    }
}
