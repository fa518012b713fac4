using System.Globalization;
using MLNetHyper.Engine.TestSupport;

namespace MLNetHyper.Engine.Tests;

/// <summary>Workers that each read a part of a table, as threads.</summary>
[TestClass]
public sealed class SharedReadingTests
{
    private const long Memory = 1 << 20;

    // Row by row: a number, dates, categories with gaps, codes, a column that has texts far behind, and one that is written as no number would be.
    private static readonly string[] _lines =
    [
        .. Enumerable.Range(0, 30_000).Select(i => string.Create(CultureInfo.InvariantCulture,
            $"{i},2024-{(i % 12) + 1:00}-{(i % 28) + 1:00},{(i % 11 == 0 ? "NA" : $"town {i % 7}")},0{i % 9},{(i > 22_222 && i % 3 == 0 ? "none" : "4")},{i % 5}.0,{(i == 29_000 ? "rare" : i % 97 > 48 ? "high" : "low")}")),
    ];

    private const string Header = "n,day,town,code,late,size,y";

    private static readonly DataOptions _data = new() { LabelColumn = "y", DateColumns = ["day"] };

    private static IEnumerable<object[]> Sources => from files in new[] { 1, 2, 7 } from workers in new[] { 1, 2, 3, 5 } select new object[] { files, workers };

    [TestMethod]
    [DynamicData(nameof(Sources))]
    public void Parts_are_the_whole(int files, int workers)
    {
        using var folder = new TemporaryFolder();
        TableSource source = Open(folder, files);
        string[] texts = ["late"];
        TablePiece[][] parts = [.. Enumerable.Range(0, workers).Select(reader => source.Pieces(texts, new TablePart(reader, workers)).ToArray())];
        foreach (TablePiece[] part in parts)
        {
            // All see the columns' names.
            Assert.AreEqual(0, part[0].Number);
            CollectionAssert.AreEqual(part.Select(piece => piece.Number).Order().ToArray(), part.Select(piece => piece.Number).ToArray());
            Assert.IsTrue(part.Skip(1).All(piece => piece.IsOwn));
            Assert.IsGreaterThan(0, part.Count(piece => piece.IsOwn));
        }
        TablePiece[] all = [.. parts.SelectMany(part => part).Where(piece => piece.IsOwn).OrderBy(piece => piece.Number)];
        Assert.HasCount(all.Length, all.Select(piece => piece.Number).ToHashSet());
        CollectionAssert.AreEqual(Enumerable.Range(0, _lines.Length).ToArray(), all.SelectMany(piece => piece.Rows["n"].Numbers.ToArray()).Select(n => (int)n).ToArray());
    }

    [TestMethod]
    [DynamicData(nameof(Sources))]
    public void What_they_come_to_together_is_what_one_comes_to(int files, int workers)
    {
        using var folder = new TemporaryFolder();
        PreparedData<float> alone = StreamedTable.Prepare(Open(folder, files), _data, Memory, _ => 32, CancellationToken.None).Prepared;
        (PreparedData<float> Data, Table Sample)[] all = On(workers, worker =>
        {
            StreamedTable streamed = Prepare(Open(folder, files), worker);
            return (streamed.Prepared, streamed.Sample);
        });
        foreach ((PreparedData<float> data, Table sample) in all)
        {
            CollectionAssert.AreEqual(all[0].Sample["n"].Numbers.ToArray(), sample["n"].Numbers.ToArray());
            CollectionAssert.AreEqual(alone.Features.Standardization.Offsets.ToArray(), data.Features.Standardization.Offsets.ToArray());
            CollectionAssert.AreEqual(alone.Features.Standardization.Scales.ToArray(), data.Features.Standardization.Scales.ToArray());
            CollectionAssert.AreEqual(alone.Validation.Features, data.Validation.Features);
            CollectionAssert.AreEqual(alone.Test!.Targets, data.Test!.Targets);
            CollectionAssert.AreEqual(new[] { "high", "low", "rare" }, data.Target.ClassNames.ToArray());
            // But for where rows that train are, which comes first.
            CollectionAssert.AreEqual(alone.Warnings.Skip(1).ToArray(), data.Warnings.Skip(1).ToArray());
        }
        // Every row that trains is somebody's, and nobody else's.
        float[][] rows = [.. all.SelectMany(worker => RowsOf(worker.Data.Training))], expected = [.. RowsOf(alone.Training)];
        Assert.HasCount(expected.Length, rows);
        CollectionAssert.AreEqual(expected.Select(row => row[0]).Order().ToArray(), rows.Select(row => row[0]).Order().ToArray());
        Assert.IsLessThanOrEqualTo(1, all.Max(worker => worker.Data.Training.Count) - all.Min(worker => worker.Data.Training.Count));
        foreach ((PreparedData<float> data, _) in all)
            (data.Training as IDisposable)?.Dispose();
        (alone.Training as IDisposable)?.Dispose();
    }

