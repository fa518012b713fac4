namespace MLNetHyper.Engine;

/// <summary>Training rows in a temporary file. Blocks come in another order in every epoch.</summary>
internal sealed class PackedExamples : ReadAheadExamples
{
    private readonly PackedFile _file;
    private readonly int _seed;
    private readonly int[] _order;
    private long _orderOf = -1;

    internal PackedExamples(PackedFile file, int count, int featureCount, bool hasWeights, int blockSize, int seed) : base(count, featureCount, hasWeights, blockSize)
    {
        (_file, _seed) = (file, seed);
        // The last block is smaller and stays the last.
        _order = new int[BlockCount - 1];
    }

    /// <summary>Features that are 0 in all rows.</summary>
    internal required IReadOnlyList<int> ZeroFeatures { get; init; }

    private protected override bool IsSameInEveryEpoch(int index) => index == BlockCount - 1;

    private protected override void Read(long epoch, int index, Examples<float> into)
    {
        if (epoch != _orderOf)
        {
            ShuffledOrder.Fill(_order, _seed, epoch);
            _orderOf = epoch;
        }
        _file.Read(index < _order.Length ? _order[index] : index, into);
    }

    /// <summary>The file is then gone.</summary>
    private protected override void Close() => _file.Dispose();
}
