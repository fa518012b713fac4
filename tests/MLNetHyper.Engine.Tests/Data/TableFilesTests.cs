using System.Globalization;
using static MLNetHyper.Engine.Tests.DataTestFiles;

namespace MLNetHyper.Engine.Tests;

/// <summary>Tables in several files.</summary>
[TestClass]
public sealed class TableFilesTests
{
    [TestMethod]
    public void Several_files_are_one_table()
    {
        using TemporaryFile first = new("a,b,t\n1,2,x\n3,4,y\n"), second = new("t;b;a\n\"y\";6;5\n"), third = new("a,b,t\n7,8,z\n");
        Table table = CsvTable.Load([first.Path, second.Path, third.Path]);
        CollectionAssert.AreEqual(new[] { "a", "b", "t" }, table.Columns.Select(column => column.Name).ToArray());
        HasNumbers(table, "a", 1, 3, 5, 7);
        HasNumbers(table, "b", 2, 4, 6, 8);
        HasTexts(table, "t", "x", "y", "y", "z");
        Assert.AreEqual($"{first.Path} and 2 more files", table.Source);
        CollectionAssert.AreEqual(new[] { 2, 3, 2, 2 }, Enumerable.Range(0, 4).Select(table.LineOf).ToArray());
        Assert.AreEqual($"line 2 of {second.Path}", table.PlaceOf(2));
        Assert.AreEqual($"line 2 of {third.Path}", table.Select([3, 0]).PlaceOf(0));
        HasNumbers(CsvTable.Load([first.Path]), "a", 1, 3);
        Assert.AreEqual(first.Path, CsvTable.Load([first.Path]).Source);
    }

    [TestMethod]
    [DataRow("1\n2\n", "x\n")]
    [DataRow("x\n", "1\n2\n")]
    public void A_column_of_texts_in_one_is_one_in_all(string before, string after)
    {
        using TemporaryFile first = new("code\n" + before), second = new("code\n" + after);
        string?[] expected = [.. before.Split('\n', StringSplitOptions.RemoveEmptyEntries), .. after.Split('\n', StringSplitOptions.RemoveEmptyEntries)];
        HasTexts(CsvTable.Load([first.Path, second.Path]), "code", expected);
    }

    [TestMethod]
    public void Columns_of_nothing_are_left_out_and_notes_are_of_all_files()
    {
        using TemporaryFile first = new("a,y,\n1,NA,\n2,3,\n"), second = new("a,y,\n1,NA,\n2,?,\n");
        Table table = CsvTable.Load([first.Path, second.Path]);
        Assert.HasCount(2, table.Columns);
        Assert.AreEqual("'NA' 2 line 2 of " + first.Path + ", '?' 1 line 3 of " + second.Path, string.Join(", ", table["y"].Notes.MissingWords.Select(word => $"'{word.Text}' {word.Count} {word.Place}")));
    }

    [TestMethod]
    public void Faults_name_the_file_and_the_line()
    {
        using TemporaryFile good = new("a,b\n1,2\n3,4\n"), bad = new("a,b\n1,2\n3\n"), text = new("a,b\n1,2\n3,four\n"), empty = new("");
        Fails(() => CsvTable.Load([good.Path, bad.Path]), bad.Path, "line 3: there are 1 fields but the header has 2");
        Fails(() => CsvTable.Load([good.Path, text.Path], new CsvOptions { NumericColumns = ["b"] }), text.Path, "line 3, column 'b': 'four' is not a number");
        Fails(() => CsvTable.Load([good.Path, empty.Path]), empty.Path, "the file is empty");
        Fails(() => CsvTable.Load([good.Path, "nowhere.csv"]), "nowhere.csv: there is no such file");
        Assert.ThrowsExactly<ArgumentException>(() => CsvTable.Load([]));
        // Later, too, than while it is read.
        using TemporaryFile rows = new("a,b,x\n1,2,3\n3,4,5\n5,6,8\n"), weights = new("a,b,x\n1,-2,3\n");
        Fails(() => DataPreparation.Prepare<float>(CsvTable.Load([rows.Path, weights.Path]), new DataOptions { LabelColumn = "a", WeightColumn = "b", Task = LearningTask.Regression, ValidationFraction = 0.3, TestFraction = 0 }), weights.Path, "line 2");
    }

    [TestMethod]
    public void A_file_with_other_columns_is_refused()
    {
        using TemporaryFile first = new("a,b\n1,2\n"), fewer = new("a\n1\n"), other = new("a,c\n1,2\n"), more = new("a,b,c\n1,2,3\n");
        Fails(() => CsvTable.Load([first.Path, fewer.Path]), $"{fewer.Path}: the file has no column 'b', other than {first.Path}. Files that are one table must have the same columns");
        Fails(() => CsvTable.Load([first.Path, other.Path]), $"{other.Path}: the file has no column 'b', and has column 'c', other than {first.Path}.");
        Fails(() => CsvTable.Load([first.Path, more.Path]), $"{more.Path}: the file has column 'c', other than");
    }

    [TestMethod]
    public void Larger_than_memory_they_are_trained_on_too()
    {
        string Rows(int from, int count) => "x,y\n" + string.Concat(Enumerable.Range(from, count).Select(i => string.Create(CultureInfo.InvariantCulture, $"{i * 7919 % 1009},{i * 7919 % 1009 / 300.0}\n")));
        using TemporaryFile first = new(Rows(0, 15_000)), second = new(Rows(15_000, 9000));
        DataOptions data = new() { LabelColumn = "y", MemoryLimit = 1 << 20 };
        OnePassOptions options = OnePassOptions.Fast with { Steps = 300, HiddenLayers = [8], BatchSize = 32 };
        OnePassResult result = OnePass.Train(CsvTable.Open([first.Path, second.Path]), data, options);
        StringAssert.Contains(result.Warnings[0], "the table's 24000 rows do not fit in the 1.0 MiB");
        Assert.IsLessThan(0.3, result.Test!.Rmse!.Value);
        Assert.AreEqual(CsvTable.Open(first.Path).MemoryNeeded + CsvTable.Open(second.Path).MemoryNeeded, CsvTable.Open([first.Path, second.Path]).MemoryNeeded);
    }
}
