using MLNetHyper.Engine;

namespace MLNetHyper;

internal static class StandardisationExtensions
{
    /// <summary>Standardises labels in place, where there is anything to do.</summary>
    internal static void ApplyLabel(this Standardisation standardisation, Span<float> labels)
    {
        if (standardisation.Offsets[0] == 0 && standardisation.Scales[0] == 1)
            return;
        foreach (ref float label in labels)
            label = (float)standardisation.Apply(label, 0);
    }
}
