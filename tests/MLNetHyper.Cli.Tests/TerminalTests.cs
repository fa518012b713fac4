namespace MLNetHyper.Cli.Tests;

[TestClass]
public sealed class TerminalTests
{
    private const string Sentence = "  The validation loss was still falling at the end: twice the steps may lower it further.";

    [TestMethod]
    [DataRow(40)]
    [DataRow(60)]
    [DataRow(80)]
    [DataRow(120)]
    public void Text_wraps_at_spaces(int width)
    {
        var text = new StringWriter { NewLine = "\n" };
        new WrappedText(text, width).WriteLine(Sentence);
        string[] lines = text.ToString().TrimEnd('\n').Split('\n');
        Assert.IsTrue(lines.All(line => line.Length <= width && line.StartsWith("  ", StringComparison.Ordinal) && line[2] != ' '), text.ToString());
        Assert.AreEqual(Sentence.Trim(), string.Join(' ', lines.Select(line => line.Trim())));
        Assert.HasCount(width == 120 ? 1 : width == 40 ? 3 : 2, lines);
    }

    [TestMethod]
    public void Text_behind_a_name_goes_on_beneath_itself()
    {
        var text = new StringWriter { NewLine = "\n" };
        new WrappedText(text, 40).WriteLine("network   4 x 85-64-64-1, relu; 85 features from 30 columns, standardized");
        Assert.AreEqual("network   4 x 85-64-64-1, relu; 85\n          features from 30 columns,\n          standardized\n", text.ToString());
    }

    [TestMethod]
    public void Text_behind_a_long_name_does_too()
    {
        var text = new StringWriter { NewLine = "\n" };
        new WrappedText(text, 80).WriteLine("  hypergradient-descent           learning rate only, by its own training-loss derivative");
        Assert.AreEqual("  hypergradient-descent           learning rate only, by its own training-loss\n                                  derivative\n", text.ToString());
    }

    [TestMethod]
    [DataRow(80, "loss 0.1 valid. 0.2 lr 0.005 wd 0.01")]
    [DataRow(30, "loss 0.1 valid. 0.2 lr 0.005")]
    [DataRow(20, "loss 0.1 valid. 0.2")]
    [DataRow(10, "loss 0.1 …")]
    public void A_bar_says_what_has_room_on_its_line(int room, string said) => Assert.AreEqual(said, Bar.Fit(room, ["loss 0.1 valid. 0.2", "lr 0.005", "wd 0.01"]));

    [TestMethod]
    public void A_word_that_is_longer_than_the_line_stays_whole()
    {
        var text = new StringWriter { NewLine = "\n" };
        string word = new('x', 100);
        new WrappedText(text, 60).WriteLine($"a {word} b");
        Assert.Contains(word, text.ToString());
    }

    [TestMethod]
    public void Tables_drop_columns_by_width_and_name_them()
    {
        var table = new TextTable("name", "first of them", "second of them", "third of them");
        table.Add("row", "1", "2", "3");
        string Written(int width)
        {
            var text = new StringWriter { NewLine = "\n" };
            table.WriteTo(new WrappedText(text, width));
            return text.ToString();
        }
        Assert.DoesNotContain("wider terminal", Written(80));
        string narrow = Written(45);
        Assert.Contains("(A wider terminal also shows third of them.)", narrow);
        Assert.IsTrue(narrow.Split('\n').All(line => line.Length <= 45), narrow);
        var piped = new StringWriter { NewLine = "\n" };
        table.WriteTo(piped);
        Assert.AreEqual(Written(80), piped.ToString());
    }
}
