using System.Globalization;
using MLNetHyper.Engine;

namespace MLNetHyper;

/// <summary>How long a run on many features may take, so that nobody waits without knowing what for.</summary>
internal static class RunEstimate
{
    // A few cores with wide vectors do so many operations a second on large layers. It is the order of magnitude that counts.
    private const double PerSecond = 3e10;

    // Forward, and twice that backward; and half as much again for tuning.
    private const double PerWeight = 6 * 1.5;

    private static readonly TimeSpan _long = TimeSpan.FromMinutes(2);

    /// <summary>A sentence with the remedies; null where a run is short, ends by the clock, or has no features to spare.</summary>
    internal static string? Warning(Architecture architecture, OnePassOptions options, ExampleSource<float> training)
    {
        if (architecture.Inputs < FeatureSelection.Many || options.TimeBudget is not null)
            return null;
        int batch = options.BatchSizeFor(training.Count);
        double steps = options.Epochs is { } epochs ? Math.Ceiling((double)training.Count / batch) * epochs : options.Steps ?? (options.Effort * OnePassOptions.Defaults.Steps(training.TrainingCount));
        double weights = (double)architecture.Inputs * (architecture.Hidden.Count > 0 ? architecture.Hidden[0] : architecture.Outputs);
        double seconds = PerWeight * weights * batch * steps * options.MemberCount / PerSecond;
        if (seconds < _long.TotalSeconds)
            return null;
        return string.Create(CultureInfo.InvariantCulture,
            $"Training on {architecture.Inputs} features that vary may take about {seconds / 60:F0} minutes. Fewer features are faster: a smaller numberOfBits where texts are hashed, a smaller maximum of n-grams, or FeatureSelection.SelectFeaturesBasedOnCount before this trainer. {nameof(NetworkTrainerOptions.TimeBudget)} and {nameof(NetworkTrainerOptions.Steps)} bound the time as well.");
    }
}
