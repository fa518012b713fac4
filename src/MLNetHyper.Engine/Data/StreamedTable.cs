using System.Numerics;

namespace MLNetHyper.Engine;

/// <summary>
/// What a table that does not fit in memory becomes: its training rows in a temporary file, or, of workers that divide them, this one's own in memory where these fit. One pass over the table counts the rows and draws a sample, which is prepared as a whole table would be: means, categories and
/// warnings are of the sample, and so are the rows that validate and test. A second pass encodes all other rows, which train. Workers that divide rows each read a part of the table, and come to the same.
/// </summary>
internal sealed class StreamedTable : IDisposable
{
    // Shares of the memory: for the sample, each of the two blocks that training has, and what is buffered while rows are written.
    private const int SampleShare = 8, BlockShare = 16, BufferShare = 64;

    // Of the memory what a worker's own rows may take.
    private const int OwnShare = 4;

    // Fewer rows would make poor samples.
    private const int LeastSample = 1000, MostSample = 1 << 20;

    // Bytes of a sample's numbers: workers tell each other of it in one message.
    private const long LargestSample = 1L << 29;

    private readonly PackedFile? _file;

    private StreamedTable(PreparedData<float> prepared, Table sample, PackedFile? file) => (Prepared, Sample, _file) = (prepared, sample, file);

    /// <summary>The examples; the rows that it tells of are those of <see cref="Sample"/>.</summary>
    internal PreparedData<float> Prepared { get; }

    /// <summary>A random sample of the rows.</summary>
    internal Table Sample { get; }

    /// <summary>Where training rows are, as the end of a sentence.</summary>
    internal string Place => _file is null ? "this worker's own in memory" : $"read from a temporary file of {ByteText.Of(_file.Length)}";

    /// <summary>The temporary file goes.</summary>
    public void Dispose() => (Prepared.Training as IDisposable)?.Dispose();

    /// <summary>Reads the table twice, or, of workers that divide rows, this one's part of it.</summary>
    /// <param name="source">The table.</param>
    /// <param name="options">What to predict and how to divide.</param>
    /// <param name="memory">About how many bytes of memory there are for rows.</param>
    /// <param name="batchSizeFor">From the number of training rows to that of a batch.</param>
    /// <param name="cancellation">Ends it between two pieces of the table.</param>
    /// <param name="owners">Workers that each keep rows of their own; null where all rows are wanted.</param>
    /// <exception cref="DataFormatException">As of a table in memory; or rows cannot be divided in their order.</exception>
    /// <exception cref="ArgumentException">There are fewer rows than workers.</exception>
    /// <exception cref="IOException">There is no room for the temporary file.</exception>
    /// <exception cref="OperationCanceledException">It was canceled.</exception>
    internal static StreamedTable Prepare(TableSource source, DataOptions options, long memory, Func<int, int> batchSizeFor, CancellationToken cancellation, RowOwners? owners = null)
    {
        options.Check();
        if (options.RowOrder is not null)
            throw new DataFormatException("rows of a table that does not fit in memory are divided at random, not by their order. Leave the counts out, or allow more with DataOptions.MemoryLimit.", source.Name);
        Workers workers = owners?.Workers ?? Workers.One;
        (Table sample, RowPlace[] places, PieceCounts counts) = Draw(source, options, memory, workers, cancellation);
        (long rows, long usable) = (counts.Rows, counts.Usable);
        PreparedData<float> prepared = DataPreparation.Prepare<float>(sample, options);
        HashSet<RowPlace> heldOut = [.. prepared.ValidationRows.Concat(options.TestTable is null ? prepared.TestRows : []).Select(row => places[row])];
        int count = usable - heldOut.Count <= int.MaxValue ? (int)(usable - heldOut.Count) : throw new DataFormatException($"{usable} rows are more than the {int.MaxValue} that can be trained on. Take a part of them.", source.Name);
        owners?.Check(count);
        (ExampleSource<float> training, PackedFile? file) = Keep(source, options, prepared, (heldOut, counts.TrainingBefore(heldOut)), (count, batchSizeFor(count)), memory, owners, cancellation);
        string where = file is null ? $"each of {owners!.Workers.Count} workers keeps its own, encoded, in memory" : $"training reads {(owners?.Workers.Count > 1 ? "this worker's own" : "them")} from a temporary file of {ByteText.Of(file.Length)}";
        string[] warnings =
        [
            $"the table's {rows} rows do not fit in the {ByteText.Of(memory)} of memory that it may take: {where}. Means, categories, and what is said here of columns are of a random sample of {sample.RowCount} rows, from which those that validate and test were taken.",
            .. rows > usable ? [$"skipped {rows - usable} rows whose label or weight is missing."] : Array.Empty<string>(),
        ];
        return new(prepared.Streamed(training, rows - usable, warnings), sample, file);
    }

