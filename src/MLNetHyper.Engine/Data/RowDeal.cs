namespace MLNetHyper.Engine;

/// <summary>Deals rows to workers: in every round each gets one, in an order drawn anew, so that each has a sample of all in whatever order they come.</summary>
/// <param name="workers">How many there are.</param>
/// <param name="seed">The same seed deals the same rows to the same workers.</param>
internal sealed class RowDeal(int workers, int seed)
{
    private readonly int[] _order = new int[workers];
    private long _round = -1;

    /// <summary>Whose a row is.</summary>
    internal int WorkerOf(long row)
    {
        (long round, long place) = Math.DivRem(row, workers);
        if (round != _round)
        {
            // Batches are shuffled with the seed itself.
            ShuffledOrder.Fill(_order, ~seed, round);
            _round = round;
        }
        return _order[place];
    }

    /// <summary>How many of so many rows a worker gets.</summary>
    internal int CountOf(int worker, int rows)
    {
        int count = rows / workers;
        for (int row = count * workers; row < rows; row++)
            count += WorkerOf(row) == worker ? 1 : 0;
        return count;
    }
}