    [TestMethod]
    public void Who_keeps_a_row_does_not_depend_on_who_reads_it()
    {
        using var folder = new TemporaryFolder();
        float[][] inPieces = Kept(1), inFiles = Kept(7);
        for (int rank = 0; rank < 3; rank++)
            CollectionAssert.AreEqual(inPieces[rank], inFiles[rank]);

        float[][] Kept(int files) => On(3, worker =>
        {
            // The sample goes by pieces, so that it has to have all rows for both to be alike.
            using StreamedTable streamed = StreamedTable.Prepare(Open(folder, files), _data with { ValidationFraction = 0.001, TestFraction = 0 }, 1 << 30, _ => 32, CancellationToken.None, new(worker, 0, _ => ""));
            return RowsOf(streamed.Prepared.Training).Select(row => row[0]).Order().ToArray();
        });
    }

    [TestMethod]
    [DataRow(2)]
    [DataRow(5)]
    public void A_sample_is_the_same_whoever_has_seen_what(int workers)
    {
        Table table = new(new TableColumn("x", [.. Enumerable.Range(0, 50_000).Select(i => (double)i)]), new TableColumn("y", [.. Enumerable.Range(0, 50_000).Select(i => i == 49_999 ? "last" : $"{i % 3}")]),
            new TableColumn("z", [.. Enumerable.Range(0, 50_000).Select(i => i * 0.1)]));
        foreach (string label in new[] { "y", "z" })
        {
            double[] alone = Values(Sample(Workers.One, label));
            Assert.IsInRange(700, 1010, alone.Length, label);
            Assert.AreEqual(label == "y", alone[^1] == 49_999);
            foreach (RowSample sample in On(workers, worker => Sample(worker, label)))
                CollectionAssert.AreEqual(alone, Values(sample));
        }

        static double[] Values(RowSample sample) => sample.ToTable().Rows["x"].Numbers.ToArray();

        RowSample Sample(Workers worker, string label)
        {
            const int Piece = 1000;
            var own = new RowSample(4, 1000, label);
            for (int piece = 0; piece < table.RowCount / Piece; piece++)
            {
                if (piece % worker.Count != worker.Rank)
                    continue;
                int[] rows = [.. Enumerable.Range(0, Piece)];
                own.Add(table.Select(Array.ConvertAll(rows, row => (piece * Piece) + row)), rows, Array.ConvertAll(rows, row => new RowPlace(piece, row)));
            }
            return own.Of(worker);
        }
    }

    [TestMethod]
    public void A_table_goes_to_others_as_it_is()
    {
        using TemporaryFile a = new(Header + "\n" + string.Join('\n', _lines[..50])), b = new(Header + "\n" + string.Join('\n', _lines[50..90]) + "\n−7,,?,1,,,\n");
        foreach (Table table in new[] { CsvTable.Load(a.Path), CsvTable.Load([a.Path, b.Path]).Select([3, 70, 90, 3]), CsvTable.Load(b.Path).Select([]) })
        {
            Table copy = Workers.One.Tell(table.Write, Table.Read).Single();
            Assert.AreEqual((table.RowCount, table.Source, table.Separator), (copy.RowCount, copy.Source, copy.Separator));
            CollectionAssert.AreEqual(Places(table), Places(copy));
            foreach ((TableColumn column, TableColumn other) in table.Columns.Zip(copy.Columns))
            {
                Assert.AreEqual((column.Name, column.IsNumeric, column.MeantAsText, column.AreDates, column.IsNothing), (other.Name, other.IsNumeric, other.MeantAsText, other.AreDates, other.IsNothing));
                CollectionAssert.AreEqual(Enumerable.Range(0, column.Count).Select(column.TextAt).ToArray(), Enumerable.Range(0, other.Count).Select(other.TextAt).ToArray());
                CollectionAssert.AreEqual(Words(column.Notes), Words(other.Notes));
            }
        }

        static string[] Places(Table table) => [.. Enumerable.Range(0, table.RowCount).Select(row => table.PlaceOf(row, withFile: true))];
        static string[] Words(ColumnNotes notes) => [$"{notes.IsUnnamed}", .. notes.MissingWords.Append(notes.Codes).Append(notes.TypographicMinus).Select(note => note is null ? "none" : $"{note.Text} {note.Place} {note.Count}")];
    }

