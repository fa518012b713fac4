namespace MLNetHyper.Engine;

/// <summary>
/// What a table that does not fit in memory becomes: its training rows in a temporary file. One pass over the table counts the rows and draws a sample, which is prepared as a whole table would be: means, categories and
/// warnings are of the sample, and so are the rows that validate and test. A second pass encodes all other rows, which train.
/// </summary>
internal sealed class StreamedTable : IDisposable
{
    // Shares of the memory: for the sample, each of the two blocks that training has, and what is buffered while rows are written.
    private const int SampleShare = 8, BlockShare = 16, BufferShare = 64;

    // Fewer rows would make poor samples.
    private const int LeastSample = 1000, MostSample = 1 << 20;

    private readonly PackedExamples _packed;

    private StreamedTable(PreparedData<float> prepared, Table sample, PackedExamples packed, long fileBytes) => (Prepared, Sample, _packed, FileBytes) = (prepared, sample, packed, fileBytes);

    /// <summary>The examples; the rows that it tells of are those of <see cref="Sample"/>.</summary>
    internal PreparedData<float> Prepared { get; }

    /// <summary>A random sample of the rows.</summary>
    internal Table Sample { get; }

    /// <summary>Bytes of the temporary file.</summary>
    internal long FileBytes { get; }

    /// <summary>The temporary file goes.</summary>
    public void Dispose() => _packed.Dispose();

    /// <summary>Reads the table twice.</summary>
    /// <param name="source">The table.</param>
    /// <param name="options">What to predict and how to divide.</param>
    /// <param name="memory">About how many bytes of memory there are for rows.</param>
    /// <param name="batchSizeFor">From the number of training rows to that of a batch.</param>
    /// <param name="cancellation">Ends it between two pieces of the table.</param>
    /// <exception cref="DataFormatException">As of a table in memory; or rows cannot be divided in their order.</exception>
    /// <exception cref="IOException">There is no room for the temporary file.</exception>
    /// <exception cref="OperationCanceledException">It was canceled.</exception>
    internal static StreamedTable Prepare(TableSource source, DataOptions options, long memory, Func<int, int> batchSizeFor, CancellationToken cancellation)
    {
        options.Check();
        if (options.RowOrder is not null)
            throw new DataFormatException("rows of a table that does not fit in memory are divided at random, not by their order. Leave the counts out, or allow more with DataOptions.MemoryLimit.", source.Name);
        (Table sample, long[] places, long rows, long usable) = Draw(source, options, memory, cancellation);
        PreparedData<float> prepared = DataPreparation.Prepare<float>(sample, options);
        HashSet<long> heldOut = [.. prepared.ValidationRows.Concat(options.TestTable is null ? prepared.TestRows : []).Select(row => places[row])];
        int count = usable - heldOut.Count <= int.MaxValue ? (int)(usable - heldOut.Count) : throw new DataFormatException($"{usable} rows are more than the {int.MaxValue} that can be trained on. Take a part of them.", source.Name);
        bool hasWeights = prepared.Train.Weights is not null;
        int block = BlockSize(count, batchSizeFor(count), memory / BlockShare / PackedFile.RowBytes(prepared.Features.FeatureCount, hasWeights), source.Name);
        var file = new PackedFile(count, prepared.Features.FeatureCount, hasWeights, block, Path.GetTempPath());
        try
        {
            bool[] varied = Encode(source, options, prepared, heldOut, file, memory / BufferShare, cancellation);
            PackedExamples packed = new(file, count, varied.Length, hasWeights, block, options.Seed) { ZeroFeatures = [.. Enumerable.Range(0, varied.Length).Where(k => !varied[k])] };
            string[] warnings =
            [
                $"the table's {rows} rows do not fit in the {ByteText.Of(memory)} of memory that it may take: training reads them from a temporary file of {ByteText.Of(file.Length)}. Means, categories, and what is said here of columns are of a random sample of {sample.RowCount} rows, from which those that validate and test were taken.",
                .. rows > usable ? [$"skipped {rows - usable} rows whose label or weight is missing."] : Array.Empty<string>(),
            ];
            return new(prepared.Streamed(packed, rows - usable, warnings), sample, packed, file.Length);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    private static (Table Sample, long[] Places, long Rows, long Usable) Draw(TableSource source, DataOptions options, long memory, CancellationToken cancellation)
    {
        RowSample? sample = null;
        long rows = 0, usable = 0;
        source.ForEach(Begin, Take, cancellation);
        return usable == 0
            ? throw new DataFormatException("all labels (or all weights) are missing. Name the column that holds what is to be predicted.", source.Name, column: options.LabelColumn)
            : (sample!.ToTable(), sample.Places, rows, usable);

        void Begin() => (sample, rows, usable) = (null, 0, 0);

        void Take(Table piece)
        {
            sample ??= new(options.Seed, (int)Math.Clamp(memory / SampleShare / (sizeof(double) * piece.Columns.Count), LeastSample, MostSample), options.LabelColumn);
            int[] rowsOfPiece = DataPreparation.RowsWithLabel(piece, options);
            sample.Add(piece, rowsOfPiece, rows);
            rows += piece.RowCount;
            usable += rowsOfPiece.Length;
        }
    }

    /// <summary>Blocks of about the same size, a multiple of the batch's.</summary>
    private static int BlockSize(int rows, int batch, long most, string source)
    {
        if (most < batch)
            throw new DataFormatException($"a batch of {batch} rows does not fit in a sixteenth of the memory that the table may take. Allow more with DataOptions.MemoryLimit, or take smaller batches.", source);
        long blocks = (rows + most - 1) / most, size = (rows + blocks - 1) / blocks;
        return checked((int)((size + batch - 1) / batch * batch));
    }

    /// <returns>Whether each feature is other than 0 in some row.</returns>
    private static bool[] Encode(TableSource source, DataOptions options, PreparedData<float> prepared, HashSet<long> heldOut, PackedFile file, long bufferBytes, CancellationToken cancellation)
    {
        bool[] varied = new bool[prepared.Features.FeatureCount];
        double[]? classWeights = DataPreparation.ClassWeights(prepared, options);
        PackedFile.Writer writer = file.CreateWriter(options.Seed, bufferBytes);
        long place = 0;
        source.ForEach(Begin, Take, cancellation);
        writer.Complete();
        return varied;

        void Begin() => (writer, place) = (file.CreateWriter(options.Seed, bufferBytes), 0);

        void Take(Table piece)
        {
            Table rows = piece.Select([.. DataPreparation.RowsWithLabel(piece, options).Where(row => !heldOut.Contains(place + row))]);
            place += piece.RowCount;
            Examples<float> examples = DataPreparation.Encode<float>(rows, null, prepared.Features, prepared.Target, options, classWeights);
            for (int row = 0; row < examples.Count; row++)
            {
                ReadOnlySpan<float> features = examples.FeaturesOf(row);
                for (int k = 0; k < features.Length; k++)
                    varied[k] |= features[k] != 0;
                writer.Add(features, examples.Targets[row], examples.Weights?[row] ?? 1);
            }
        }
    }
}
