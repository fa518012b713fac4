namespace MLNetHyper.Cli.Tests;

/// <summary>Tables in several files.</summary>
[TestClass]
public sealed class SeveralFilesTests
{
    private static readonly string[] _brief = ["--label", "y", "--steps", "60", "--hidden-layers", "4", "--members", "1", "--json"];

    [TestMethod]
    public void They_are_one_table_however_they_are_named()
    {
        using TestFolder folder = new();
        string[] parts = [Part(folder, 1), Part(folder, 2), Part(folder, 3)];
        string whole = folder.Write("whole.csv", File.ReadAllText(parts[0]) + string.Concat(parts.Skip(1).Select(part => File.ReadAllText(part)[(File.ReadAllText(part).IndexOf('\n', StringComparison.Ordinal) + 1)..])));
        string expected = Metrics("--data", whole);
        Assert.AreEqual(expected, Metrics("--data", parts[0], parts[1], parts[2]));
        Assert.AreEqual(expected, Metrics("--data", parts[0], "--data", parts[1], "--data", parts[2]));
        Assert.AreEqual(expected, Metrics("--data", folder["part-*.csv"]));
        Assert.AreEqual(expected, Metrics("--data", folder["part-?.csv"], "--memory-limit", "1GB"));
        Tool.Run(["train", "--data", folder["part-*.csv"], .. _brief, "--model", folder["m"], "--report", folder["r.html"], "--checkpoint", folder["c"]]).Succeeds();
        string report = File.ReadAllText(folder["r.html"]);
        foreach (string part in parts)
            Assert.Contains(Path.GetFileName(part), report);
        Assert.AreEqual(Tool.Run("predict", "--model", folder["m"], "--data", whole, "--keep", "all").Succeeds().Out, Tool.Run("predict", "--model", folder["m"], "--data", folder["part-*.csv"], "--keep", "all").Succeeds().Out);
        Assert.AreEqual(Tool.Run("explain", "--model", folder["m"], "--data", whole, "--json").Succeeds().Out, Tool.Run(["explain", "--model", folder["m"], "--data", .. parts, "--json"]).Succeeds().Out);
    }

    [TestMethod]
    public void What_cannot_be_is_a_sentence()
    {
        using TestFolder folder = new();
        string first = Part(folder, 1), second = Part(folder, 2), other = folder.Write("other.csv", "a,c,y\n1,2,3\n");
        Train("--data", first, first).IsBadInput("--data must name each file once, but names", "twice");
        Train("--data", folder["nothing-*.csv"]).IsBadInput("--data must name files, but there is none like");
        Train("--data", first, "-").IsBadInput("--data cannot take standard input (-) together with files.");
        Train("--data", first, other).IsBadInput("other.csv: the file has no column 'b', and has column 'c', other than");
        Train("--data", first, folder["nowhere.csv"]).IsBadInput("nowhere.csv", "there is no such file");
        Train("--data", first, second, "--model", second).IsBadInput("--model", "--data", "are the same file");
        folder.Write("part-3.csv", "a,b,y\n1,2,3\n4,five,6\n");
        Train("--data", folder["part-*.csv"], "--numeric", "b").IsBadInput("part-3.csv, line 3, column 'b': 'five' is not a number");
    }

    private static string Metrics(params string[] data) => Train(data).Succeeds().Json.GetProperty("metrics").GetRawText();

    private static Outcome Train(params string[] data) => Tool.Run(["train", .. data, .. _brief]);

    private static string Part(TestFolder folder, int number) => folder.Table($"part-{number}.csv", 60, (a, b) => TestFolder.Number(a + (a * b)), seed: number);
}
