using System.Globalization;
using MLNetHyper.Engine;

namespace MLNetHyper.Torch;

/// <summary>The bytes that a training needs on its device, beside what libtorch takes for itself.</summary>
/// <param name="Vectors">Weights, gradients, moments, tangents and what is computed with them.</param>
/// <param name="Rows">Rows of training and validation, and batches of them.</param>
/// <param name="Activations">What layers put out, and their derivatives; null where nobody can tell beforehand, as for any module.</param>
/// <param name="BatchSize">The examples of a step.</param>
internal sealed record MemoryEstimate(long Vectors, long Rows, long? Activations, int BatchSize)
{
    internal long Total => Vectors + Rows + (Activations ?? 0);

    /// <summary>The same for several networks side by side, which share the rows.</summary>
    internal MemoryEstimate Times(int members) => this with { Vectors = Vectors * members, Activations = Activations * members };

    internal static MemoryEstimate Of(Architecture architecture, ExampleSource<float> training, Examples<float>? validation, OnePassOptions options)
    {
        int rows = training.Count, heldOut = training.Folds is null ? validation?.Count ?? 0 : rows;
        bool inBlocks = training.BlockCount > 1;
        int batch = options.BatchSizeFor(rows), heldBatch = heldOut == 0 ? 0 : options.ValidationBatchSizeFor(rows, heldOut);
        RunFootprint run = RunFootprint.Of(new NetworkShape(architecture).Tensors, rows, inBlocks, heldOut, options);

        long hidden = architecture.Hidden.Sum(units => (long)units), outputs = architecture.Outputs, length = new NetworkShape(architecture).Length;
        // A row is features, targets (one number for every class) and a weight; its place in the order takes as much as two numbers.
        long row = architecture.Inputs + outputs + 1L;
        long numbers = Side(Math.Min(training.BlockSize, rows), batch, batch == rows && !inBlocks, options.TuningInterval + 1) + Side(heldOut, heldBatch, heldBatch == heldOut, 2);
        if (options.RetrainOnAll && heldOut > 0)
            numbers += Side(rows + heldOut, options.BatchSizeFor(rows + heldOut), options.BatchSizeFor(rows + heldOut) == rows + heldOut, options.TuningInterval + 1) + ((rows + heldOut) * row);

        // Kept for products: inputs, deltas, first and second derivatives of the hidden layers; deltas and predictions of the last.
        long kept = (4 * hidden) + (2 * outputs);
        // Under way: the same and the tangents' half of it, and for several directions copies of what was kept, inputs included.
        long underWay = Math.Max(batch, heldBatch) * (kept + (2 * hidden) + (2 * outputs));
        long products = run.Examples * ((5 * hidden) + (3 * outputs) + (run.Directions > 1 ? kept + architecture.Inputs : 0));
        // A layer's derivative is computed beside the vector it goes into; several directions beside their vectors, with the weights for each.
        long beside = length + (run.Directions > 1 ? 3L * run.Directions * length : 0);
        var estimate = new MemoryEstimate(sizeof(float) * ((run.Vectors * length) + beside), sizeof(float) * numbers, sizeof(float) * ((run.Products * batch * kept) + Math.Max(underWay, products)), batch);
        return estimate.Times(options.MemberCount);

        // The rows sent, and the batches picked from them: of several members each has its own.
        long Side(long all, long size, bool full, int retained) => (all * (row + 2)) + ((full && options.MemberCount == 1 ? 1 : retained) * size * row * options.MemberCount);
    }

    /// <summary>What is needed for what.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"about {ByteText.Of(Total)}: {ByteText.Of(Vectors)} for weights and what is computed with them, {ByteText.Of(Rows)} for rows, {(Activations is { } bytes ? ByteText.Of(bytes) : "an unknown amount")} for the layers at {BatchSize} examples a batch");
}
