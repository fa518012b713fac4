namespace MLNetHyper.Engine.Tests;

[TestClass]
public sealed class RandomSourceTests
{
    [TestMethod]
    public void Bits_are_those_of_the_published_generator()
    {
        RandomSource random = new(42);
        ulong[] expected = [0x15780b2e0c2ec716, 0x6104d9866d113a7e, 0xae17533239e499a1, 0xecb8ad4703b360a1];
        foreach (ulong bits in expected)
            Assert.AreEqual(bits, random.NextBits());
    }

    [TestMethod]
    public void Integers_fill_their_range_evenly()
    {
        RandomSource random = new(1);
        int[] counts = new int[7];
        for (int i = 0; i < 70_000; i++)
            counts[random.Next(7)]++;
        // 10000 ± 5 standard deviations.
        Assert.IsTrue(counts.All(count => Math.Abs(count - 10_000) < 500), string.Join(' ', counts));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => random.Next(0));
    }

    [TestMethod]
    public void Shuffling_permutes_and_every_order_is_as_likely()
    {
        RandomSource random = new(2);
        Dictionary<string, int> orders = [];
        for (int i = 0; i < 12_000; i++)
        {
            char[] items = ['a', 'b', 'c'];
            random.Shuffle(items.AsSpan());
            orders[new string(items)] = orders.GetValueOrDefault(new string(items)) + 1;
        }
        Assert.HasCount(6, orders);
        Assert.IsTrue(orders.Values.All(count => Math.Abs(count - 2000) < 210));
    }
}
