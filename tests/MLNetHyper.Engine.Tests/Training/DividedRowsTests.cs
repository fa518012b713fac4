using System.Globalization;
using System.Text;
using MLNetHyper.Engine.TestSupport;

namespace MLNetHyper.Engine.Tests;

/// <summary>Workers that keep rows of their own, as threads.</summary>
[TestClass]
public sealed class DividedRowsTests
{
    private const int Rows = 76;
    private const int ValidationRows = 22;
    private const int BatchSize = 24;

    private static readonly OnePassOptions _brief = new() { Steps = 120, HiddenLayers = [8], BatchSize = 32, Members = 2, Divide = WorkerDivision.Rows };

    private static IEnumerable<object[]> Cases =>
        from method in new[] { "fixed", "augmented-neumann", "unrolled", "forward", "implicit-cg", "hypergradient-descent" } from workers in new[] { 1, 2, 3, 4 } select new object[] { method, workers };

    [TestMethod]
    [DataRow(75, 24)]
    [DataRow(100, 100)]
    [DataRow(100, 7)]
    [DataRow(9, 2)]
    [DataRow(4, 1)]
    public void Every_epoch_has_every_row_once_and_every_batch_some_of_each_worker(int count, int batchSize)
    {
        Architecture architecture = NetworkTestData.Shape(3, [5]);
        Examples<double> all = NetworkTestData.Draw(architecture, count, 1);
        foreach (int workers in new[] { 1, 2, 3, 4 })
        {
            (Examples<double> Own, int[] Rows)[] parts = [.. Enumerable.Range(0, workers).Select(rank => Deal(all, rank, workers))];
            ShuffledRows<double>[] orders = [.. parts.Select(part => new ShuffledRows<double>(part.Own, architecture, batchSize, 1))];
            int batches = parts[0].Own.Share!.BatchesOf(0, parts[0].Own, batchSize);
            Assert.AreEqual(Math.Min((count + batchSize - 1) / batchSize, count / workers), batches);
            int[][] epochs = new int[3][];
            for (int epoch = 0; epoch < epochs.Length; epoch++)
            {
                List<int> seen = [];
                for (int batch = 0; batch < batches; batch++)
                {
                    int[][] picked = [.. orders.Select((order, k) => Picked(order, parts[k].Rows, ((long)epoch * batches) + batch))];
                    Assert.IsTrue(Array.TrueForAll(picked, rows => rows.Length > 0));
                    Assert.IsLessThanOrEqualTo(picked.Min(rows => rows.Length) + 2, picked.Max(rows => rows.Length));
                    Assert.IsTrue(picked.Zip(orders, (rows, order) => rows.Length <= order.LargestPart).All(fits => fits));
                    seen.AddRange(picked.SelectMany(rows => rows));
                }
                epochs[epoch] = [.. seen];
                CollectionAssert.AreEqual(Enumerable.Range(0, count).ToArray(), seen.Order().ToArray());
            }
            // Few rows may come in the same order twice.
            if (count > 50)
                Assert.AreEqual(batches == 1, epochs[0].SequenceEqual(epochs[1]));
        }
    }

    [TestMethod]
    [DynamicData(nameof(Cases))]
    public void Averaging_every_step_they_are_one_process_with_the_union_of_their_batches(string method, int count)
    {
        HypergradientMethod m = method == "forward" ? new ForwardMode(curvatureParts: 1) : Methods.Create(method);
        foreach (string rule in new[] { "sgd", "adam" }.Where(rule => Methods.Supports(method, rule)))
        {
            foreach (bool weighted in new[] { false, true })
            {
                LoopOptions options = Methods.Options(method, rule) with { Method = m, Steps = 43, AveragingDecay = 0.9, Divide = WorkerDivision.Rows };
                LoopResult<DenseVector<double>> alone = Create(Workers.One, options, weighted, objective => new JointBatches(objective, count, weighted)).Run();
                foreach (LoopResult<DenseVector<double>> worker in On(count, workers => Train(workers, options, weighted)))
                    WorkerTests.AreClose(alone, worker, $"{rule}, weights: {weighted}");
            }
        }
    }