    /// <summary>Keeps the rows that train: in a file, or those of one worker among several in memory if they fit.</summary>
    private static (ExampleSource<float> Training, PackedFile? File) Keep(TableSource source, DataOptions options, PreparedData<float> prepared, (HashSet<RowPlace> HeldOut, Dictionary<long, long> Before) training, (int Rows, int Batch) all, long memory, RowOwners? owners, CancellationToken cancellation)
    {
        Workers workers = owners?.Workers ?? Workers.One;
        RowDeal deal = new(workers.Count, owners?.Seed ?? 0);
        // The most that a worker has, so that all come to the same.
        int own = deal.CountOf(workers.Rank, all.Rows), most = (int)(((long)all.Rows + workers.Count - 1) / workers.Count), features = prepared.Features.FeatureCount;
        bool hasWeights = prepared.Train.Weights is not null;
        long rowBytes = PackedFile.RowBytes(features, hasWeights);
        bool fits = owners is not null && most <= memory / OwnShare / rowBytes && (long)most * features <= Array.MaxLength;
        int block = fits ? own : BlockSize(all.Rows, workers.Count, all.Batch, memory / BlockShare / rowBytes, source.Name);
        PackedFile? file = fits ? null : new(own, features, hasWeights, block, Path.GetTempPath());
        try
        {
            OwnRows? inMemory = fits ? new(own, features, hasWeights) : null;
            ExampleRows kept = inMemory ?? (ExampleRows)file!.CreateWriter(options.Seed, memory / BufferShare);
            bool[] varied = Encode(source, options, prepared, training, deal, workers, kept, cancellation);
            int[] zeros = ZeroFeatures(varied, workers);
            RowShare? share = owners is null ? null : new(all.Rows, workers.Count) { ZeroFeatures = zeros, Identity = owners.Identify(prepared.Train) };
            return (inMemory is not null ? inMemory.ToExamples(share) : new PackedExamples(file!, own, features, hasWeights, block, options.Seed) { ZeroFeatures = zeros, Share = share }, file);
        }
        catch
        {
            file?.Dispose();
            throw;
        }
    }

    private static (Table Sample, RowPlace[] Places, PieceCounts Counts) Draw(TableSource source, DataOptions options, long memory, Workers workers, CancellationToken cancellation)
    {
        RowSample? sample = null;
        PieceCounts counts = new();
        source.ForEach(workers, Begin, Take, cancellation);
        counts = counts.Of(workers);
        if (counts.Usable == 0)
            throw new DataFormatException("all labels (or all weights) are missing. Name the column that holds what is to be predicted.", source.Name, column: options.LabelColumn);
        (Table rows, RowPlace[] places) = sample!.Of(workers).ToTable();
        return (rows, places, counts);

        void Begin() => (sample, counts) = (null, new());

        void Take(TablePiece piece)
        {
            sample ??= new(options.Seed, (int)Math.Clamp(Math.Min(memory / SampleShare, LargestSample) / (sizeof(double) * piece.Rows.Columns.Count), LeastSample, MostSample), options.LabelColumn);
            if (!piece.IsOwn)
                return;
            int[] usable = DataPreparation.RowsWithLabel(piece.Rows, options);
            sample.Add(piece.Rows, usable, Array.ConvertAll(usable, row => new RowPlace(piece.Number, row)));
            counts.Add(piece.Number, piece.Rows.RowCount, usable.Length);
        }
    }

