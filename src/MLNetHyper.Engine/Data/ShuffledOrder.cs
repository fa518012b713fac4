namespace MLNetHyper.Engine;

/// <summary>The order of rows in an epoch: the same on every engine and machine.</summary>
internal static class ShuffledOrder
{
    internal static int[] Of(int count, int seed, long epoch)
    {
        int[] order = new int[count];
        Fill(order, seed, epoch);
        return order;
    }

    /// <summary>Fisher and Yates's shuffle of the numbers from 0; in their order where there is no seed.</summary>
    internal static void Fill(Span<int> order, int? seed, long stream)
    {
        for (int i = 0; i < order.Length; i++)
            order[i] = i;
        if (seed is null)
            return;
        SplitMix64 random = new(seed.Value, stream);
        for (int i = order.Length - 1; i > 0; i--)
        {
            int j = random.NextInt(i + 1);
            (order[i], order[j]) = (order[j], order[i]);
        }
    }
}