    [TestMethod]
    [DataRow("1")]
    [DataRow("5")]
    [DataRow("growing:2")]
    public void All_end_with_the_same_bits_whoever_comes_first(string interval)
    {
        LoopOptions options = Methods.Options("augmented-neumann", "adam") with { Steps = 83, AverageEvery = AveragingInterval.Parse(interval)!, AveragingDecay = 0.9, Divide = WorkerDivision.Rows };
        LoopResult<DenseVector<double>>[] results = On(3, workers => Train(workers, options, weighted: true)), others = On(3, workers =>
        {
            ((ThreadWorkers)workers).BeforeSum = () => Thread.SpinWait(200 * (3 - workers.Rank));
            return Train(workers, options, weighted: true);
        });
        foreach (LoopResult<DenseVector<double>> worker in results.Concat(others))
            Loops.AreSame(results[0] with { GradientEvaluations = 0 }, worker with { GradientEvaluations = 0 });
    }

    [TestMethod]
    public void A_run_resumes_with_another_number_of_workers()
    {
        using var folder = new TemporaryFolder();
        Table table = Table(400);
        foreach ((int before, int after) in new[] { (2, 2), (2, 4), (4, 1), (1, 3) })
        {
            OnePassOptions saved = _brief with { CheckpointPath = folder[$"{before}{after}"], CheckpointInterval = TimeSpan.Zero };
            OnePassResult[] whole = Train(before, table, saved with { CheckpointPath = null }), first = Train(before, table, saved, stopAt: 50), again = Train(after, table, saved);
            foreach (OnePassResult result in again)
            {
                Assert.AreEqual((TrainingStatus.Completed, 120L, 50L), (result.Status, result.Steps, result.ResumedFrom));
                AreSame(again[0], result, table);
                if (before == after)
                    AreSame(whole[0], result, table);
            }
        }
        OnePassOptions unfinished = _brief with { CheckpointPath = folder["batches"], CheckpointInterval = TimeSpan.Zero };
        Train(2, table, unfinished, stopAt: 50);
        AggregateException error = Assert.Throws<AggregateException>(() => Train(2, table, unfinished with { Divide = WorkerDivision.Batches }));
        Assert.Contains("divide is 'rows' there, but 'batches' here", error.InnerExceptions.OfType<CheckpointException>().Single().Message);
    }

    [TestMethod]
    [DataRow(1)]
    [DataRow(2)]
    [DataRow(4)]
    public void All_have_the_same_encoders_and_the_same_model(int workers)
    {
        Table table = Table(500);
        OnePassOptions longer = _brief with { Steps = 600 };
        OnePassResult alone = OnePass.Train(table, Data, longer with { Divide = WorkerDivision.Batches, Members = 1 });
        OnePassResult[] results = Train(workers, table, longer);
        foreach (OnePassResult result in results)
        {
            AreSame(results[0], result, table);
            CollectionAssert.AreEqual(alone.Model.Features.Standardization.Scales.ToArray(), result.Model.Features.Standardization.Scales.ToArray());
            Assert.AreEqual(alone.Training.TrainingRows + alone.Training.ValidationRows, result.Training.TrainingRows + result.Training.ValidationRows);
            // Of labels from 0 to 5.
            Assert.IsLessThan(0.1, result.Test!.Rmse!.Value);
        }
        // Each measures training errors on its own rows.
        Assert.AreEqual(alone.Training.TrainingRows, results.Sum(result => result.Train.Rows));
    }

    [TestMethod]
    [DataRow(12_000, false)]
    [DataRow(50_000, true)]
    public void A_table_larger_than_memory_is_divided(int rows, bool needsFile)
    {
        using TemporaryFile file = new(Text(rows));
        string[] before = Files();
        DataOptions data = Data with { MemoryLimit = 1 << 20 };
        foreach (int count in new[] { 2, 3 })
        {
            OnePassResult[] results = On(count, workers => OnePass.Train(CsvTable.Open(file.Path), data, _brief with { Workers = workers }));
            foreach (OnePassResult result in results)
            {
                AreSame(results[0], result, Table(300));
                Assert.IsLessThan(0.5, result.Test!.Rmse!.Value);
                StringAssert.Contains(result.Warnings[0], needsFile ? "training reads this worker's own from a temporary file" : $"each of {count} workers keeps its own, encoded, in memory");
            }
            int[][] own = On(count, workers =>
            {
                using StreamedTable streamed = StreamedTable.Prepare(CsvTable.Open(file.Path), data, 1 << 20, _ => 32, CancellationToken.None, new(workers, 0, _ => ""));
                ExampleSource<float> training = streamed.Prepared.Training;
                Assert.AreEqual(needsFile, training.BlockCount > 1);
                return Enumerable.Range(0, training.BlockCount).SelectMany(block => RowsOf(training.BlockAt(0, block), streamed.Prepared))
                    .Concat(workers.Writes ? RowsOf(streamed.Prepared.Validation, streamed.Prepared).Concat(RowsOf(streamed.Prepared.Test!, streamed.Prepared)) : []).ToArray();
            });
            CollectionAssert.AreEqual(Enumerable.Range(0, rows).ToArray(), own.SelectMany(part => part).Order().ToArray());
        }
        CollectionAssert.AreEquivalent(before, Files());
    }

