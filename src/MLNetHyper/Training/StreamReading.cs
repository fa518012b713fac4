using MLNetHyper.Bridge;
using MLNetHyper.Engine;

namespace MLNetHyper;

/// <summary>
/// Reads what does not fit in memory: one pass counts the rows, measures them and keeps those that validate; training reads the others
/// again in every epoch.
/// </summary>
internal sealed class StreamReading(NetworkTrainerOptions options, Loss loss, int seed, TrainingLog log, long mostRows)
{
    /// <summary>What to do about rows in an order that training does not bear.</summary>
    internal const string Remedy = $"bring them into a random order first, by mlContext.Data.ShuffleRows with a pool of as many rows as it takes or in the file, or raise {nameof(NetworkTrainerOptions.MemoryLimit)} so that all are in memory.";

    internal TrainingData Read(TrainingRows rows, ExampleRows? heldOut, NetworkModel? initial)
    {
        if (options is OnePassSgdOptions { RetrainOnAll: true })
            throw new InvalidOperationException($"{nameof(OnePassSgdOptions.RetrainOnAll)} needs all rows in memory, but they take more than the {options.MemoryLimit} bytes of {nameof(options.MemoryLimit)}. Raise the limit, or turn it off.");
        double fraction = heldOut is null ? options.ValidationFraction : 0;
        var sample = new ValidationSample(seed, fraction, Math.Max(1, mostRows / 4), rows.FeatureCount);
        ColumnMoments features = new(rows.FeatureCount), labels = new(1);
        var order = new LabelOrder(Math.Max(1, mostRows / 2));
        (long total, long skipped) = Pass(rows, fraction, sample, features, labels, order);
        if (total - sample.Count < 2 || (heldOut is null && sample.Count == 0))
            throw new InvalidOperationException($"No valid training instances found, or too few: of {total} instances without missing features, label or weight {sample.Count} validate, but training needs at least 2 and validation 1. Add rows, or give a validation set to Fit.");
        Standardization featureScale = (Standardization?)initial?.Inputs[0] ?? (options.Standardize ? features.ToTransform() : Standardization.Identity(rows.FeatureCount));
        Standardization labelScale = initial?.Label
            ?? (loss == Loss.SquaredError && options.Standardize ? labels.ToTransform() : Standardization.Identity(1));
        Examples<float> validation = heldOut?.Take(null) ?? sample.ToExamples(rows.HasWeights);
        DataReading.Standardize(validation, featureScale, labelScale);
        int batch = options.ToEngine(seed).BatchSizeFor(TrainingRowCount(total - sample.Count));
        if (mostRows / 2 < batch)
            throw new InvalidOperationException($"A block of one batch, {batch} rows of {rows.FeatureCount} features, does not fit into the {options.MemoryLimit} bytes of {nameof(options.MemoryLimit)}. Raise the limit, or set a smaller {nameof(options.BatchSize)}.");
        int block = checked((int)(mostRows / 2 / batch * batch));
        log.Info($"{total} rows take more than the {options.MemoryLimit} bytes of {nameof(options.MemoryLimit)}. They are read again in every epoch, in blocks of {block} rows, and shuffled within blocks.");
        if (order.IsSorted())
            log.Warning($"The rows seem to be sorted: blocks of them differ in their labels, and rows are shuffled within blocks only. {char.ToUpperInvariant(Remedy[0])}{Remedy[1..]}");
        var training = new StreamedExamples(rows, seed, sample.Threshold, TrainingRowCount(total - sample.Count), block, featureScale, labelScale, log);
        int[] constant = initial is null && options.Standardize ? features.Constant() : [];
        return DataReading.Widened(new(training, validation, featureScale, labelScale, constant, skipped + (heldOut?.Skipped ?? 0)), initial, options.ToEngine(seed).Inputs);
    }

    private (long Total, long Skipped) Pass(TrainingRows rows, double fraction, ValidationSample sample, ColumnMoments features, ColumnMoments labels, LabelOrder order)
    {
        float[] row = new float[rows.FeatureCount];
        long total = 0;
        using RowReader reader = rows.Open();
        for (; reader.MoveNext(); total++)
        {
            sample.Offer(total, reader);
            order.Add(reader.Label);
            if (RowDraw.Of(seed, total) >= fraction)
            {
                reader.CopyFeatures(row);
                features.Add(row);
                labels.Add([reader.Label]);
            }
            if ((total & 0xFFF) == 0)
                log.ThrowIfCanceled();
        }
        if (reader.SkippedMessage() is { } message)
            log.Warning(message);
        return (total, reader.Skipped);
    }

    private static int TrainingRowCount(long rows) => rows <= int.MaxValue
        ? (int)rows
        : throw new InvalidOperationException($"There are {rows} training rows, but at most {int.MaxValue} can be trained on. Take a sample of them.");
}
