namespace MLNetHyper;

/// <summary>
/// Whether rows that pass by come in the order of their labels: blocks of them, which are shuffled only within, are then unlike one another,
/// and training forgets in one what it learned in the other.
/// </summary>
internal sealed class LabelOrder(long blockRows)
{
    // Means of blocks that differ by so much of the labels' deviation are no chance and no mild drift.
    private const double Unlike = 0.5;

    // Fewer rows would have such means by chance.
    private const int LeastRows = 100;

    private double _least = double.PositiveInfinity;
    private double _greatest = double.NegativeInfinity;
    private double _blockSum;
    private double _sum;
    private double _squares;
    private long _inBlock;
    private long _count;

    internal void Add(float label)
    {
        _blockSum += label;
        _sum += label;
        _squares += (double)label * label;
        _count++;
        if (++_inBlock == blockRows)
            Close();
    }

    /// <summary>After the last row.</summary>
    internal bool IsSorted()
    {
        Close();
        double mean = _sum / _count, variance = (_squares / _count) - (mean * mean);
        return variance > 0 && _greatest - _least > Unlike * Math.Sqrt(variance);
    }

    private void Close()
    {
        if (_inBlock >= LeastRows)
        {
            _least = Math.Min(_least, _blockSum / _inBlock);
            _greatest = Math.Max(_greatest, _blockSum / _inBlock);
        }
        (_blockSum, _inBlock) = (0, 0);
    }
}
