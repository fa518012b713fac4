namespace MLNetHyper.Engine.Tests;

[TestClass]
public sealed class MarkdownTableTests
{
    [TestMethod]
    [DataRow("onepass compare --data a-->b.csv")]
    [DataRow("onepass compare --data a--!>b.csv")]
    public void A_command_cannot_end_the_comment_that_it_stands_in(string command)
    {
        using var output = new StringWriter();
        MarkdownTable.Write(output, command, ["a", "b"], [["1", "2"]]);
        string[] lines = output.ToString().Split('\n');
        Assert.EndsWith("b.csv -->", lines[0]);
        Assert.AreEqual(1, lines[0].Count(c => c == '>'));
        Assert.AreEqual("| a | b |", lines[1]);
    }
}
