namespace MLNetHyper.Engine.Tests;

/// <summary>Sizes that 32 bits cannot hold are refused, and never wrap to a buffer that is too short.</summary>
[TestClass]
public sealed class BufferSizeTests
{
    [TestMethod]
    [DataRow(65_535, 65_536)]
    [DataRow(65_536, 65_536)]
    [DataRow(46_341, 46_341)]
    [DataRow(1_000_000, 1_000_000)]
    public void A_layer_that_is_too_large_is_refused(int units, int columns)
    {
        InsufficientMemoryException e = Assert.ThrowsExactly<InsufficientMemoryException>(() =>
        {
            LayerBuffers<float> buffers = default;
            buffers.Reserve(units, columns, smooth: true);
        });
        Assert.Contains($"{((long)units * columns) + columns} numbers in one block", e.Message);
        Assert.Contains("Use a smaller network, smaller batches", e.Message);
    }

    [TestMethod]
    public void Room_that_is_there_is_not_taken_for_more()
    {
        LayerBuffers<float> buffers = default;
        buffers.Reserve(1, 1, smooth: false);
        // In 32 bits these would be no more than what is there.
        Assert.ThrowsExactly<InsufficientMemoryException>(() => buffers.Reserve(65_535, 65_536, smooth: false));
    }

    [TestMethod]
    public void A_buffer_of_the_greatest_length_and_more_is_refused()
    {
        foreach (long length in new[] { (long)Array.MaxLength, int.MaxValue, 1L << 32, (1L << 32) + 5 })
            Assert.Contains($"{length} numbers", Assert.ThrowsExactly<InsufficientMemoryException>(() => new AlignedBuffer<float>(length)).Message);
    }
}
