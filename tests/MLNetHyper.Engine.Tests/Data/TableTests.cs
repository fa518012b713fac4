using static MLNetHyper.Engine.Tests.DataTestFiles;

namespace MLNetHyper.Engine.Tests;

[TestClass]
public sealed class TableTests
{
    private static Table Small() => new(new TableColumn("n", [1.0, double.NaN, 3]), new TableColumn("t", ["a", null, "c"]));

    [TestMethod]
    public void Select_takes_rows_in_the_given_order()
    {
        Table selected = Small().Select([2, 0, 2]);
        HasNumbers(selected, "n", 3.0, 1, 3);
        HasTexts(selected, "t", "c", "a", "c");
        Assert.AreEqual(3, selected.LineOf(0));
        Assert.AreEqual(0, Small().Select([]).RowCount);
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => Small().Select([3]));
    }

    [TestMethod]
    public void Selected_rows_remember_their_lines()
    {
        Assert.AreEqual(4, Load("a\n1\n2\n3\n").Select([2, 1]).Select([0]).LineOf(0));
    }

    [TestMethod]
    public void Columns_must_fit_together()
    {
        Assert.ThrowsExactly<ArgumentException>(() => new Table());
        Assert.ThrowsExactly<ArgumentException>(() => new Table(new TableColumn("a", [1.0]), new TableColumn("b", [1.0, 2])));
        Assert.ThrowsExactly<ArgumentException>(() => new Table(new TableColumn("a", [1.0]), new TableColumn("a", [2.0])));
        Assert.ThrowsExactly<ArgumentException>(() => new TableColumn("", [1.0]));
    }

    [TestMethod]
    public void Columns_know_what_they_hold()
    {
        Assert.IsTrue(Small()["n"].IsNumeric);
        Assert.ThrowsExactly<InvalidOperationException>(() => Small()["n"].Texts.Length);
        Assert.ThrowsExactly<InvalidOperationException>(() => Small()["t"].Numbers.Length);
        Assert.IsFalse(Small().TryGetColumn("N", out _));
    }

    [TestMethod]
    public void A_wrong_name_gets_the_nearest_or_a_list()
    {
        Table table = new(new TableColumn("price", [1.0]), new TableColumn("area", [1.0]));
        DataFormatException error = Fails(() => _ = table["Prise"], "there is no column 'Prise'. Did you mean 'price'?");
        Assert.StartsWith("there", error.Message, StringComparison.Ordinal);
        Assert.AreEqual("Prise", error.Column);
        Assert.IsNull(error.File);
        Fails(() => _ = table["temperature"], "there is no column 'temperature'. The columns are 'price', 'area'.");
    }
}
