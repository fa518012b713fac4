using System.Data;
using static MLNetHyper.Engine.Tests.DataTestFiles;

namespace MLNetHyper.Engine.Tests;

[TestClass]
public sealed class DatabaseTableTests
{
    [TestMethod]
    [DataRow((byte)3)]
    [DataRow((sbyte)3)]
    [DataRow((short)3)]
    [DataRow((ushort)3)]
    [DataRow(3)]
    [DataRow(3u)]
    [DataRow(3L)]
    [DataRow(3ul)]
    [DataRow(3f)]
    [DataRow(3.0)]
    public void Numbers_of_every_kind(object value) => HasNumbers(DatabaseTable.Load(Reader(("n", value.GetType(), [value, DBNull.Value]))), "n", 3, double.NaN);

    [TestMethod]
    public void Decimals_and_times()
    {
        Table table = DatabaseTable.Load(Reader(
            ("price", typeof(decimal), [12.25m, DBNull.Value]), ("duration", typeof(TimeSpan), [TimeSpan.FromMinutes(90), DBNull.Value]), ("clock", typeof(TimeOnly), [new TimeOnly(6, 30), DBNull.Value])));
        HasNumbers(table, "price", 12.25, double.NaN);
        HasNumbers(table, "duration", 1.5, double.NaN);
        HasNumbers(table, "clock", 6.5, double.NaN);
    }

    [TestMethod]
    public void Texts_truth_values_and_identifiers_as_a_CSV_file_has_them()
    {
        var id = Guid.NewGuid();
        Table table = DatabaseTable.Load(Reader(("t", typeof(string), ["a", "", DBNull.Value, "007"]), ("b", typeof(bool), [true, false, DBNull.Value, true]), ("g", typeof(Guid), [id, id, id, id]), ("none", typeof(string), [DBNull.Value, DBNull.Value, DBNull.Value, DBNull.Value])));
        HasTexts(table, "t", "a", null, null, "007");
        HasTexts(table, "b", "true", "false", null, "true");
        Assert.AreEqual(id.ToString(), table["g"].Texts[0]);
        HasTexts(table, "none", null, null, null, null);
    }

    [TestMethod]
    public void A_column_of_dates_needs_no_naming()
    {
        object[] days = [.. Enumerable.Range(0, 200).Select(i => (object)new DateTime(2024, 1, 1, i % 24, 0, 0).AddDays(i))];
        Table table = DatabaseTable.Load(Reader(("day", typeof(DateTime), days), ("y", typeof(double), [.. Enumerable.Range(0, 200).Select(i => (object)(double)i)])));
        Assert.AreEqual("2024-01-01", table["day"].Texts[0]);
        Assert.AreEqual("2024-01-02T01:00:00", table["day"].Texts[1]);
        PreparedData<float> prepared = DataPreparation.Prepare<float>(table, new DataOptions { LabelColumn = "y" });
        CollectionAssert.AreEqual(new[] { "day month", "day day", "day weekday", "day hour" }, prepared.Features.FeatureNames.ToArray());
        // Left out or a label, it is no feature.
        Assert.ThrowsExactly<DataFormatException>(() => DataPreparation.Prepare<float>(table, new DataOptions { LabelColumn = "y", IgnoredColumns = ["day"] }));
    }

    [TestMethod]
    public void A_text_among_numbers_makes_texts_of_all() => HasTexts(DatabaseTable.Load(Reader(("n", typeof(object), [1.5, "x", 2L, DBNull.Value]))), "n", "1.5", "x", "2", null);

    [TestMethod]
    public void Options_say_what_is_a_number_and_what_a_text()
    {
        Table table = DatabaseTable.Load(Reader(("code", typeof(int), [7, 8]), ("n", typeof(string), ["1", DBNull.Value])), new CsvOptions { TextColumns = ["code"], NumericColumns = ["n"] });
        HasTexts(table, "code", "7", "8");
        Assert.IsTrue(table["code"].MeantAsText);
        HasNumbers(table, "n", 1, double.NaN);
        Fails(() => DatabaseTable.Load(Reader(("n", typeof(string), ["1", "two"])), new CsvOptions { NumericColumns = ["n"] }), "row 2, column 'n'", "'two' is not a number");
        Fails(() => DatabaseTable.Load(Reader(("n", typeof(string), ["1"])), new CsvOptions { NumericColumns = ["m"] }), "'m'");
    }

    [TestMethod]
    public void What_cannot_be_used_is_refused()
    {
        Fails(() => DatabaseTable.Load(Reader(("n", typeof(int), []))), "the query gave no rows.");
        Fails(() => DatabaseTable.Load(Reader(("n", typeof(byte[]), [new byte[1]]))), "row 1, column 'n': there is a Byte[], which is neither number, text nor date. Leave the column out of the query");
        using DataTable twice = new();
        twice.Columns.Add("a");
        twice.Columns.Add("A");
        twice.Rows.Add("1", "2");
        Assert.HasCount(2, DatabaseTable.Load(twice.CreateDataReader()).Columns);
        Assert.ThrowsExactly<ArgumentNullException>(() => DatabaseTable.Load(null!));
    }

    [TestMethod]
    public void A_model_of_a_database_is_that_of_a_file()
    {
        Table file = Sample(ReferenceDataset.Energy);
        DataTableReader reader = Reader([.. file.Columns.Select(column => (column.Name, typeof(double), column.Numbers.ToArray().Cast<object>().ToArray()))]);
        OnePassResult Train(Table table) => OnePass.Train(table, new DataOptions { LabelColumn = "y" }, OnePassOptions.Fast with { Steps = 20 });
        Assert.AreEqual(Train(file).Test!.Rmse, Train(DatabaseTable.Load(reader)).Test!.Rmse);
    }

    private static DataTableReader Reader(params (string Name, Type Type, object[] Values)[] columns)
    {
        DataTable table = new();
        foreach ((string name, Type type, _) in columns)
            table.Columns.Add(name, type);
        for (int row = 0; row < columns[0].Values.Length; row++)
            table.Rows.Add([.. columns.Select(column => column.Values[row])]);
        return table.CreateDataReader();
    }
}
