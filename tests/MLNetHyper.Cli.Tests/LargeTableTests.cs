using System.Globalization;
using System.Text;
using System.Text.Json;
using Parquet;
using Parquet.Schema;

namespace MLNetHyper.Cli.Tests;

/// <summary>Tables that take more memory than they may.</summary>
[TestClass]
public sealed class LargeTableTests
{
    private const int Rows = 20_000;

    private static readonly string[] _limit = ["--memory-limit", "1MiB", "--steps", "400", "--batch-size", "32"];

    [TestMethod]
    [DataRow("t.csv")]
    [DataRow("t.parquet")]
    public void A_model_is_trained_from_a_temporary_file(string name)
    {
        using TestFolder folder = new();
        string file = Write(folder, name);
        Outcome outcome = Tool.Train(file, "y", [.. _limit, "--members", "1", "--model", folder["m"], "--report", folder["r.html"], "--history", folder["h.csv"]]).Succeeds();
        Assert.Contains("the table's 20000 rows do not fit in the 1.0 MiB of memory", outcome.Error);
        JsonElement test = outcome.Json.GetProperty("metrics").GetProperty("test");
        Assert.IsInRange(0, 0.3, test.GetProperty("rmse").GetDouble());
        string report = File.ReadAllText(folder["r.html"]);
        Assert.Contains("Predicted and actual", report);
        Assert.Contains("a sample of all, have no value there", report);
        Assert.AreEqual(Rows + 1, Tool.Run("predict", "--model", folder["m"], "--data", file).Succeeds().Out.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
        // As text: all rows but those held out train.
        string text = Tool.Run(["train", "--data", file, "--label", "y", .. _limit]).Succeeds().Out;
        int[] parts = [.. text.Split('\n').Single(line => line.StartsWith("rows ", StringComparison.Ordinal)).Split(' ', ',', ';').Where(word => int.TryParse(word, out _)).Select(word => int.Parse(word, CultureInfo.InvariantCulture))];
        Assert.AreEqual(Rows, parts[0] + parts[1] + parts[2], text);
        Assert.IsEmpty(Directory.GetFiles(Path.GetTempPath(), "mlnethyper-*.rows"));
    }

    /// <summary>Row groups where there is one for every reader, else pieces of them.</summary>
    [TestMethod]
    [DataRow(1)]
    [DataRow(2)]
    [DataRow(3)]
    [DataRow(9)]
    public void Several_read_a_part_each(int readers)
    {
        using TestFolder folder = new();
        TableSource source = ParquetTable.Open(Write(folder, "t.parquet"));
        TablePiece[][] parts = [.. Enumerable.Range(0, readers).Select(reader => source.Pieces([], new TablePart(reader, readers)).ToArray())];
        foreach (TablePiece[] part in parts)
            Assert.AreEqual(0, part[0].Number);
        TablePiece[] all = [.. parts.SelectMany(part => part).Where(piece => piece.IsOwn).OrderBy(piece => piece.Number)];
        CollectionAssert.AreEqual(source.Load().Columns[0].Numbers.ToArray(), all.SelectMany(piece => piece.Rows.Columns[0].Numbers.ToArray()).ToArray());
    }

    /// <summary>Byte for byte what is predicted in memory, with errors and warnings of all pieces together.</summary>
    [TestMethod]
    [DataRow("csv")]
    [DataRow("parquet")]
    public void Predictions_go_through_memory_in_pieces(string kind)
    {
        using TestFolder folder = new();
        string file = Write(folder, $"t.{kind}");
        Tool.Train(file, "y", "--steps", "60", "--members", "1", "--hidden-layers", "4", "--model", folder["m"]).Succeeds();
        string more = Write(folder, $"u.{kind}");
        string[] data = ["predict", "--model", folder["m"], "--data", file, more, "--interval", "0.8"], pieces = [.. data, "--memory-limit", "1MiB"];
        foreach (string keep in new[] { "town", "all" })
        {
            Outcome whole = Tool.Run([.. data, "--keep", keep]).Succeeds(), divided = Tool.Run([.. pieces, "--keep", keep]).Succeeds();
            Assert.AreEqual((2 * Rows) + 1, whole.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
            Assert.AreEqual(whole.Out, divided.Out);
            Assert.AreEqual(whole.Error, divided.Error);
        }
        Tool.Run([.. data, "--output", folder["whole.csv"]]).Succeeds();
        JsonElement metrics = Tool.Run([.. data, "--json"]).Succeeds().Json.GetProperty("metrics"), json = Tool.Run([.. pieces, "--output", folder["divided.csv"], "--json"]).Succeeds().Json;
        Assert.AreEqual(File.ReadAllText(folder["whole.csv"]), File.ReadAllText(folder["divided.csv"]));
        Assert.AreEqual(metrics.ToString(), json.GetProperty("metrics").ToString());
        Assert.AreEqual(2 * Rows, json.GetProperty("rows").GetInt32());
        Tool.Run([.. pieces, "--json"]).IsBadInput("--json needs all predictions in memory", "--output");
        Tool.Run([.. pieces, "--keep", "nothing"]).IsBadInput("nothing");
    }

    /// <summary>A row in a later piece that cannot be read keeps the older file; labels there that cannot be compared with only keep the errors back.</summary>
    [TestMethod]
    public void What_is_wrong_in_a_later_piece_is_said_with_its_place()
    {
        using TestFolder folder = new();
        const int Lines = 60_000;
        string rows = string.Concat(Enumerable.Range(0, Lines).Select(i => $"{i % 97},{(i % 3 == 0 ? "Rome" : "Bonn")},{i % 97 + (i % 3)}\n"));
        string good = folder.Write("good.csv", "age,town,y\n" + rows);
        Tool.Train(good, "y", "--steps", "60", "--members", "1", "--hidden-layers", "4", "--model", folder["m"]).Succeeds();
        Outcome Predict(string last, params string[] more) => Tool.Run(["predict", "--model", folder["m"], "--data", good, folder.Write("last.csv", "age,town,y\n1,Rome,2\n" + last), "--memory-limit", "1MiB", .. more]);

        Outcome surprised = Predict("2,Oslo,2\n,Oslo,3\n").Succeeds();
        foreach (string part in (string[])["column 'town' has 1 text in 2 rows", "first 'Oslo' in line 3 of", "column 'age' is empty in 1 row, first in line 4 of", "60,003"])
            Assert.Contains(part, surprised.Error);
        Assert.Contains("the errors were not measured", Predict("2,Rome,much\n").Succeeds().Error);
        File.WriteAllText(folder["p.csv"], "older");
        Predict("old,Rome,2\n", "--output", folder["p.csv"]).IsBadInput("last.csv", "line 3", "'age'");
        Assert.AreEqual("older", File.ReadAllText(folder["p.csv"]));
    }

    [TestMethod]
    public void It_resumes_and_takes_test_rows_from_elsewhere()
    {
        using TestFolder folder = new();
        string file = Write(folder, "t.csv");
        string[] options = ["--memory-limit", "1MiB", "--batch-size", "32", "--members", "1", "--test-data", file];
        JsonElement Train(params string[] more) => Tool.Train(file, "y", [.. options, "--steps", "200", .. more]).Succeeds().Json;
        JsonElement whole = Train(), first = Train("--checkpoint", folder["c"]), again = Train("--checkpoint", folder["c"]);
        Assert.AreEqual(Rows, whole.GetProperty("metrics").GetProperty("test").GetProperty("rows").GetInt32());
        Assert.IsGreaterThan(0, again.GetProperty("resumedFrom").GetInt32());
        foreach (JsonElement other in new[] { first, again })
            Assert.AreEqual(whole.GetProperty("metrics").ToString(), other.GetProperty("metrics").ToString());
    }

    [TestMethod]
    public void What_needs_all_rows_says_so_before_it_reads_them()
    {
        using TestFolder folder = new();
        string file = Write(folder, "t.csv");
        Tool.Train(file, "y", [.. _limit, "--cross-validate", "3"]).IsBadInput("--cross-validate needs the whole table in memory", "--memory-limit");
        Tool.Train(file, "y", [.. _limit, "--learning-curve"]).IsBadInput("--learning-curve needs the whole table in memory", "--memory-limit");
        Tool.Train(file, "y", [.. _limit, "--retrain-on-all"]).IsBadInput("Retraining on all rows needs them in memory", "--memory-limit");
        Tool.Train(file, "y", [.. _limit, "--split-rows", "18000,1000,1000"]).IsBadInput("divided at random", "--memory-limit");
        Tool.Train(file, "y", "--memory-limit", "12").IsBadInput("--memory-limit must be a size of at least 1MiB, such as 500MB or 4GB, but is '12'.");
        Tool.Train(file, "y", "--memory-limit", "much").IsBadInput("--memory-limit must be a size");
        Tool.Train(file, "y", "--memory-limit", "4GB").Succeeds();
    }

    [TestMethod]
    public void Canceled_while_it_reads_it_leaves_nothing()
    {
        using TestFolder folder = new();
        string file = Write(folder, "t.csv");
        using var canceled = new CancellationTokenSource();
        canceled.Cancel();
        Assert.AreEqual(ExitCode.Canceled, Tool.Run(canceled.Token, ["train", "--data", file, "--label", "y", .. _limit]).ExitCode);
        Assert.IsEmpty(Directory.GetFiles(Path.GetTempPath(), "mlnethyper-*.rows"));
    }

    private static string Write(TestFolder folder, string name)
    {
        double[] x = [.. Enumerable.Range(0, Rows).Select(i => i * 7919 % 1009 / 100.0)];
        string[] town = [.. Enumerable.Range(0, Rows).Select(i => i % 3 == 0 ? "Rome" : "Oslo")];
        double[] y = [.. x.Select((value, i) => Math.Sin(value) + (i % 3 == 0 ? 1 : 0))];
        if (name.EndsWith(".parquet", StringComparison.Ordinal))
        {
            WriteParquet(folder[name], x, town, y).GetAwaiter().GetResult();
            return folder[name];
        }
        StringBuilder text = new("x,town,y\n");
        for (int row = 0; row < Rows; row++)
            text.Append(CultureInfo.InvariantCulture, $"{x[row]},{town[row]},{y[row]}\n");
        return folder.Write(name, text.ToString());
    }

    private static async Task WriteParquet(string path, double[] x, string[] town, double[] y)
    {
        DataField[] fields = [new DataField<double>("x"), new DataField<string>("town"), new DataField<double>("y")];
        await using FileStream file = File.Create(path);
        await using ParquetWriter writer = await ParquetWriter.CreateAsync(new ParquetSchema(fields), file);
        foreach (Range part in new[] { ..7000, 7000.. })
        {
            using ParquetRowGroupWriter group = writer.CreateRowGroup();
            await group.WriteAsync<double>(fields[0], x[part]);
            await group.WriteAsync(fields[1], town[part]);
            await group.WriteAsync<double>(fields[2], y[part]);
        }
    }
}
