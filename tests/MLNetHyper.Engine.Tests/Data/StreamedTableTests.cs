using System.Globalization;
using System.Text;
using static MLNetHyper.Engine.Tests.DataTestFiles;

namespace MLNetHyper.Engine.Tests;

/// <summary>Tables that do not fit in memory.</summary>
[TestClass]
public sealed class StreamedTableTests
{
    private static readonly OnePassOptions _brief = OnePassOptions.Fast with { Steps = 300, HiddenLayers = [8], BatchSize = 32 };

    [TestMethod]
    [DataRow(64)]
    [DataRow(1000)]
    [DataRow(1 << 20)]
    public void Pieces_of_a_file_are_the_file(int pieceBytes)
    {
        string text = "n,t,late,\"a,b\"\r\n" + string.Concat(Enumerable.Range(0, 500).Select(i => string.Create(CultureInfo.InvariantCulture, $"{i}.5,\"say \"\"{i}\"\",\nand on\",{(i < 450 ? "7" : "x")},{(i % 3 == 0 ? "NA" : i)}\r\n")));
        using TemporaryFile file = new(text);
        Table whole = CsvTable.Load(file.Path), joined = Joined(new CsvSource(file.Path, new CsvOptions(), pieceBytes));
        AreEqual(whole, joined);
        foreach (int row in new[] { 0, 200, 499 })
            Assert.AreEqual(whole.LineOf(row), joined.LineOf(row));
    }

    [TestMethod]
    public void Whatever_the_encoding_and_the_line_breaks()
    {
        string text = "größe;t\n" + string.Concat(Enumerable.Range(0, 300).Select(i => $"{i};Ä{i}\n"));
        byte[] WithMark(Encoding encoding) => [.. encoding.GetPreamble(), .. encoding.GetBytes(text)];
        (byte[] Content, CsvOptions Options)[] files =
        [
            (WithMark(new UTF8Encoding(true)), new()), (WithMark(Encoding.Unicode), new()), (WithMark(Encoding.BigEndianUnicode), new()), (Encoding.Latin1.GetBytes(text), new() { Encoding = Encoding.Latin1 }),
            (Encoding.UTF8.GetBytes(text.Replace('\n', '\r')), new()), (Encoding.UTF8.GetBytes(text.TrimEnd()), new() { Separator = ';' }),
        ];
        foreach ((byte[] content, CsvOptions options) in files)
        {
            using TemporaryFile file = new(content);
            AreEqual(CsvTable.Load(file.Path, options), Joined(new CsvSource(file.Path, options, pieceBytes: 100)));
        }
    }

    [TestMethod]
    public void Faults_far_behind_have_their_line()
    {
        string rows = string.Concat(Enumerable.Range(0, 400).Select(i => $"{i},\"x\n{i}\"\n"));
        void Check(string bad, params string[] parts)
        {
            using TemporaryFile file = new("a,b\n" + rows + bad + rows);
            Fails(() => Joined(new CsvSource(file.Path, new CsvOptions { NumericColumns = ["a"] }, pieceBytes: 300)), parts);
        }
        Check("1,2,3\n", "line 802: there are 3 fields but the header has 2.");
        Check("one,2\n", "line 802, column 'a': 'one' is not a number");
        Check("1,5\" disk\n", "line 802: a quotation mark is out of place");
        Check("1,\0\n", "line 802: there is a zero byte");
        Fails(() => CsvTable.Open("nowhere.csv"), "there is no such file");
        using TemporaryFile empty = new(""), header = new("a,b\n");
        Fails(() => Joined(new CsvSource(empty.Path, new CsvOptions())), "the file is empty");
        Fails(() => Joined(new CsvSource(header.Path, new CsvOptions())), "there is a header but no data");
        Assert.ThrowsExactly<ArgumentException>(() => CsvTable.Open(header.Path, new CsvOptions { DecimalSeparator = ';' }));
    }

