using static MLNetHyper.Engine.Tests.DataTestFiles;

namespace MLNetHyper.Engine.Tests;

[TestClass]
public sealed class DataWarningTests
{
    private static readonly DataOptions _y = new() { LabelColumn = "y" };

    private static string Warnings(string header, Func<int, string> row, DataOptions? options = null) =>
        string.Join('\n', DataPreparation.Prepare<float>(Load(header + "\n" + string.Concat(Enumerable.Range(0, 60).Select(i => row(i) + "\n"))), options ?? _y).Warnings);

    private static double Noise(int i) => i * 7919 % 101;

    [TestMethod]
    public void Ordinary_data_have_none()
    {
        Assert.AreEqual("", Warnings("a,b,y", i => $"{Noise(i)},{(i % 3 == 0 ? "p" : "q")},{(i * 31 % 17) + 0.5}"));
        Assert.AreEqual("", Warnings("a,b,y", i => $"{Noise(i)},{(i % 3 == 0 ? "p" : "q")},{(i * 31 % 17 > 8 ? "yes" : "no")}"));
    }

    [TestMethod]
    public void Row_numbers()
    {
        Assert.Contains("column 'id' has 60 different whole numbers in order", Warnings("id,a,y", i => $"{1000 + (3 * i)},{Noise(i)},{i * 31 % 17}.5"));
        Assert.Contains("column 'id' has 60 different whole numbers in order", Warnings("id,a,y", i => $"{-i},{Noise(i)},{i * 31 % 17}.5"));
        Assert.AreEqual("", Warnings("id,a,y", i => $"{(i == 0 ? "" : i)},{Noise(i)},{i * 31 % 17}.5"));
        Assert.AreEqual("", Warnings("id,a,y", i => $"{i / 2},{Noise(i)},{i * 31 % 17}.5"));
    }

    [TestMethod]
    public void Dates_written_as_whole_numbers()
    {
        Assert.Contains("column 'day' looks like dates written as whole numbers, such as 20240101", Warnings("day,a,y", i => $"{20240101 + (i % 31)},{Noise(i)},{i * 31 % 17}.5"));
        Assert.AreEqual("", Warnings("day,a,y", i => $"{20240101 + (i % 59)},{Noise(i)},{i * 31 % 17}.5"));
    }

    [TestMethod]
    public void Features_that_give_the_label_away()
    {
        Assert.Contains("column 'a' alone explains nearly all (correlation -1 in 60 rows) of label 'y'", Warnings("a,b,y", i => $"{-2 * Noise(i)},{i % 7},{Noise(i) + 0.5}"));
        Assert.Contains("column 'a' alone decides, in all 60 rows, label 'y'", Warnings("a,b,y", i => $"{"pqr"[i % 3]},{Noise(i)},{"xyz"[i % 3]}"));
        Assert.Contains("column 'a' alone divides, in all 60 rows, the classes of label 'y'", Warnings("a,b,y", i => $"{Noise(i) + (0.001 * i)},{i % 7},{(Noise(i) > 50 ? "yes" : "no")}"));
        Assert.AreEqual("", Warnings("a,b,y", i => $"{Noise(i)},{i % 7},{(Noise(i) > 50 ^ i == 4 ? "yes" : "no")}"));
    }

    [TestMethod]
    public void Columns_without_a_name()
    {
        string warnings = Warnings(",x,y", i => $"{Noise(i)},{i % 7},{i * 31 % 17}.5");
        Assert.Contains("column 'column 1' has no name in the header", warnings);
        Assert.AreEqual("", Warnings(",x,y", i => $"{Noise(i)},{i % 7},{i * 31 % 17}.5", _y with { IgnoredColumns = ["column 1"] }));
        Assert.AreEqual("x column 2 y column 4", string.Join(' ', Load("x,,y,\n1,2,3,4\n").Columns.Select(c => c.Name)));
        Assert.AreEqual("column 2 column 2'", string.Join(' ', Load("column 2,\n1,2\n").Columns.Select(c => c.Name)));
    }

    [TestMethod]
    [DataRow("x,y,\n1,2,\n3,4,\n")]
    [DataRow("x,y\n1,2,\n3,4\n")]
    [DataRow("x,y,\n1,2\n3,4,\n")]
    [DataRow(",x,y,\n,1,2,\n,3,4,\n")]
    public void A_separator_at_the_end_of_lines_is_no_column(string content)
    {
        Table table = Load(content);
        Assert.AreEqual("x y", string.Join(' ', table.Columns.Select(c => c.Name)));
        HasNumbers(table, "y", 2, 4);
    }

    [TestMethod]
    public void More_numbers_than_rows_train()
    {
        string header = string.Join(',', Enumerable.Range(0, 80).Select(i => $"g{i}")) + ",y";
        Assert.Contains("48 training rows are fewer than the 80 features", Warnings(header, row => string.Join(',', Enumerable.Range(0, 80).Select(i => Noise(row + (i * i)))) + $",{row * 31 % 17}.5"));
    }

    [TestMethod]
    public void Letters_that_are_composed_differently()
    {
        Table decomposed = Load("gro\u0308ße,y\n1,2\n"), composed = Load("gr\u00F6ße,y\n1,2\n");
        Fails(() => _ = decomposed["gr\u00F6ße"], "letters are composed differently");
        Fails(() => _ = composed["gro\u0308ße"], "letters are composed differently");
        Assert.DoesNotContain("composed", Fails(() => _ = composed["grosse"], "Did you mean").Message);
    }

    [TestMethod]
    public void They_reach_the_result()
    {
        Table table = Load("id,a,y\n" + string.Concat(Enumerable.Range(0, 60).Select(i => $"{i},{Noise(i)},{i * 31 % 17}.5\n")));
        Assert.Contains("column 'id'", OnePass.Train(table, _y, new OnePassOptions { Steps = 10, HiddenLayers = [] }).Warnings.Single());
    }
}
