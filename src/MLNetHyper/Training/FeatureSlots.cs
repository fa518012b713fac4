using MLNetHyper.Bridge;
using MLNetHyper.Engine;

namespace MLNetHyper;

/// <summary>
/// Which of many features a network needs to see. Hashing and n-grams make tens of thousands of slots of which hundreds ever vary: the others
/// are left out before rows become dense, and the trained network does not look at them.
/// </summary>
internal static class FeatureSlots
{
    /// <summary>The slots that vary in some rows, and those that a network to go on from looks at; null where all are needed.</summary>
    internal static FeatureSelection? Varying(TrainingRows rows, NetworkModel? initial, TrainingLog log)
    {
        if (rows.FeatureCount < FeatureSelection.Many)
            return null;
        bool[] used = new bool[rows.FeatureCount];
        foreach (int slot in initial?.UsedFeatures() ?? [])
            used[slot] = true;
        // What widens features knows no others.
        if (initial is not { WidensFeatures: true })
            AddVarying(rows, used, log);
        FeatureSelection? selection = FeatureSelection.Of(used.Length, [.. Enumerable.Range(0, used.Length).Where(k => used[k])]);
        if (selection is not null)
            log.Info($"{selection.OutputWidth} of {rows.FeatureCount} features vary; the others are left out of training.");
        return selection;
    }

    private static void AddVarying(TrainingRows rows, bool[] used, TrainingLog log)
    {
        var variation = new SlotVariation(used.Length);
        using RowReader reader = rows.Open();
        for (long row = 0; reader.MoveNext(); row++)
        {
            variation.Add(reader.Slots, reader.Values);
            if ((row & 0xFFF) == 0)
                log.ThrowIfCanceled();
        }
        for (int k = 0; k < used.Length; k++)
            used[k] |= variation.Varies(k);
    }
}
