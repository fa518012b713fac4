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

    // The target of row i is i.
    private static BatchSource Source(int batchSize, int? seed)
    {
        float[] targets = [.. Enumerable.Range(0, Count).Select(i => (float)i)];
        NetworkObjective<float> objective = new(NetworkTestData.Shape(2, [3]));
        return objective.CreateBatchSource(new Examples<float>(new float[2 * Count], 2, targets), batchSize, seed, 2);
    }

    private static float[] Targets(Batch batch) => new Span<float>(((NetworkBatch<float>)batch).Targets, batch.Count).ToArray();
}