    /// <summary>Blocks of about the same size, of which all workers together make a multiple of the batch's, and every worker has rows in the last.</summary>
    internal static int BlockSize(int rows, int workers, int batch, long most, string source)
    {
        // A worker's rows of batches that all together fill.
        int own = (int)(((long)rows + workers - 1) / workers), unit = batch / (int)BigInteger.GreatestCommonDivisor(batch, workers);
        if (most < unit)
            throw new DataFormatException($"a batch of {unit} rows does not fit in a sixteenth of the memory that the table may take. Allow more with DataOptions.MemoryLimit, or take smaller batches.", source);
        long blocks = (own + most - 1) / most, size = (((own + blocks - 1) / blocks) + unit - 1) / unit * unit;
        while ((rows / workers) - (((own + size - 1) / size) - 1) * size < 1)
            size += unit;
        return checked((int)size);
    }

    /// <summary>Encodes the rows that train, and hands each to the worker that keeps it.</summary>
    /// <param name="source">The table.</param>
    /// <param name="options">What is predicted.</param>
    /// <param name="prepared">How rows are encoded.</param>
    /// <param name="training">Which rows that have a label do not train, and how many before each piece do.</param>
    /// <param name="deal">Whose a row is, by its place among those that train.</param>
    /// <param name="workers">Who reads.</param>
    /// <param name="kept">Takes this worker's own.</param>
    /// <param name="cancellation">Ends it between two pieces of the table.</param>
    /// <returns>Whether each feature is other than 0 in some row that this worker read.</returns>
    private static bool[] Encode(
        TableSource source, DataOptions options, PreparedData<float> prepared, (HashSet<RowPlace> HeldOut, Dictionary<long, long> Before) training, RowDeal deal, Workers workers, ExampleRows kept, CancellationToken cancellation)
    {
        bool[] varied = new bool[prepared.Features.FeatureCount];
        double[]? classWeights = DataPreparation.ClassWeights(prepared, options);
        RowExchange exchange = new(workers, varied.Length, kept);
        source.Again(workers, Take, cancellation);
        while (exchange.Deliver(readsOn: false))
        {
        }
        kept.Complete();
        return varied;

        void Take(TablePiece piece)
        {
            if (!piece.IsOwn)
                return;
            Table rows = piece.Rows.Select([.. DataPreparation.RowsWithLabel(piece.Rows, options).Where(row => !training.HeldOut.Contains(new(piece.Number, row)))]);
            long place = training.Before.TryGetValue(piece.Number, out long before) ? before : throw source.Changed("it has more rows now");
            Examples<float> examples = DataPreparation.Encode<float>(rows, null, prepared.Features, prepared.Target, options, classWeights);
            for (int row = 0; row < examples.Count; row++)
            {
                ReadOnlySpan<float> features = examples.FeaturesOf(row);
                for (int k = 0; k < features.Length; k++)
                    varied[k] |= features[k] != 0;
                exchange.Add(deal.WorkerOf(place++), features, examples.Targets[row], examples.Weights?[row] ?? 1);
            }
            exchange.Deliver(readsOn: true);
        }
    }

    /// <summary>Features that are 0 in the rows of all workers.</summary>
    private static int[] ZeroFeatures(bool[] varied, Workers workers)
    {
        double[] workersWithOthers = Array.ConvertAll(varied, varies => varies ? 1.0 : 0);
        workers.Sum(workersWithOthers);
        return [.. Enumerable.Range(0, varied.Length).Where(k => workersWithOthers[k] == 0)];
    }
}