    [TestMethod]
    public void A_fault_in_one_part_ends_all()
    {
        using var folder = new TemporaryFolder();
        string[] lines = [.. _lines];
        lines[25_000] = "25000,2024-01-01,only three";
        AggregateException error = Assert.Throws<AggregateException>(() => On(3, worker => Prepare(Open(folder, 1, lines), worker)));
        Assert.Contains("line 25002", error.InnerExceptions.OfType<DataFormatException>().Single().Message);
        Assert.AreEqual(2, error.InnerExceptions.OfType<WorkersException>().Count());
    }

    [TestMethod]
    public void Parts_of_different_tables_do_not_become_one()
    {
        string text = Header + "\n" + string.Join('\n', _lines) + "\n";
        using TemporaryFile first = new(text), shorter = new(Header + "\n" + string.Join('\n', _lines[..^9]) + "\n"), other = new(text.Replace("town", "city", StringComparison.Ordinal));
        foreach (TemporaryFile second in new[] { shorter, other })
        {
            AggregateException error = Assert.Throws<AggregateException>(() => On(2, worker => Prepare(Cut(worker.Writes ? first.Path : second.Path), worker)));
            foreach (Exception each in error.InnerExceptions)
                Assert.Contains("1 of 2 workers were started with other data or options than the first", each.Message);
        }
    }

    [TestMethod]
    public void A_file_that_changes_is_a_sentence()
    {
        using TemporaryFile file = new(Header + "\n" + string.Join('\n', _lines) + "\n");
        TableSource source = Cut(file.Path);
        source.ForEach(Workers.One, () => { }, _ => { }, CancellationToken.None);
        File.WriteAllText(file.Path, Header + "\n" + string.Join('\n', _lines).Replace("29999,", "never,", StringComparison.Ordinal));
        Assert.Contains("has changed since it was first read: a column of numbers has texts now", Assert.Throws<IOException>(() => source.Again(Workers.One, _ => { }, CancellationToken.None)).Message);
    }

    private static T[] On<T>(int count, Func<Workers, T> work) => count == 1 ? [work(Workers.One)] : ThreadWorkers.Run(count, work);

    private static StreamedTable Prepare(TableSource source, Workers worker) => StreamedTable.Prepare(source, _data, Memory, _ => 32, CancellationToken.None, new(worker, 0, _ => ""));

    private static IEnumerable<float[]> RowsOf(ExampleSource<float> examples)
    {
        for (int block = 0; block < examples.BlockCount; block++)
        {
            Examples<float> rows = examples.BlockAt(0, block);
            for (int row = 0; row < rows.Count; row++)
                yield return rows.FeaturesOf(row).ToArray();
        }
    }

    /// <summary>The same rows in one file or several, each cut into pieces of a few hundred rows.</summary>
    private static TableSource Open(TemporaryFolder folder, int files, string[]? lines = null)
    {
        lines ??= _lines;
        return TableFiles.Join([.. Enumerable.Range(0, files).Select(file =>
        {
            string path = folder[$"{file} of {files}.csv"];
            string text = Header + "\n" + string.Join('\n', lines[(lines.Length * file / files)..(lines.Length * (file + 1) / files)]) + "\n";
            lock (_lines)
            {
                if (!File.Exists(path))
                    File.WriteAllText(path, text);
            }
            return Cut(path);
        })]);
    }

    private static CsvSource Cut(string path) => new CsvSource(path, new CsvOptions(), pieceBytes: 20_000);
}
