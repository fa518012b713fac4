namespace MLNetHyper.Engine.Tests;

[TestClass]
public sealed unsafe class NetworkBatchSourceTests
{
    private const int Count = 37;

    [TestMethod]
    [DataRow(1)]
    [DataRow(5)]
    [DataRow(36)]
    [DataRow(37)]
    [DataRow(100)]
    public void Every_epoch_has_every_row_once(int batchSize)
    {
        BatchSource source = Source(batchSize, seed: 3);
        for (int epoch = 0; epoch < 3; epoch++)
        {
            List<float> seen = [];
            for (int i = 0; i < source.BatchesPerEpoch; i++)
                seen.AddRange(Targets(source.BatchAt(((long)epoch * source.BatchesPerEpoch) + i)));
            seen.Sort();
            CollectionAssert.AreEqual(Enumerable.Range(0, Count).Select(i => (float)i).ToArray(), seen.ToArray());
        }
    }

    [TestMethod]
    public void A_batch_depends_on_its_number_and_the_seed_alone()
    {
        BatchSource forward = Source(5, seed: 3), jumping = Source(5, seed: 3), other = Source(5, seed: 4);
        float[][] batches = [.. Enumerable.Range(0, 40).Select(i => Targets(forward.BatchAt(i)))];
        foreach (int number in (int[])[39, 0, 17, 17, 8])
            CollectionAssert.AreEqual(batches[number], Targets(jumping.BatchAt(number)));
        CollectionAssert.AreNotEqual(batches[0], Targets(other.BatchAt(0)));
        CollectionAssert.AreNotEqual(batches[0], batches[8]);
    }

    [TestMethod]
    public void Without_a_seed_rows_keep_their_order()
    {
        BatchSource source = Source(5, seed: null);
        CollectionAssert.AreEqual(new float[] { 5, 6, 7, 8, 9 }, Targets(source.BatchAt(1 + (2 * source.BatchesPerEpoch))));
    }

    [TestMethod]
    public void The_last_batches_stay_valid()
    {
        BatchSource source = Source(5, seed: 3);
        Batch first = source.BatchAt(0);
        float[] targets = Targets(first);
        source.BatchAt(1);
        CollectionAssert.AreEqual(targets, Targets(first));
    }

