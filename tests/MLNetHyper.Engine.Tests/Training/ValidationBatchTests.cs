namespace MLNetHyper.Engine.Tests;

/// <summary>Which validation examples a hypergradient sees.</summary>
[TestClass]
public sealed class ValidationBatchTests
{
    [TestMethod]
    [DataRow(11_200, 1_120, 125)]
    [DataRow(12_600, 1_260, 126)]
    [DataRow(20_640, 2_064, 122)]
    [DataRow(32_768, 4_096, 128)]
    [DataRow(32_800, 4_100, 125)]
    [DataRow(73_760, 9_220, 127)]
    [DataRow(5_000, 700, 117)]
    [DataRow(100, 70, 70)]
    [DataRow(20_000, 0, 0)]
    public void Batches_are_equal_by_default(int training, int validation, int size) =>
        Assert.AreEqual(size, new OnePassOptions().ValidationBatchSizeFor(training, validation));

    [TestMethod]
    public void Batches_are_no_larger_than_asked_for_and_no_more_than_needed_and_nearly_equal()
    {
        for (int asked = 1; asked <= 40; asked++)
        {
            OnePassOptions options = OnePassOptions.Published with { ValidationBatchSize = asked };
            for (int rows = 1; rows <= 300; rows++)
            {
                int size = options.ValidationBatchSizeFor(1000, rows), batches = (rows + size - 1) / size;
                Assert.IsLessThanOrEqualTo(asked, size);
                Assert.AreEqual((rows + asked - 1) / asked, batches);
                Assert.IsLessThan(batches, size - (rows - ((batches - 1) * size)), "less is missing from the last than there are batches");
            }
        }
    }

    [TestMethod]
    [DataRow(2)]
    [DataRow(3)]
    [DataRow(5)]
    [DataRow(10)]
    [DataRow(12)]
    public void All_batches_take_turns_at_any_tuning_interval(int batches)
    {
        foreach (int interval in new[] { 1, 4, 5, 10 })
        {
            List<int> seen = Seen(batches, interval, byStep: false);
            for (int i = 0; i < seen.Count; i++)
                Assert.AreEqual(i % batches, seen[i], $"T = {interval}");
        }
    }

    [TestMethod]
    public void A_trace_of_the_reference_uses_the_batch_of_the_weight_step() =>
        CollectionAssert.AreEqual(Enumerable.Repeat(4, 20).ToArray(), Seen(5, 10, byStep: true));

    [TestMethod]
    public void A_run_with_several_batches_resumes_bit_for_bit()
    {
        using var folder = new TemporaryFolder();
        OnePassOptions options = OnePassOptions.Published with { BatchSize = 20, ValidationBatchSize = 9, Steps = 200, Seed = 3 };
        Architecture shape = NetworkTestData.Shape(3, [4]);
        Examples<float> training = NetworkTestData.Single(NetworkTestData.Draw(shape, 100, 1)), validation = NetworkTestData.Single(NetworkTestData.Draw(shape, 31, 2));
        LoopResult<DenseVector<float>> whole = OnePass.Train(shape, training, validation, options);
        OnePassOptions saved = options with { CheckpointPath = folder["run"], CheckpointInterval = TimeSpan.Zero };
        using var source = new CancellationTokenSource();
        OnePass.Train(shape, training, validation, saved, new Callback(p =>
        {
            if (p.Step >= 70)
                source.Cancel();
        }), source.Token);
        LoopResult<DenseVector<float>> resumed = OnePass.Train(shape, training, validation, saved);
        CollectionAssert.AreEqual(NetworkTestData.Values(whole.FinalWeights), NetworkTestData.Values(resumed.FinalWeights));
    }

    [TestMethod]
    public void A_source_in_blocks_is_read_block_after_block()
    {
        Architecture shape = NetworkTestData.Shape(3, [4]);
        Examples<float> rows = NetworkTestData.Single(NetworkTestData.Draw(shape, 40, 2));
        var blocks = new BlockedExamples(rows, 20);
        NetworkObjective<float> objective = new(shape);
        BatchSource training = objective.CreateBatchSource(rows, 1, 1, 11), validation = objective.CreateBatchSource(blocks, 5, 1, 2);
        new OnePassLoop<DenseVector<float>>(objective, training, validation, new() { Method = new Neumann(), Hyperparameters = Rules.Tuned(new SgdUpdate()), Steps = 200, TuningInterval = 10 }).Run();
        // Four batches of each block: twenty turns need five blocks, and the first and the last measurement of all data a few more.
        Assert.IsLessThan(15, blocks.Calls.Count);
    }

    private static List<int> Seen(int batches, int interval, bool byStep)
    {
        var p = new Problem(QuadraticObjective.Diagonal([1, 2], [3, 4], 100), new CyclicBatches(0, 12, 4), new CyclicBatches(40, 2 * batches, 2));
        List<int> seen = [];
        var objective = new SabotagedObjective(p.Objective)
        {
            OnGradient = (_, batch) =>
            {
                if (batch.Count == 2)
                    seen.Add((((IndexBatch)batch).Examples[0] - 40) / 2);
                return 0;
            },
        };
        LoopOptions options = Methods.Options("neumann", "sgd") with { TuningInterval = interval, Steps = 20 * interval, ValidatesByStep = byStep };
        Loops.Run(p, options, objective);
        Assert.HasCount(20, seen);
        return seen;
    }
}
