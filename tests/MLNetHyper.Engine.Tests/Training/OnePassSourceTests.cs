namespace MLNetHyper.Engine.Tests;

/// <summary>Training on examples that are numbers already, in memory or in blocks.</summary>
[TestClass]
public sealed class OnePassSourceTests
{
    private const int Rows = 300;
    private const int BlockSize = 80;

    private static readonly Architecture _shape = NetworkTestData.Shape(5, [7]);

    private static readonly Examples<float> _training = Draw(Rows, 1), _validation = Draw(60, 2);

    private static OnePassOptions Minibatches { get; } = OnePassOptions.Published with { BatchSize = 20, ValidationBatchSize = 30, Steps = 200, Seed = 3 };

    [TestMethod]
    public void A_table_gives_the_same_bits()
    {
        foreach (LearningTask task in Enum.GetValues<LearningTask>())
        {
            PreparedData<float> data = DataPreparation.Prepare<float>(TrainingTables.Create(task), TrainingTables.Options);
            foreach (OnePassOptions options in (OnePassOptions[])[OnePassRuns.Small, OnePassRuns.Small with { BatchSize = 20, RetrainOnAll = true }])
            {
                OnePassResult whole = OnePass.Train(data, options);
                LoopResult<DenseVector<float>> result = OnePass.Train(whole.Model.Architecture, data.Train, data.Validation, options with { HiddenLayers = [0], Activation = Activation.Gelu });
                Tasks.ForgetUnlearned(result.Weights.Span, whole.Model.Architecture, options.RetrainOnAll ? Tasks.ZeroFeatures(data.Train, data.Validation) : Tasks.ZeroFeatures(data.Train), []);
                CollectionAssert.AreEqual(whole.Model.Network.Weights[0].ToArray(), result.Weights.Span.ToArray());
                Assert.AreEqual((whole.BestStep, whole.GradientEvaluations), (result.BestStep, result.GradientEvaluations));
            }
        }
    }

    [TestMethod]
    public void One_block_gives_the_same_bits_as_memory()
    {
        foreach (NamedChoice method in Methods())
        {
            foreach (OnePassOptions options in (OnePassOptions[])[Minibatches, Minibatches with { BatchSize = null, Steps = 60 }, Minibatches with { RetrainOnAll = true }])
            {
                OnePassOptions own = options with { Method = HypergradientMethods.Create(method.Name) };
                AreSame(OnePass.Train(_shape, _training, _validation, own), OnePass.Train(_shape, new BlockedExamples(_training, Rows), _validation, own), method.Name);
            }
        }
    }

    [TestMethod]
    public void Several_blocks_train_with_every_method()
    {
        foreach (NamedChoice method in Methods())
        {
            LoopResult<DenseVector<float>> result = OnePass.Train(_shape, new BlockedExamples(_training, BlockSize), _validation, Minibatches with { Method = HypergradientMethods.Create(method.Name) });
            Assert.AreEqual(TrainingStatus.Completed, result.Status);
            Assert.IsTrue(result.Weights.IsFinite());
            Assert.IsLessThan(0.8 * result.Trajectory.ValidationLosses[0], result.BestValidationLoss, method.Name);
        }
    }

    [TestMethod]
    public void Several_blocks_resume_bit_for_bit()
    {
        using var folder = new TemporaryFolder();
        LoopResult<DenseVector<float>> whole = OnePass.Train(_shape, Blocks(), _validation, Minibatches);
        foreach (int windows in (int[])[1, 2, 3, 7, 13])
        {
            OnePassOptions saved = Minibatches with { CheckpointPath = folder[$"{windows}"], CheckpointInterval = TimeSpan.Zero };
            Assert.AreEqual(TrainingStatus.Canceled, StopAfter(saved, windows).Status);
            AreSame(whole, OnePass.Train(_shape, Blocks(), _validation, saved), $"{windows} windows");
        }
    }

    [TestMethod]
    public void A_checkpoint_of_other_examples_or_weights_or_shape_is_refused()
    {
        using var folder = new TemporaryFolder();
        OnePassOptions saved = Minibatches with { CheckpointPath = folder["run"], CheckpointInterval = TimeSpan.Zero };
        StopAfter(saved, 3);
        double[] weights = new double[OnePass.Train(_shape, _training, _validation, Minibatches with { Steps = 1 }).Weights.Length];
        // Of several blocks the first is looked at, and how many rows there are; of one block everything.
        float[] features = [.. _training.Features], targets = [.. _training.Targets];
        features[0]++;
        targets[BlockSize - 1]++;
        (string What, Action Run)[] others =
        [
            ("features", () => OnePass.Train(_shape, new BlockedExamples(new(features, 5, _training.Targets), BlockSize), _validation, saved)),
            ("targets", () => OnePass.Train(_shape, new BlockedExamples(new(_training.Features, 5, targets), BlockSize), _validation, saved)),
            ("weights of examples", () => OnePass.Train(_shape, new BlockedExamples(new(_training.Features, 5, _training.Targets, new float[Rows]), BlockSize), _validation, saved)),
            ("rows", () => OnePass.Train(_shape, new BlockedExamples(new(_training.Features[..^5], 5, _training.Targets[..^1]), BlockSize), _validation, saved)),
            ("blocks", () => OnePass.Train(_shape, new BlockedExamples(_training, 100), _validation, saved)),
            ("memory", () => OnePass.Train(_shape, _training, _validation, saved)),
            ("validation", () => OnePass.Train(_shape, Blocks(), Draw(60, 3), saved)),
            ("seed", () => OnePass.Train(_shape, Blocks(), _validation, saved with { Seed = 4 })),
            ("activation", () => OnePass.Train(_shape with { Activation = Activation.Gelu }, Blocks(), _validation, saved)),
            ("initial weights", () => OnePass.Train(_shape, Blocks(), _validation, saved with { InitialWeights = weights })),
        ];
        foreach ((string what, Action run) in others)
            Assert.Contains("other data or options", Assert.ThrowsExactly<CheckpointException>(run, what).Message);
        // Nor do other initial weights go on.
        OnePassOptions warm = saved with { CheckpointPath = folder["warm"], InitialWeights = weights };
        StopAfter(warm, 3);
        weights = [.. weights];
        weights[^1] = 1;
        Assert.ThrowsExactly<CheckpointException>(() => OnePass.Train(_shape, Blocks(), _validation, warm with { InitialWeights = weights }));
    }

