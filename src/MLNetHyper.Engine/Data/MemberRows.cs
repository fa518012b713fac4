namespace MLNetHyper.Engine;

/// <summary>How several members divide the same rows: which train each, and which validate it.</summary>
/// <param name="Training">Each member's training rows.</param>
/// <param name="Validation">Each member's validation rows: other rows for every member, as far as they go.</param>
internal sealed record MemberRows(IReadOnlyList<int[]> Training, IReadOnlyList<int[]> Validation)
{
    /// <summary>Divides rows at random, the same share of every class to every member.</summary>
    /// <param name="classes">Each row's class; all the same for a plain random division.</param>
    /// <param name="members">How many members there are.</param>
    /// <param name="validationRows">How many rows validate a member, at least 1 and fewer than there are.</param>
    /// <param name="seed">The same seed gives the same rows.</param>
    internal static MemberRows Divide(ReadOnlySpan<int> classes, int members, int validationRows, int seed)
    {
        int[] order = Spread(classes, seed);
        int[][] training = new int[members][], validation = new int[members][];
        for (int k = 0; k < members; k++)
        {
            bool[] validates = new bool[order.Length];
            for (int i = 0; i < validationRows; i++)
                validates[order[(int)((((long)k * validationRows) + i) % order.Length)]] = true;
            training[k] = [.. Enumerable.Range(0, order.Length).Where(row => !validates[row])];
            validation[k] = [.. Enumerable.Range(0, order.Length).Where(row => validates[row])];
        }
        return new(training, validation);
    }

    /// <summary>A random order of the rows in which every run of rows has about the same share of every class.</summary>
    internal static int[] Spread(ReadOnlySpan<int> classes, int seed)
    {
        int[] shuffled = ShuffledOrder.Of(classes.Length, seed, epoch: -1), classOf = classes.ToArray();
        Dictionary<int, int> counts = classOf.CountBy(c => c).ToDictionary();
        Dictionary<int, int> seen = [];
        double[] place = new double[shuffled.Length];
        foreach (int row in shuffled)
        {
            int before = seen.GetValueOrDefault(classOf[row]);
            seen[classOf[row]] = before + 1;
            place[row] = (before + 0.5) / counts[classOf[row]];
        }
        return [.. shuffled.OrderBy(row => place[row])];
    }
}