    [TestMethod]
    public void All_rows_train_but_those_that_validate_and_test()
    {
        using TemporaryFile file = new(Numbers(20_000));
        using StreamedTable streamed = StreamedTable.Prepare(CsvTable.Open(file.Path), new DataOptions { LabelColumn = "y" }, 1 << 20, _ => 32, CancellationToken.None);
        PreparedData<float> data = streamed.Prepared;
        Assert.AreEqual(20_000, data.TrainingCount + data.Validation.Count + data.Test!.Count);
        Assert.IsGreaterThan(3, data.Training.BlockCount);
        Assert.AreEqual(0, data.Training.BlockSize % 32);
        // x0 is the row's number: none twice, none of those held out.
        HashSet<int> seen = [.. Rows(data.Validation, data), .. Rows(data.Test, data)];
        Assert.HasCount(data.Validation.Count + data.Test.Count, seen);
        for (int block = 0; block < data.Training.BlockCount; block++)
        {
            int[] rows = Rows(data.Training.BlockAt(0, block), data);
            // Each block is of the whole file.
            Assert.IsInRange(8500, 11500, rows.Average());
            foreach (int row in rows)
                Assert.IsTrue(seen.Add(row), $"row {row}");
        }
        Assert.HasCount(20_000, seen);
    }

    [TestMethod]
    public void Blocks_are_the_same_in_whatever_order_they_are_asked_for()
    {
        using TemporaryFile file = new(Numbers(20_000));
        using StreamedTable streamed = StreamedTable.Prepare(CsvTable.Open(file.Path), new DataOptions { LabelColumn = "y" }, 1 << 20, _ => 32, CancellationToken.None);
        ExampleSource<float> training = streamed.Prepared.Training;
        Dictionary<(int, int), float[]> expected = [];
        foreach (int epoch in new[] { 0, 1, 2 })
        {
            for (int block = 0; block < training.BlockCount; block++)
                expected.Add((epoch, block), [.. training.BlockAt(epoch, block).Features]);
        }
        Assert.IsFalse(Enumerable.Range(0, training.BlockCount).All(block => expected[(0, block)].SequenceEqual(expected[(1, block)])));
        Random random = new(1);
        for (int i = 0; i < 50; i++)
        {
            (int epoch, int block) = (random.Next(3), random.Next(training.BlockCount));
            CollectionAssert.AreEqual(expected[(epoch, block)], training.BlockAt(epoch, block).Features);
        }
    }

    [TestMethod]
    public void It_trains_as_in_memory_and_leaves_no_file()
    {
        using TemporaryFile file = new(Numbers(20_000));
        string[] before = Files();
        DataOptions data = new() { LabelColumn = "y", MemoryLimit = 1 << 20 };
        OnePassResult streamed = OnePass.Train(CsvTable.Open(file.Path), data, _brief), again = OnePass.Train(CsvTable.Open(file.Path), data, _brief), inMemory = OnePass.Train(CsvTable.Open(file.Path), data with { MemoryLimit = null }, _brief);
        Assert.AreEqual(streamed.Test!.Rmse, again.Test!.Rmse);
        Assert.AreEqual(inMemory.Test!.Rmse!.Value, streamed.Test.Rmse!.Value, 0.05);
        StringAssert.Contains(streamed.Warnings[0], "the table's 20000 rows do not fit in the 1.0 MiB of memory");
        Assert.IsLessThan(inMemory.Training.TrainingRows + 4000, streamed.Training.TrainingRows);
        CollectionAssert.AreEquivalent(before, Files());
    }

    [TestMethod]
    public void Classes_weights_and_texts()
    {
        string text = "x,town,w,y\n" + string.Concat(Enumerable.Range(0, 12_000).Select(i => $"{i % 97},town {i % 13},{(i % 5 == 0 ? "" : "2")},{(i == 11_999 ? "rare" : i % 97 > 48 ? "high" : "low")}\n"));
        using TemporaryFile file = new(text);
        OnePassResult result = OnePass.Train(CsvTable.Open(file.Path), new DataOptions { LabelColumn = "y", WeightColumn = "w", BalanceClasses = true, MemoryLimit = 1 << 20 }, _brief);
        CollectionAssert.AreEqual(new[] { "high", "low", "rare" }, result.Model.Target.ClassNames.ToArray());
        Assert.AreEqual(2400, result.Training.SkippedRows);
        StringAssert.Contains(string.Join('\n', result.Warnings), "skipped 2400 rows whose label or weight is missing.");
    }

