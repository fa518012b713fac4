namespace MLNetHyper.Torch.Tests;

/// <summary>Eleven words in two sequences, 0 to 4 and 5 to 9, three steps at a time.</summary>
[TestClass]
public sealed class SequenceBatchSourceTests
{
    private static readonly int[] _words = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10];

    [TestMethod]
    public void Batches_are_the_next_steps_of_all_sequences_with_the_words_that_follow()
    {
        using Tensor tokens = SequenceBatchSource.Arrange(_words, 2);
        using var source = new SequenceBatchSource(tokens, steps: 3);
        Assert.AreEqual((8, 6, 2), (source.ExampleCount, source.BatchSize, source.BatchesPerEpoch));
        foreach (long number in (long[])[0, 2, 4])
            Check(source.BatchAt(number), number, [3, 2], [0, 5, 1, 6, 2, 7], [1, 6, 2, 7, 3, 8]);
        // What is left of an epoch.
        foreach (long number in (long[])[1, 3])
            Check(source.BatchAt(number), number, [1, 2], [3, 8], [4, 9]);
    }

    [TestMethod]
    public void Runs_of_rows_are_sequences_too()
    {
        using Tensor tokens = SequenceBatchSource.Arrange(_words, 2), part = tokens.narrow(0, 2, 3);
        using var source = new SequenceBatchSource(part, steps: 100);
        Assert.AreEqual((4, 4, 1), (source.ExampleCount, source.BatchSize, source.BatchesPerEpoch));
        Check(source.BatchAt(5), 5, [2, 2], [2, 7, 3, 8], [3, 8, 4, 9]);
    }

    [TestMethod]
    public void As_many_batches_stay_as_are_retained_and_none_in_the_end()
    {
        long before = LiveTensors.CountSettled();
        using (Tensor tokens = SequenceBatchSource.Arrange(_words, 2))
        {
            using var source = new SequenceBatchSource(tokens, steps: 1, retained: 2);
            TorchBatch first = source.BatchAt(0), second = source.BatchAt(1);
            Check(first, 0, [1, 2], [0, 5], [1, 6]);
            long full = Tensor.TotalCount;
            for (int i = 2; i < 20; i++)
                source.BatchAt(i);
            Assert.AreEqual(full, Tensor.TotalCount);
            Assert.IsTrue(first.Inputs.IsInvalid && second.Targets.IsInvalid);
        }
        Assert.AreEqual(before, Tensor.TotalCount);
    }

    [TestMethod]
    public void What_has_no_word_to_predict_is_refused()
    {
        Assert.Contains("11 words do not make 6", Assert.ThrowsExactly<ArgumentException>(() => SequenceBatchSource.Arrange(_words, 6)).Message);
        using Tensor tokens = SequenceBatchSource.Arrange(_words, 5), row = tokens.narrow(0, 1, 1), numbers = tokens.to_type(ScalarType.Float32);
        Assert.Contains("5 sequences of 1", Assert.ThrowsExactly<ArgumentException>(() => new SequenceBatchSource(row, 3)).Message);
        Assert.Contains("Int64", Assert.ThrowsExactly<ArgumentException>(() => new SequenceBatchSource(numbers, 3)).Message);
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new SequenceBatchSource(tokens, 0));
    }

    private static void Check(TorchBatch batch, long number, long[] shape, long[] inputs, long[] targets)
    {
        Assert.AreEqual((number, targets.Length, true), (batch.Number, batch.Count, batch.IsForTraining));
        CollectionAssert.AreEqual(shape, batch.Inputs.shape);
        using Tensor flat = batch.Inputs.reshape(-1);
        CollectionAssert.AreEqual(inputs, flat.data<long>().ToArray());
        CollectionAssert.AreEqual(targets, batch.Targets.data<long>().ToArray());
    }
}