    [TestMethod]
    [DataRow(1_000_001, 2, 128, 160)]
    [DataRow(1_000_000, 3, 128, 200)]
    [DataRow(4097, 4, 32, 8)]
    [DataRow(1000, 3, 1, 7)]
    public void Blocks_of_all_workers_have_as_many_batches(int rows, int workers, int batch, int most)
    {
        int size = StreamedTable.BlockSize(rows, workers, batch, most, "t.csv");
        var deal = new RowDeal(workers, 0);
        (int Blocks, int[] Batches)[] all = [.. Enumerable.Range(0, workers).Select(rank =>
        {
            var source = new Counted(deal.CountOf(rank, rows), size);
            RowShare share = new(rows, workers) { ZeroFeatures = [] };
            return (source.BlockCount, Enumerable.Range(0, source.BlockCount).Select(block => share.BatchesOf(block, source, batch)).ToArray());
        })];
        foreach ((int blocks, int[] batches) in all)
        {
            Assert.AreEqual(all[0].Blocks, blocks);
            CollectionAssert.AreEqual(all[0].Batches, batches);
        }
        Assert.AreEqual(Math.Min((rows + batch - 1) / batch, rows / workers), all[0].Batches.Sum());
    }

    [TestMethod]
    public void What_cannot_be_divided_is_a_sentence()
    {
        Table table = Table(8);
        Assert.Contains("6 training rows are too few to give some to each of 7 workers", Assert.Throws<AggregateException>(() => Train(7, table, _brief)).InnerExceptions[0].Message);
        Assert.Contains("Retraining on all rows needs them all", Assert.Throws<ArgumentException>(() => OnePass.Train(table, Data, _brief with { Members = 1, RetrainOnAll = true })).Message);
        Architecture architecture = new(1, [2], 1, Activation.Relu, Loss.SquaredError);
        Assert.Contains("read in blocks whenever they are needed. Divide batches", Assert.Throws<ArgumentException>(() => OnePass.Train(architecture, new Counted(64, 32), null, _brief with { Members = 1, Method = new Fixed(), Tune = [] })).Message);
        AggregateException others = Assert.Throws<AggregateException>(() => On(2, workers => OnePass.Train(Table(200 + workers.Rank), Data, _brief with { Workers = workers })));
        Assert.Contains("1 of 2 workers were started with other data", others.InnerExceptions[0].Message);
    }

    private static DataOptions Data => new() { LabelColumn = "y" };

    private static T[] On<T>(int count, Func<Workers, T> work) => count == 1 ? [work(Workers.One)] : ThreadWorkers.Run(count, work);

    private static OnePassResult[] Train(int count, Table table, OnePassOptions options, long? stopAt = null) => On(count, workers =>
    {
        using var source = new CancellationTokenSource();
        return OnePass.Train(table, Data, options with { Workers = workers }, new Callback(progress =>
        {
            if (progress.Step == stopAt && workers.Rank == workers.Count - 1)
                source.Cancel();
        }), source.Token);
    });

    private static void AreSame(OnePassResult expected, OnePassResult actual, Table table)
    {
        CollectionAssert.AreEqual(expected.Model.Predict(table).Values.ToArray(), actual.Model.Predict(table).Values.ToArray());
        Assert.AreEqual(expected.Validation.Rmse, actual.Validation.Rmse);
    }

    private static LoopResult<DenseVector<double>> Train(Workers workers, LoopOptions options, bool weighted) =>
        Create(workers, options, weighted, objective => objective.CreateBatchSource(Deal(Draw(weighted), workers.Rank, workers.Count).Own, BatchSize, 1, 10)).Run();

