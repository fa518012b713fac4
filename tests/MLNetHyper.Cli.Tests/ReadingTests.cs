using System.Text;
using System.Text.Json;

namespace MLNetHyper.Cli.Tests;

/// <summary>Files that are not written as most are, and columns that are no features.</summary>
[TestClass]
public sealed class ReadingTests
{
    [TestMethod]
    public void Decimal_commas_with_points_between_thousands()
    {
        using TestFolder folder = new();
        string points = folder.Write("p.csv", Rows(i => $"{i * 131.5:0.0};{i % 7}.25;{i * 263:0}.5"));
        string commas = folder.Write("c.csv", Rows(i => $"{Grouped(i * 131.5)};{i % 7},25;{i * 263:0},5"));
        string[] options = ["--separator", ";"];
        JsonElement expected = Tool.Train(points, "y", options).Succeeds().Json, actual = Tool.Train(commas, "y", [.. options, "--decimal", ",", "--model", folder["m"]]).Succeeds().Json;
        Assert.AreEqual(expected.GetProperty("metrics").ToString(), actual.GetProperty("metrics").ToString());
        Assert.Contains("RMSE", Tool.Run("predict", "--model", folder["m"], "--data", commas, "--decimal", ",").Succeeds().Error);
        Tool.Train(commas, "y").IsBadInput("--decimal");
        Tool.Train(points, "y", "--decimal", ";").IsBadInput("--decimal must be a point or a comma");
    }

    [TestMethod]
    [DataRow("1,5", 1.5)]
    [DataRow("-1.234.567,25", -1234567.25)]
    [DataRow("1.234", 1234.0)]
    [DataRow("12", 12.0)]
    [DataRow("1,5e3", 1500.0)]
    [DataRow("1.5", null)]
    [DataRow("1.2345", null)]
    [DataRow("1,234.5", null)]
    [DataRow("1,2,3", null)]
    [DataRow(".123", null)]
    [DataRow("1.234.", null)]
    [DataRow("1.234e5", null)]
    public void A_number_with_a_comma(string text, double? number)
    {
        bool isNumber = Cell.TryNumberWithComma(Encoding.UTF8.GetBytes(text), out double value);
        Assert.AreEqual(number is not null, isNumber);
        if (number is not null)
            Assert.AreEqual(number.Value, value);
    }

    [TestMethod]
    public void Encodings_by_name()
    {
        using TestFolder folder = new();
        string file = folder["latin.csv"], text = Rows(i => $"{(i % 3 == 0 ? "Köln" : "Århus")};{i % 7};{i % 3 == 0}", "größe");
        File.WriteAllBytes(file, Encoding.Latin1.GetBytes(text));
        Tool.Train(file, "y").IsBadInput("UTF-8", "--encoding");
        Tool.Train(file, "y", "--encoding", "windows-1252", "--model", folder["m"]).Succeeds();
        Tool.Train(file, "y", "--encoding", "latin1", "--numeric", "größe").IsBadInput("'Köln'");
        Tool.Run("predict", "--model", folder["m"], "--data", file, "--encoding", "latin1").Succeeds();
        Tool.Train(file, "y", "--encoding", "latin0").IsBadInput("--encoding must be the name");
        Tool.Train(file, "y", "--encoding", "us-ascii").IsBadInput("not valid in us-ascii");
    }

    [TestMethod]
    public void Files_without_a_header()
    {
        using TestFolder folder = new();
        string file = folder.Write("n.csv", string.Concat(Enumerable.Range(0, 60).Select(i => $"{i % 11},{i % 7}.5,{(i % 11 > 5 ? "yes" : "no")}\n")));
        Outcome outcome = Tool.Train(file, "column 3", "--no-header", "--model", folder["m"]).Succeeds();
        Assert.DoesNotContain("no name in the header", outcome.Error);
        Assert.AreEqual(60, Tool.Run("predict", "--model", folder["m"], "--data", file, "--no-header", "--json").Succeeds().Json.GetProperty("rows").GetInt32());
        Tool.Run("explain", "--model", folder["m"], "--data", file, "--no-header").Succeeds();
    }

    [TestMethod]
    public void All_columns_that_are_no_features_are_named_at_once()
    {
        using TestFolder folder = new();
        string file = folder.Write("people.csv", "First Name,\"no, really\",age,y\n" + string.Concat(Enumerable.Range(0, 150).Select(i => $"name {i},text {i},{i % 9},{i % 5}.5\n")));
        Outcome outcome = Tool.Train(file, "y");
        outcome.IsBadInput("2 columns cannot be used as they are", "'First Name' has 150", "'no, really' has 150", "--drop 'First Name,\"no, really\"'");
        Tool.Train(file, "y", "--drop", "First Name,\"no, really\"").Succeeds();
        Tool.Train(file, "y", "--drop", "First Name").IsBadInput("--drop '\"no, really\"'");
    }

    [TestMethod]
    [DataRow("customer_id", 104729, true)]
    [DataRow("customerId", 104729, true)]
    [DataRow("pixels", 104729, false)]
    [DataRow("population", 7, true)]
    public void Columns_that_look_like_identifiers_are_told_of(string name, int scale, bool told)
    {
        using TestFolder folder = new();
        // All different, in no order.
        string file = folder.Write("i.csv", $"{name},a,y\n" + string.Concat(Enumerable.Range(0, 101).Select(i => $"{1 + (i * 37 % 101 * (scale == 7 ? 1 : scale))},{i % 9},{i % 5}.5\n")));
        Assert.AreEqual(told, Tool.Train(file, "y").Succeeds().Error.Contains("like identifiers"));
        string texts = folder.Write("t.csv", "who,a,y\n" + string.Concat(Enumerable.Range(0, 60).Select(i => $"w{i},{i % 9},{i % 5}.5\n")));
        Assert.Contains("column 'who' has a different text in each of 60 rows", Tool.Train(texts, "y").Succeeds().Error);
    }

    private static string Rows(Func<int, string> row, string first = "a") => $"{first};b;y\n" + string.Concat(Enumerable.Range(0, 60).Select(i => row(i) + "\n"));

    private static string Grouped(double value) => value.ToString("#,##0.0", new System.Globalization.NumberFormatInfo { NumberGroupSeparator = ".", NumberDecimalSeparator = "," });
}
