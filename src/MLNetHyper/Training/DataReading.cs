using MLNetHyper.Bridge;
using MLNetHyper.Engine;

namespace MLNetHyper;

/// <summary>From an IDataView's rows to what a network is trained on.</summary>
internal sealed class DataReading(NetworkTrainerOptions options, Loss loss, int seed, TrainingLog log)
{
    // Raw rows, standardized examples and the engine's batches are in memory side by side while one is made from the other.
    private const int Copies = 3;

    /// <param name="rows">The rows to train on.</param>
    /// <param name="validationRows">Those to validate on; null to take some of <paramref name="rows"/>.</param>
    /// <param name="initial">A network to go on from, whose standardization is kept.</param>
    internal TrainingData Read(TrainingRows rows, TrainingRows? validationRows, NetworkModel? initial)
    {
        long most = Math.Min(options.MemoryLimit / Copies / ExampleRows.BytesPerRow(rows.FeatureCount), Array.MaxLength / rows.FeatureCount);
        ExampleRows? heldOut = validationRows is null ? null : ExampleRows.Read(validationRows, most / 4, log)
            ?? throw new InvalidOperationException($"The validation set does not fit into a quarter of {nameof(options.MemoryLimit)}, which is {options.MemoryLimit} bytes. Validate on fewer rows, or raise the limit.");
        if (heldOut is { Count: 0 })
            throw new InvalidOperationException("No valid validation instances found: all instances have missing features, label or weight.");
        return ExampleRows.Read(rows, most - (heldOut?.Count ?? 0), log) is { } all
            ? FromMemory(all, heldOut, initial)
            : new StreamReading(options, loss, seed, log, most).Read(rows, heldOut, initial);
    }

    internal static void Standardize(Examples<float> examples, Standardization features, Standardization label)
    {
        for (int row = 0; row < examples.Count; row++)
        {
            Span<float> values = examples.Features.AsSpan(row * examples.FeatureCount, examples.FeatureCount);
            features.Apply(values, values);
        }
        label.ApplyToLabels(examples.Targets);
    }

    /// <summary>What comes behind the standardization: that of the network to go on from, or fitted to the training rows.</summary>
    internal static TrainingData Widened(TrainingData data, NetworkModel? initial, InputOptions inputs)
    {
        data.Training.Widening = data.Validation.Widening = initial is null ? InputTransforms.FitWidening(data.Training, inputs) : [.. initial.Inputs.Skip(1)];
        return data;
    }

    private TrainingData FromMemory(ExampleRows all, ExampleRows? heldOut, NetworkModel? initial)
    {
        if (all.Count == 0)
            throw new InvalidOperationException("No valid training instances found, all instances have missing features, label or weight.");
        (int[]? trainRows, int[]? validationRows) = heldOut is null ? Divide(all) : (null, null);
        Examples<float> training = all.Take(trainRows), validation = (heldOut ?? all).Take(validationRows);
        Standardization features = (Standardization?)initial?.Inputs[0]
            ?? (options.Standardize ? Standardization.Of(training.Features, training.FeatureCount) : Standardization.Identity(training.FeatureCount));
        Standardization label = initial?.Label
            ?? (options.Standardize && loss == Loss.SquaredError ? Standardization.Of(training.Targets, 1) : Standardization.Identity(1));
        Standardize(training, features, label);
        Standardize(validation, features, label);
        int[] constant = initial is null && options.Standardize ? Tasks.ZeroFeatures(training) : [];
        return Widened(new(training, validation, features, label, constant, all.Skipped + (heldOut?.Skipped ?? 0)), initial, options.ToEngine(seed).Inputs);
    }

    private (int[] Training, int[] Validation) Divide(ExampleRows all)
    {
        if (all.Count < 3)
            throw new InvalidOperationException($"There are {all.Count} valid training instances, but training needs at least 2 and validation 1. Add rows, or give a validation set to Fit.");
        int[] classes = loss == Loss.SquaredError ? [] : [.. all.Labels.ToArray().Select(label => (int)label)];
        return ValidationSplit.Divide(all.Count, options.ValidationFraction, seed, classes);
    }
}
