using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace MLNetHyper.Engine;

/// <summary>
/// What must be the same for a checkpoint to be of a run, a line for each thing with its name before a colon, so that a refusal can say
/// what differs. Budgets are left out, so that a run can be prolonged; and the number of threads, which changes no result.
/// </summary>
internal static class RunIdentity
{
    internal static string Of<TVector>(LoopOptions options, IObjective<TVector> objective, BatchSource training, BatchSource? validation) where TVector : class, IVector<TVector>
    {
        List<string> lines =
        [
            .. TrainingOptions.All.Select(option => option.Identity(options)).OfType<string>(),
            $"initial weights: {(options.InitialWeights is { } weights ? Hash([.. weights]) : "drawn")}",
            $"schedule: {(options.Schedule is { Count: > 0 } schedule ? Hash(schedule) : "none")}",
            $"validation batches: {(validation is null ? "none" : $"{validation.ExampleCount} examples by {validation.BatchSize}")}{(options.ValidatesByStep ? ", by weight steps" : "")}",
            $"training batches: {training.ExampleCount} examples by {training.BatchSize}",
            $"weight tensors: {string.Join(", ", objective.Tensors.Select(t => $"{t.Name} {t.Length}"))}",
            .. options.DefinitionsFor(objective.Hyperparameters).Select(Describe),
            options.Fingerprint,
        ];
        return string.Join('\n', lines);
    }

    /// <summary>A sentence's part about the first thing in which another run's identity differs.</summary>
    internal static string Difference(string other, string own)
    {
        foreach ((string theirs, string ours) in other.Split('\n').Zip(own.Split('\n')))
        {
            if (theirs == ours)
                continue;
            int colon = ours.IndexOf(": ", StringComparison.Ordinal);
            string name = colon < 0 ? "" : ours[..(colon + 2)];
            return name.Length > 0 && theirs.StartsWith(name, StringComparison.Ordinal)
                ? $"{ours[..colon]} is '{theirs[name.Length..]}' there, but '{ours[name.Length..]}' here"
                : $"'{theirs}' there is '{ours}' here";
        }
        return "they were described by another version";
    }

    /// <summary>A short text that other numbers do not have.</summary>
    internal static string Hash(ReadOnlySpan<double> numbers) => Convert.ToHexString(SHA256.HashData(MemoryMarshal.AsBytes(numbers)));

    private static string Hash(Trajectory schedule) =>
        Hash([.. schedule.Steps, .. schedule.Names.SelectMany(schedule.Values)]);

    private static string Describe(Hyperparameter h) =>
        string.Create(CultureInfo.InvariantCulture, $"{h.Name}: {h.Initial:R}, raw from {h.Lower:R} to {h.Upper:R}, {h.Transform}, {h.Granularity}, {(h.Tuned ? "tuned" : "fixed")}{(h.Count > 1 ? $", {h.Count} numbers" : "")}{(h.InitialValues is { } values ? $" from {Hash([.. values])}" : "")}");
}
