using System.Security.Cryptography;

namespace MLNetHyper.Cli.Tests;

/// <summary>What the report of a training shows beside errors: pictures of predictions, the data, where it all came from.</summary>
[TestClass]
public sealed class TrainReportTests
{
    [TestMethod]
    [DataRow("regression", new[] { "Predicted and actual", "Residuals of the test rows" }, new[] { "ROC curve", "Calibration" })]
    [DataRow("binary", new[] { "ROC curve", "Precision over recall", "Calibration", "taken for which" }, new[] { "Residuals" })]
    [DataRow("multiclass", new[] { "Calibration", "the most probable class", "taken for which" }, new[] { "ROC curve", "Residuals" })]
    public void Every_task_has_its_pictures(string task, string[] shown, string[] missing)
    {
        using TestFolder folder = new();
        string data = task switch { "regression" => folder.Regression(), "binary" => folder.Binary(), _ => folder.Multiclass() };
        string report = Report(folder, data);
        foreach (string text in shown.Concat(["best step</li>", "Learning rate of these weights", "Weight decay of these weights", "0 rollbacks", "log scale"]))
            Assert.Contains(text, report);
        foreach (string text in missing)
            Assert.DoesNotContain(text, report);
        Assert.DoesNotContain("<script", report);
    }

    [TestMethod]
    public void The_data_are_summed_up()
    {
        using TestFolder folder = new();
        IEnumerable<string> rows = Enumerable.Range(0, 60).Select(i => $"{(i % 7 == 0 ? "" : $"{i}")},{(i % 3 == 0 ? "red" : i % 3 == 1 ? "green" : "blue")},5,name{i},{(i == 9 ? "" : $"{i * 2}")}");
        string data = folder.Write("d.csv", string.Join('\n', rows.Prepend("number,color,same,name,y")));
        string report = Report(folder, data, "--drop", "name");
        // Gaps of the number in 0, 7, …, 56.
        Assert.Contains("<th scope=\"row\">number</th><td>number</td><td class=\"number\">2</td><td class=\"number\">9</td><td>1 to 59</td>", report);
        Assert.Contains("<th scope=\"row\">color</th><td>3 categories</td><td class=\"number\">4</td><td class=\"number\">0</td><td>blue, green, red</td>", report);
        Assert.Contains("<th scope=\"row\">same</th><td>nothing, since it does not vary</td>", report);
        Assert.Contains("<th scope=\"row\">name</th><td>left out by --drop</td><td class=\"number\">–</td><td class=\"number\">0</td><td>name0, name1, name10, name11 and 56 more</td>", report);
        Assert.Contains("<th scope=\"row\">y</th><td>label</td>", report);
        Assert.Contains("the label or the weight is missing</th><td class=\"number\">1</td>", report);
    }

    [TestMethod]
    public void Texts_that_share_features_are_said_to()
    {
        using TestFolder folder = new();
        string data = folder.Write("d.csv", string.Join('\n', Enumerable.Range(0, 600).Select(i => $"code{i % 150},{i % 7}").Prepend("code,y")));
        Assert.Contains("<th scope=\"row\">code</th><td>150 categories in 20 buckets</td>", Report(folder, data, "--category-buckets", "20", "--task", "regression"));
    }

    [TestMethod]
    public void It_ends_with_versions_and_a_hash_of_every_file()
    {
        using TestFolder folder = new();
        string data = folder.Regression(), test = folder.Regression(30, seed: 2);
        string report = Report(folder, data, "--test-data", test);
        foreach (string file in new[] { data, test })
            Assert.Contains($"{Path.GetFileName(file)}</th><td>SHA-256 {Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(file)))}", report);
        Assert.Contains($"onepass</th><td>version {Provenance.Version}", report.Replace("&#43;", "+", StringComparison.Ordinal));
        Tool.RunOn(data, "train", "--data", "-", "--label", "y", "--steps", "20", "--hidden-layers", "4", "--report", folder["in.html"]).Succeeds();
        Assert.Contains("standard input</th><td>SHA-256 ", File.ReadAllText(folder["in.html"]));
        Tool.Run("compare", "--data", data, "--label", "y", "--steps", "20", "--repeats", "1", "--multiples", "1", "--searches", "random", "--hidden-layers", "none", "--report", folder["c.html"]).Succeeds();
        Assert.Contains("SHA-256 ", File.ReadAllText(folder["c.html"]));
    }

    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public void A_learning_curve_is_of_more_and_more_rows(bool classes)
    {
        using TestFolder folder = new();
        string data = classes ? folder.Binary(200) : folder.Regression(200);
        string[] args = ["train", "--data", data, "--label", "y", "--steps", "60", "--hidden-layers", "4", "--learning-curve"];
        Outcome json = Tool.Run([.. args, "--json", "--report", folder["r.html"]]).Succeeds();
        System.Text.Json.JsonElement[] points = [.. json.Json.GetProperty("learningCurve").EnumerateArray()];
        CollectionAssert.AreEqual(new[] { 20, 40, 80, 160 }, points.Select(point => point.GetProperty("rows").GetInt32()).ToArray());
        string measure = classes ? "log-loss" : "rmse";
        Assert.AreEqual(json.Json.GetProperty("metrics").GetProperty("test").GetProperty(measure).GetDouble(), points[^1].GetProperty("test").GetProperty(measure).GetDouble(), "the last is the run itself");
        Assert.Contains("Learning curve", File.ReadAllText(folder["r.html"]));
        Assert.Contains("training rows", Tool.Run(args).Succeeds().Out);
        Assert.AreEqual(System.Text.Json.JsonValueKind.Null, Tool.Train(data, "y").Json.GetProperty("learningCurve").ValueKind);
    }

    private static string Report(TestFolder folder, string data, params string[] args)
    {
        Tool.Train(data, "y", ["--report", folder["r.html"], .. args]).Succeeds();
        return File.ReadAllText(folder["r.html"]);
    }
}
