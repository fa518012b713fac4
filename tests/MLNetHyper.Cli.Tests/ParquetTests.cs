using System.Text.Json;
using Parquet;
using Parquet.Schema;

namespace MLNetHyper.Cli.Tests;

[TestClass]
public sealed class ParquetPublicApiTests() : PublicApiListing(typeof(ParquetTable).Assembly);

/// <summary>Parquet files wherever the tool takes CSV.</summary>
[TestClass]
public sealed class ParquetTests
{
    private const int Rows = 300;

    private static readonly int[] _rows = [.. Enumerable.Range(0, Rows)];

    [TestMethod]
    public void Every_type_that_a_table_can_have()
    {
        using TestFolder folder = new();
        DataField[] fields =
        [
            new DataField<double>("double"), new DataField<float?>("float"), new DataField<int>("int"), new DataField<long?>("long"), new DataField<short>("short"), new DataField<decimal?>("decimal"), new DataField<bool?>("bool"),
            new DataField<string>("text"), new DataField<DateTime>("moment"), new DataField<Guid>("guid"),
        ];
        Write(folder["t.parquet"], fields, async group =>
        {
            await group.WriteAsync<double>(fields[0], new double[] { 1.5, double.NaN });
            await group.WriteAsync<float>(fields[1], new float?[] { 2.5f, null });
            await group.WriteAsync<int>(fields[2], new[] { 3, -3 });
            await group.WriteAsync<long>(fields[3], new long?[] { 4, null });
            await group.WriteAsync<short>(fields[4], new short[] { 5, 6 });
            await group.WriteAsync<decimal>(fields[5], new decimal?[] { 1.25m, null });
            await group.WriteAsync<bool>(fields[6], new bool?[] { true, null });
            await group.WriteAsync(fields[7], new[] { "a", null! });
            await group.WriteAsync<DateTime>(fields[8], new[] { new DateTime(2024, 6, 1, 0, 0, 0, DateTimeKind.Utc), new DateTime(2024, 6, 2, 12, 30, 0, DateTimeKind.Utc) });
            await group.WriteAsync<Guid>(fields[9], new[] { Guid.Empty, Guid.Empty });
        }, groups: 2);
        Table table = ParquetTable.Load(folder["t.parquet"]);
        Assert.AreEqual(4, table.RowCount);
        foreach ((string name, double first, double second) in new[] { ("double", 1.5, double.NaN), ("float", 2.5, double.NaN), ("int", 3, -3), ("long", 4, double.NaN), ("short", 5, 6), ("decimal", 1.25, double.NaN) })
            CollectionAssert.AreEqual(new[] { first, second, first, second }, table[name].Numbers.ToArray(), name);
        CollectionAssert.AreEqual(new[] { "true", null, "true", null }, table["bool"].Texts.ToArray());
        CollectionAssert.AreEqual(new[] { "a", null, "a", null }, table["text"].Texts.ToArray());
        CollectionAssert.AreEqual(new[] { "2024-06-01", "2024-06-02T12:30:00", "2024-06-01", "2024-06-02T12:30:00" }, table["moment"].Texts.ToArray());
        Assert.IsTrue(table["moment"].AreDates);
    }