    [TestMethod]
    public void Without_validation_rows_plain_training_uses_all()
    {
        OnePassOptions options = Minibatches with { Method = new Fixed(), RetrainOnAll = true };
        LoopResult<DenseVector<float>> none = OnePass.Train(_shape, _training, null, options), empty = OnePass.Train(_shape, _training, new([], 5, []), options);
        AreSame(none, empty, "empty");
        Assert.AreEqual(200, none.BestStep);
        Assert.IsTrue(double.IsNaN(none.BestValidationLoss));
        Assert.Contains("tunes on validation data", Assert.ThrowsExactly<ArgumentException>(() => OnePass.Train(_shape, _training, null, Minibatches)).Message);
    }

    [TestMethod]
    public void The_default_for_several_blocks_is_minibatches()
    {
        LoopResult<DenseVector<float>> result = OnePass.Train(_shape, new BlockedExamples(Draw(1500, 1), 1024), _validation, new() { Epochs = 2 });
        Assert.AreEqual(24, result.Steps);
        Assert.Contains("not a multiple of batches of 128", Assert.ThrowsExactly<ArgumentException>(() => OnePass.Train(_shape, Blocks(), _validation, new())).Message);
    }

    [TestMethod]
    public void What_does_not_fit_is_refused()
    {
        Assert.Contains("come in 4 blocks. Turn RetrainOnAll off", Refused(() => OnePass.Train(_shape, Blocks(), _validation, Minibatches with { RetrainOnAll = true })));
        Assert.Contains("no training rows", Refused(() => OnePass.Train(_shape, new Examples<float>([], 5, []), _validation, new() { Epochs = 1 })));
        Assert.Contains("has 4 inputs, but the examples have 5", Refused(() => OnePass.Train(_shape with { Inputs = 4 }, _training, _validation, new())));
        Assert.Contains("Threads must be", Refused(() => OnePass.Train(_shape, _training, _validation, new() { Threads = 0 })));
        Assert.ThrowsExactly<ArgumentNullException>(() => OnePass.Train(null!, _training, _validation, new()));
        Assert.ThrowsExactly<ArgumentNullException>(() => OnePass.Train(_shape, null!, _validation, new()));
        Assert.ThrowsExactly<ArgumentNullException>(() => OnePass.Train(_shape, _training, _validation, null!));
    }

    private static string Refused(Action run) => Assert.Throws<ArgumentException>(run).Message;

    private static IEnumerable<NamedChoice> Methods() => HypergradientMethods.All;

    private static BlockedExamples Blocks() => new(_training, BlockSize);

    private static Examples<float> Draw(int rows, int seed)
    {
        Examples<double> drawn = NetworkTestData.Draw(_shape, rows, seed);
        for (int i = 0; i < rows; i++)
            drawn.Targets[i] = drawn.Features[5 * i] - (2 * drawn.Features[(5 * i) + 1]) + (0.1 * drawn.Targets[i]);
        return NetworkTestData.Single(drawn);
    }

    private static LoopResult<DenseVector<float>> StopAfter(OnePassOptions options, int windows)
    {
        using var source = new CancellationTokenSource();
        int closed = 0;
        return OnePass.Train(_shape, Blocks(), _validation, options, new Callback(_ =>
        {
            if (++closed == windows)
                source.Cancel();
        }), source.Token);
    }

    private static void AreSame(LoopResult<DenseVector<float>> expected, LoopResult<DenseVector<float>> actual, string what)
    {
        CollectionAssert.AreEqual(expected.Weights.Span.ToArray(), actual.Weights.Span.ToArray(), what);
        CollectionAssert.AreEqual(expected.FinalWeights.Span.ToArray(), actual.FinalWeights.Span.ToArray(), what);
        Assert.AreEqual((expected.Status, expected.Steps, expected.BestStep, expected.BestValidationLoss, expected.GradientEvaluations), (actual.Status, actual.Steps, actual.BestStep, actual.BestValidationLoss, actual.GradientEvaluations), what);
        CollectionAssert.AreEqual(expected.Trajectory.TrainingLosses.ToArray(), actual.Trajectory.TrainingLosses.ToArray(), what);
    }
}