    [TestMethod]
    public void Minibatches_allocate_nothing()
    {
        BatchSource source = Source(5, seed: 3);
        source.BatchAt(0);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 100; i++)
            source.BatchAt(i);
        Assert.AreEqual(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [TestMethod]
    [DataRow(5, 5)]
    [DataRow(5, 10)]
    [DataRow(1, 36)]
    [DataRow(12, 36)]
    [DataRow(7, 35)]
    public void Batches_of_blocks_have_every_row_once_and_never_rows_of_two_blocks(int batchSize, int blockSize)
    {
        BlockedExamples rows = new(Rows(), blockSize);
        BatchSource source = Source(rows, batchSize, seed: 3);
        Assert.AreEqual(batchSize, source.BatchSize);
        for (int epoch = 0; epoch < 3; epoch++)
        {
            List<float> seen = [];
            for (int i = 0; i < source.BatchesPerEpoch; i++)
            {
                float[] batch = Targets(source.BatchAt(((long)epoch * source.BatchesPerEpoch) + i));
                Assert.HasCount(1, batch.Select(row => (int)row / blockSize).Distinct().ToArray());
                seen.AddRange(batch);
            }
            seen.Sort();
            CollectionAssert.AreEqual(Enumerable.Range(0, Count).Select(i => (float)i).ToArray(), seen.ToArray());
        }
        // Each block once an epoch, in order.
        CollectionAssert.AreEqual(Enumerable.Range(0, 3).SelectMany(e => Enumerable.Range(0, rows.BlockCount).Select(b => ((long)e, b))).ToArray(), rows.Calls.ToArray());
    }

    [TestMethod]
    public void A_batch_of_a_block_depends_on_its_number_and_the_seed_alone()
    {
        BatchSource forward = Source(new BlockedExamples(Rows(), 10), 5, seed: 3), jumping = Source(new BlockedExamples(Rows(), 10), 5, seed: 3);
        float[][] batches = [.. Enumerable.Range(0, 40).Select(i => Targets(forward.BatchAt(i)))];
        foreach (int number in (int[])[39, 0, 17, 17, 8, 7, 6, 0, 1])
            CollectionAssert.AreEqual(batches[number], Targets(jumping.BatchAt(number)));
        // Blocks and epochs are shuffled independently.
        CollectionAssert.AreNotEqual(batches[0].Select(row => row + 10).ToArray(), batches[2]);
        CollectionAssert.AreNotEqual(batches[0], batches[8]);
    }

    [TestMethod]
    [DataRow(5)]
    [DataRow(36)]
    [DataRow(37)]
    [DataRow(100)]
    public void One_block_gives_the_batches_that_examples_in_memory_give(int batchSize)
    {
        foreach (int blockSize in (int[])[Count, 1000])
        {
            BatchSource memory = Source(batchSize, seed: 3), block = Source(new BlockedExamples(Rows(), blockSize), batchSize, seed: 3);
            for (int i = 0; i < 3 * memory.BatchesPerEpoch; i++)
                CollectionAssert.AreEqual(Targets(memory.BatchAt(i)), Targets(block.BatchAt(i)));
        }
    }

    [TestMethod]
    public void Batches_of_blocks_stay_valid_and_allocate_nothing()
    {
        BatchSource source = Source(new BlockedExamples(Rows(), 5), 5, seed: 3);
        Batch first = source.BatchAt(0);
        float[] targets = Targets(first);
        source.BatchAt(1);
        CollectionAssert.AreEqual(targets, Targets(first));
        source.BatchAt(7);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 100; i++)
            source.BatchAt(i);
        Assert.AreEqual(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [TestMethod]
    public void Sources_that_do_not_fit_are_refused()
    {
        ArgumentException e = Assert.ThrowsExactly<ArgumentException>(() => Source(new BlockedExamples(Rows(), 12), 5, seed: 3));
        Assert.Contains("blocks of 12 examples are not a multiple of batches of 5. Choose a batch size that divides 12", e.Message);
        Assert.ThrowsExactly<ArgumentException>(() => Source(new BlockedExamples(Rows(), 12), 100, seed: 3));
        Assert.Throws<ArgumentException>(() => Source(new Examples<float>([], 2, []), 5, seed: 3));
        BatchSource faulty = Source(new BlockedExamples(Rows(), 10) { Missing = 1 }, 5, seed: 3);
        Assert.Contains("Block 2 of the examples should be 10 rows of 2 features, but are 9", Assert.ThrowsExactly<ArgumentException>(() => faulty.BatchAt(4)).Message);
    }

    [TestMethod]
    public void Targets_of_a_block_are_checked_when_it_is_read_and_every_time_again()
    {
        float[] targets = new float[20];
        targets[15] = float.NaN;
        BatchSource source = Source(new BlockedExamples(new(new float[40], 2, targets), 10), 5, seed: 3);
        source.BatchAt(1);
        for (int attempt = 0; attempt < 2; attempt++)
            Assert.Contains("is no target of SquaredError with 1 outputs", Assert.ThrowsExactly<ArgumentException>(() => source.BatchAt(2)).Message);
        source.BatchAt(0);
    }

    [TestMethod]
    public void Examples_are_one_block()
    {
        Examples<float> rows = Rows();
        Assert.AreEqual((Count, 1), (rows.BlockSize, rows.BlockCount));
        Assert.AreSame(rows, rows.BlockAt(7, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => rows.BlockAt(0, 1));
        Assert.AreEqual(0, new Examples<float>([], 2, []).BlockCount);
    }

    // The target of row i is i.
    private static Examples<float> Rows() => new(new float[2 * Count], 2, [.. Enumerable.Range(0, Count).Select(i => (float)i)]);

    private static BatchSource Source(int batchSize, int? seed) => Source(Rows(), batchSize, seed);

    private static BatchSource Source(ExampleSource<float> rows, int batchSize, int? seed) =>
        new NetworkObjective<float>(NetworkTestData.Shape(2, [3])).CreateBatchSource(rows, batchSize, seed, 2);

    private static float[] Targets(Batch batch) => new Span<float>(((NetworkBatch<float>)batch).Targets, batch.Count).ToArray();
}
