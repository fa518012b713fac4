using MLNetHyper.Engine;

namespace MLNetHyper;

internal static class StandardizationExtensions
{
    /// <summary>Standardizes labels in place, where there is anything to do.</summary>
    internal static void ApplyLabel(this Standardization standardization, Span<float> labels)
    {
        if (standardization.Offsets[0] == 0 && standardization.Scales[0] == 1)
            return;
        foreach (ref float label in labels)
            label = (float)standardization.Apply(label, 0);
    }
}