    [TestMethod]
    public void Trains_predicts_explains_and_compares_as_the_CSV_file_does()
    {
        using TestFolder folder = new();
        string csv = folder.Write("t.csv", "x,color,y\n" + string.Concat(_rows.Select(i => $"{i % 17},{Color(i)},{(i % 17) + (i % 3)}\n"))), parquet = WriteTable(folder["t.parquet"]), unnamed = WriteTable(folder["t.data"]);
        JsonElement expected = Tool.Train(csv, "y", "--model", folder["csv.model"]).Succeeds().Json;
        foreach (string file in new[] { parquet, unnamed })
            Assert.AreEqual(expected.GetProperty("metrics").ToString(), Tool.Train(file, "y", "--model", folder["m"]).Succeeds().Json.GetProperty("metrics").ToString());
        Assert.AreEqual(Tool.Run("predict", "--model", folder["csv.model"], "--data", csv, "--keep", "color").Succeeds().Out, Tool.Run("predict", "--model", folder["m"], "--data", parquet, "--keep", "color").Succeeds().Out);
        Assert.AreEqual(Tool.Run("predict", "--model", folder["m"], "--data", csv).Succeeds().Out, Tool.RunOn(parquet, "predict", "--model", folder["m"], "--data", "-").Succeeds().Out);
        Tool.Run("explain", "--model", folder["m"], "--data", parquet, "--json").Succeeds();
        Tool.Train(csv, "y", "--test-data", parquet).Succeeds();
        Tool.Run("suite", "--data", Path.GetDirectoryName(parquet)!, "--tables", "t", "--contestants", "constant", "--divisions", "1", "--json").IsBadInput("--contestants");
    }

    [TestMethod]
    public void Options_say_what_is_a_number_and_what_a_text()
    {
        using TestFolder folder = new();
        string file = WriteTable(folder["t.parquet"]);
        Tool.Train(file, "y", "--text", "x").Succeeds();
        Tool.Train(file, "y", "--numeric", "color").IsBadInput("line 1, column 'color'", "is not a number");
        Tool.Train(file, "y", "--drop", "colour").IsBadInput("'colour'", "color");
        Tool.Train(file, "y", "--text", "colour").IsBadInput("'colour'", "color");
    }

    [TestMethod]
    public void What_is_no_table_is_refused()
    {
        using TestFolder folder = new();
        Tool.Train(folder["none.parquet"], "y").IsBadInput("there is no such file");
        Tool.Train(folder.Write("text.parquet", "a,b\n1,2\n"), "b").IsBadInput("not a Parquet file, or it is damaged");
        byte[] whole = File.ReadAllBytes(WriteTable(folder["t.parquet"]));
        File.WriteAllBytes(folder["cut.parquet"], whole[..(whole.Length / 2)]);
        Tool.Train(folder["cut.parquet"], "y").IsBadInput("damaged", "Write it again.");
        DataField field = new DataField<int>("n");
        Write(folder["empty.parquet"], [field], group => group.WriteAsync<int>(field, Array.Empty<int>()));
        Tool.Train(folder["empty.parquet"], "n").IsBadInput("no rows");
        DataField list = new DataField<int[]>("parts");
        Write(folder["list.parquet"], [list], group => group.WriteAsync<int>(list, new[] { 1, 2 }, new[] { 0, 1 }));
        Tool.Train(folder["list.parquet"], "n").IsBadInput("column 'parts'", "lists, structures or maps");
        Assert.ThrowsExactly<ArgumentException>(() => ParquetTable.Load(""));
    }

    private static string Color(int row) => row % 3 == 0 ? "red" : "blue";

    private static string WriteTable(string path)
    {
        DataField[] fields = [new DataField<double>("x"), new DataField<string>("color"), new DataField<long>("y")];
        Write(path, fields, async group =>
        {
            await group.WriteAsync<double>(fields[0], _rows.Select(i => (double)(i % 17)).ToArray());
            await group.WriteAsync(fields[1], _rows.Select(Color).ToArray());
            await group.WriteAsync<long>(fields[2], _rows.Select(i => (long)((i % 17) + (i % 3))).ToArray());
        });
        return path;
    }

    private static void Write(string path, DataField[] fields, Func<ParquetRowGroupWriter, Task> write, int groups = 1) => WriteAsync(path, fields, write, groups).GetAwaiter().GetResult();

    private static async Task WriteAsync(string path, DataField[] fields, Func<ParquetRowGroupWriter, Task> write, int groups)
    {
        await using FileStream file = File.Create(path);
        await using ParquetWriter writer = await ParquetWriter.CreateAsync(new ParquetSchema(fields), file);
        for (int i = 0; i < groups; i++)
        {
            using ParquetRowGroupWriter group = writer.CreateRowGroup();
            await write(group);
        }
    }
}
