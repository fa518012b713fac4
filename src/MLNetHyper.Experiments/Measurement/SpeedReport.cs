using System.Text.Json;
using System.Text.Json.Serialization;

namespace MLNetHyper.Experiments;

/// <summary>What <see cref="SpeedMeasurement"/> found on this machine, on one core.</summary>
/// <param name="PeakGflops">The rate of independent fused multiply-adds in registers, in 10⁹ operations per second.</param>
/// <param name="Shapes">One entry for every shape and method.</param>
public sealed record SpeedReport(double PeakGflops, IReadOnlyList<SpeedEntry> Shapes)
{
    /// <summary>The report as JSON, its properties in camel case.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, SpeedJson.Default.SpeedReport);
}

/// <summary>The speed of one method on one shape.</summary>
/// <param name="Shape">Rows of a full batch and layer widths (614x8-50-1), or layer widths and the size of a minibatch (784-50-10/50).</param>
/// <param name="Method">The method's name.</param>
/// <param name="StepMicroseconds">One weight step of plain training: fetching the batch, gradient, update, and the loop around them.</param>
/// <param name="UpdateMicroseconds">
/// What one hyperparameter step adds to the steps of its window, all told: validation gradient, products, records. Methods that
/// also work in every step have that work of a whole window in here.
/// </param>
/// <param name="Gflops">The gradient alone, in 10⁹ operations per second; padding, activations and the loss do not count as operations.</param>
/// <param name="FractionOfPeak"><paramref name="Gflops"/> over the peak.</param>
/// <param name="StepGflops">The gradient's operations over the time of a whole step.</param>
/// <param name="OnePassOverVanilla">Time of this method per weight step, over that of plain training.</param>
/// <param name="BytesAllocatedPerStep">Managed memory allocated by training, updates included, per weight step.</param>
public sealed record SpeedEntry(
    string Shape,
    string Method,
    double StepMicroseconds,
    double UpdateMicroseconds,
    double Gflops,
    double FractionOfPeak,
    double StepGflops,
    double OnePassOverVanilla,
    double BytesAllocatedPerStep);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(SpeedReport))]
sealed partial class SpeedJson : JsonSerializerContext;