    private static OnePassLoop<DenseVector<double>> Create(Workers workers, LoopOptions options, bool weighted, Func<NetworkObjective<double>, BatchSource> training)
    {
        var objective = new NetworkObjective<double>(NetworkTestData.Shape(3, [5]));
        return new(objective, training(objective), objective.CreateBatchSource(NetworkTestData.Draw(objective.Architecture, ValidationRows, 2, weighted), 8, 1, 2), options with { Workers = workers });
    }

    private static Examples<double> Draw(bool weighted) => NetworkTestData.Draw(NetworkTestData.Shape(3, [5]), Rows, 1, weighted);

    private static (Examples<double> Own, int[] Rows) Deal(Examples<double> all, int rank, int workers)
    {
        var deal = new RowDeal(workers, 3);
        int[] rows = [.. Enumerable.Range(0, all.Count).Where(row => deal.WorkerOf(row) == rank)];
        Assert.AreEqual(deal.CountOf(rank, all.Count), rows.Length);
        return (new([.. rows.SelectMany(row => all.FeaturesOf(row).ToArray())], all.FeatureCount, [.. rows.Select(row => all.Targets[row])], all.Weights is { } weights ? [.. rows.Select(row => weights[row])] : null) { Share = new(all.Count, workers) { ZeroFeatures = [] } }, rows);
    }

    private static int[] Picked(ShuffledRows<double> order, int[] rows, long number)
    {
        Range range = order.MoveTo(number);
        return Array.ConvertAll(order.Order[range].ToArray(), i => rows[i]);
    }

    private static Table Table(int rows)
    {
        using TemporaryFile file = new(Text(rows));
        return CsvTable.Load(file.Path);
    }

    private static string Text(int rows)
    {
        StringBuilder text = new("x0,x1,town,y\n");
        for (int i = 0; i < rows; i++)
            text.Append(CultureInfo.InvariantCulture, $"{i},{i * 104729 % 997},town {i % 3},{(i * 104729 % 997 / 300.0) + (i % 3)}\n");
        return text.ToString();
    }

    private static IEnumerable<int> RowsOf(Examples<float> examples, PreparedData<float> data) =>
        Enumerable.Range(0, examples.Count).Select(row => (int)Math.Round(data.Features.Standardization.Invert(examples.FeaturesOf(row)[0], 0)));

    private static string[] Files() => Directory.GetFiles(Path.GetTempPath(), "mlnethyper-*.rows");

    /// <summary>Rows that nobody looks at.</summary>
    private sealed class Counted(int count, int blockSize) : ExampleSource<float>
    {
        public override int Count => count;

        public override int FeatureCount => 1;

        public override int BlockSize => blockSize;

        public override Examples<float> BlockAt(long epoch, int index) => throw new NotSupportedException();
    }

    /// <summary>The batches of several workers together, in one process.</summary>
    private sealed class JointBatches : BatchSource
    {
        private readonly Examples<double> _all;
        private readonly (ShuffledRows<double> Order, int[] Rows)[] _workers;
        private readonly Tiling _tiling;
        private readonly double _meanWeight;

        internal JointBatches(NetworkObjective<double> objective, int workers, bool weighted)
        {
            _all = Draw(weighted);
            _tiling = ((NetworkBatch<double>)objective.CreateBatchSource(_all, Rows, null, 1).BatchAt(0)).Tiling;
            _meanWeight = _all.Weights?.Average() ?? 1;
            _workers = [.. Enumerable.Range(0, workers).Select(rank => Deal(_all, rank, workers)).Select(part => (new ShuffledRows<double>(part.Own, objective.Architecture, DividedRowsTests.BatchSize, 1), part.Rows))];
        }

        public override int ExampleCount => Rows;

        public override int BatchSize => DividedRowsTests.BatchSize;

        public override Batch BatchAt(long number)
        {
            int[] rows = [.. _workers.SelectMany(worker => Picked(worker.Order, worker.Rows, number))];
            var batch = new NetworkBatch<double>(_tiling, _all.FeatureCount, rows.Length);
            batch.Fill(_all, rows, _meanWeight, new TransformedRow([]));
            return batch;
        }
    }
}
