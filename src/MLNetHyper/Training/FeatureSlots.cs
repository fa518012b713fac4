using MLNetHyper.Bridge;
using MLNetHyper.Engine;

namespace MLNetHyper;

/// <summary>
/// Which of many features a network needs to see. Hashing and n-grams make tens of thousands of slots of which hundreds ever vary: the others
/// are left out before rows become dense, and have weight zero in the trained network, which takes and knows them all.
/// </summary>
internal sealed class FeatureSlots
{
    /// <summary>Features from which on it is worth another pass over the data.</summary>
    internal const int Wide = 1024;

    private readonly int _count;
    private readonly int[] _used;

    private FeatureSlots(int count, int[] used) => (_count, _used) = (count, used);

    internal int UsedCount => _used.Length;

    /// <summary>The slots that vary in some rows, and those that a network to go on from has weights for; null where all are needed.</summary>
    internal static FeatureSlots? Varying(TrainingRows rows, TrainedNetwork? initial, TrainingLog log)
    {
        if (rows.FeatureCount < Wide)
            return null;
        var variation = new SlotVariation(rows.FeatureCount);
        using (RowReader reader = rows.Open())
        {
            for (long row = 0; reader.MoveNext(); row++)
            {
                variation.Add(reader.Slots, reader.Values);
                if ((row & 0xFFF) == 0)
                    log.ThrowIfCanceled();
            }
        }
        bool[] weighted = initial is null ? new bool[rows.FeatureCount] : Weighted(initial);
        FeatureSlots slots = Of(rows.FeatureCount, k => variation.Varies(k) || weighted[k]);
        if (slots.UsedCount == rows.FeatureCount)
            return null;
        log.Info($"{slots.UsedCount} of {rows.FeatureCount} features vary; the others are left out of training.");
        return slots;
    }

    /// <summary>The slots that a network has weights for, where those are less than half of many; null otherwise.</summary>
    internal static FeatureSlots? Weighing(TrainedNetwork network)
    {
        if (network.FeatureCount < Wide)
            return null;
        bool[] weighted = Weighted(network);
        FeatureSlots slots = Of(network.FeatureCount, k => weighted[k]);
        return 2L * slots.UsedCount < network.FeatureCount ? slots : null;
    }

    internal TrainingRows Narrow(TrainingRows rows) => rows.Keep(_used);

    internal void Narrow(ReadOnlySpan<float> row, Span<float> narrow)
    {
        for (int i = 0; i < _used.Length; i++)
            narrow[i] = row[_used[i]];
    }

    /// <summary>The network without the weights of the other features.</summary>
    internal TrainedNetwork Narrow(TrainedNetwork network)
    {
        int units = FirstUnits(network.Architecture);
        ReadOnlySpan<float> weights = network.Weights;
        float[] narrow = new float[weights.Length - (units * (_count - _used.Length))];
        for (int unit = 0; unit < units; unit++)
            Narrow(weights.Slice(unit * _count, _count), narrow.AsSpan(unit * _used.Length, _used.Length));
        weights[(units * _count)..].CopyTo(narrow.AsSpan(units * _used.Length));
        ReadOnlySpan<double> offsets = network.FeatureStandardization.Offsets, scales = network.FeatureStandardization.Scales;
        double[] usedOffsets = new double[_used.Length], usedScales = new double[_used.Length];
        for (int i = 0; i < _used.Length; i++)
            (usedOffsets[i], usedScales[i]) = (offsets[_used[i]], scales[_used[i]]);
        return new(network.Architecture with { Inputs = _used.Length }, narrow, new Standardization(usedOffsets, usedScales), network.LabelStandardization);
    }

    /// <summary>The network that takes all features, and does not mind the others.</summary>
    internal TrainedNetwork Widen(TrainedNetwork network)
    {
        int units = FirstUnits(network.Architecture);
        ReadOnlySpan<float> weights = network.Weights;
        float[] wide = new float[weights.Length + ((long)units * (_count - _used.Length))];
        double[] offsets = new double[_count], scales = new double[_count];
        Array.Fill(scales, 1);
        for (int i = 0; i < _used.Length; i++)
        {
            for (int unit = 0; unit < units; unit++)
                wide[(unit * _count) + _used[i]] = weights[(unit * _used.Length) + i];
            (offsets[_used[i]], scales[_used[i]]) = (network.FeatureStandardization.Offsets[i], network.FeatureStandardization.Scales[i]);
        }
        weights[(units * _used.Length)..].CopyTo(wide.AsSpan(units * _count));
        return new(network.Architecture with { Inputs = _count }, wide, new Standardization(offsets, scales), network.LabelStandardization);
    }

    // A network has an input, if only one that says nothing.
    private static FeatureSlots Of(int count, Func<int, bool> isUsed) =>
        new(count, [.. Enumerable.Range(0, count).Where(isUsed).DefaultIfEmpty(0)]);

    private static bool[] Weighted(TrainedNetwork network)
    {
        bool[] weighted = new bool[network.FeatureCount];
        ReadOnlySpan<float> weights = network.Weights[..(FirstUnits(network.Architecture) * network.FeatureCount)];
        for (int i = 0; i < weights.Length; i++)
            weighted[i % weighted.Length] |= weights[i] != 0;
        return weighted;
    }

    private static int FirstUnits(Architecture architecture) => architecture.Hidden.Count > 0 ? architecture.Hidden[0] : architecture.Outputs;
}