    [TestMethod]
    public void A_column_that_turns_out_to_be_of_texts()
    {
        string text = "x,code,y\n" + string.Concat(Enumerable.Range(0, 8000).Select(i => $"{i % 97},{(i % 2000 == 1999 ? "none of them" : (i % 7).ToString(CultureInfo.InvariantCulture))},{i % 97}.5\n"));
        using TemporaryFile file = new(text);
        PreparedData<float> data = StreamedTable.Prepare(new CsvSource(file.Path, new CsvOptions { TextColumns = [] }, 2000), new DataOptions { LabelColumn = "y", IgnoredColumns = ["code"] }, 1 << 20, _ => 32, CancellationToken.None).Prepared;
        Assert.AreEqual(8000, data.TrainingCount + data.Validation.Count + data.Test!.Count);
    }

    [TestMethod]
    public void What_cannot_be_done_is_a_sentence()
    {
        using TemporaryFile file = new(Numbers(20_000));
        DataOptions data = new() { LabelColumn = "y", MemoryLimit = 1 << 20 };
        Assert.Contains("needs them in memory", Assert.ThrowsExactly<ArgumentException>(() => OnePass.Train(CsvTable.Open(file.Path), data, _brief with { RetrainOnAll = true })).Message);
        Fails(() => OnePass.Train(CsvTable.Open(file.Path), data with { RowOrder = new(18_000, 1000, 1000) }, _brief), "divided at random");
        Fails(() => OnePass.Train(CsvTable.Open(file.Path), data with { LabelColumn = "z" }, _brief), "'z'");
        Fails(() => OnePass.Train(CsvTable.Open(file.Path), data, _brief with { BatchSize = 10_000 }), "a batch of 10000 rows does not fit");
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => OnePass.Train(CsvTable.Open(file.Path), data with { MemoryLimit = 1000 }, _brief));
        using var canceled = new CancellationTokenSource();
        canceled.Cancel();
        Assert.ThrowsExactly<OperationCanceledException>(() => OnePass.Train(CsvTable.Open(file.Path), data, _brief, cancellation: canceled.Token));
        IOException full = Assert.ThrowsExactly<IOException>(() => new PackedFile(int.MaxValue, 1 << 20, false, 1 << 20, Path.GetTempPath()));
        StringAssert.Contains(full.Message, "training reads its rows from a temporary file, which needs 8388");
    }

    private static Table Joined(CsvSource source)
    {
        List<Table> pieces = [];
        source.ForEach(Workers.One, pieces.Clear, piece => pieces.Add(piece.Rows), CancellationToken.None);
        return Table.Join(pieces);
    }

    private static void AreEqual(Table expected, Table actual)
    {
        CollectionAssert.AreEqual(expected.Columns.Select(column => column.Name).ToArray(), actual.Columns.Select(column => column.Name).ToArray());
        foreach (TableColumn column in expected.Columns)
            CollectionAssert.AreEqual(Enumerable.Range(0, column.Count).Select(column.TextAt).ToArray(), Enumerable.Range(0, actual.RowCount).Select(actual[column.Name].TextAt).ToArray(), column.Name);
    }

    private static string Numbers(int rows)
    {
        StringBuilder text = new("x0,x1,x2,y\n");
        for (int i = 0; i < rows; i++)
            text.Append(CultureInfo.InvariantCulture, $"{i},{i * 7919 % 1009},{i * 104729 % 997},{(i * 7919 % 1009 / 300.0) + ((double)i / rows)}\n");
        return text.ToString();
    }

    private static int[] Rows(Examples<float> examples, PreparedData<float> data) =>
        [.. Enumerable.Range(0, examples.Count).Select(row => (int)Math.Round(data.Features.Standardization.Invert(examples.FeaturesOf(row)[0], 0)))];

    private static string[] Files() => Directory.GetFiles(Path.GetTempPath(), "mlnethyper-*.rows");
}
