using System.Globalization;
using System.Text.Json;

namespace MLNetHyper.Cli.Tests;

[TestClass]
public sealed class ExplainTests
{
    [TestMethod]
    public void The_column_that_makes_the_label_matters_most()
    {
        using TestFolder folder = new();
        string data = Data(folder);
        Tool.Train(data, "y", "--steps", "400", "--model", folder["m"]).Succeeds();
        JsonElement json = Tool.Run("explain", "--model", folder["m"], "--data", data, "--permutations", "7", "--json").Succeeds().Json;
        JsonElement[] importance = [.. json.GetProperty("importance").EnumerateArray()];
        Assert.AreEqual("rmse", json.GetProperty("measure").GetString());
        Assert.AreEqual("a color noise", string.Join(' ', importance.Select(column => column.GetProperty("column").GetString())));
        double Mean(int i) => importance[i].GetProperty("mean").GetDouble();
        Assert.IsGreaterThan(json.GetProperty("error").GetDouble(), Mean(0));
        Assert.IsLessThan(Mean(1) / 5, Math.Abs(Mean(2)));
        double[] increases = [.. importance[0].GetProperty("increases").EnumerateArray().Select(x => x.GetDouble())];
        Assert.HasCount(7, increases);
        Assert.AreEqual(increases.Average(), Mean(0), 1e-12);
        Assert.IsGreaterThan(0, importance[0].GetProperty("deviation").GetDouble());
    }

    [TestMethod]
    public void Partial_dependence_follows_what_made_the_label()
    {
        using TestFolder folder = new();
        string data = Data(folder);
        Tool.Train(data, "y", "--steps", "400", "--model", folder["m"]).Succeeds();
        string unlabeled = folder.Write("u.csv", string.Concat(File.ReadLines(data).Select(line => line[..line.LastIndexOf(',')] + "\n")));
        JsonElement json = Tool.Run("explain", "--model", folder["m"], "--data", unlabeled, "--partial-dependence", "a,color", "--json").Succeeds().Json;
        Assert.AreEqual(0, json.GetProperty("importance").GetArrayLength());
        JsonElement number = json.GetProperty("partialDependence")[0], text = json.GetProperty("partialDependence")[1];
        double[] values = [.. number.GetProperty("values").EnumerateArray().Select(x => x.GetDouble())], means = [.. number.GetProperty("means").GetProperty("y").EnumerateArray().Select(x => x.GetDouble())];
        CollectionAssert.AreEqual(values.Order().ToArray(), values);
        // The label is 3 a and 1 for red.
        Assert.AreEqual(3 * (values[^1] - values[0]), means[^1] - means[0], 0.3);
        Assert.AreEqual("blue red", string.Join(' ', text.GetProperty("values").EnumerateArray().Select(x => x.GetString())));
        double[] colors = [.. text.GetProperty("means").GetProperty("y").EnumerateArray().Select(x => x.GetDouble())];
        Assert.AreEqual(1, colors[1] - colors[0], 0.2);
    }

    [TestMethod]
    [DataRow("binary")]
    [DataRow("multiclass")]
    public void Classes_are_explained_by_their_probabilities(string task)
    {
        using TestFolder folder = new();
        string data = task == "binary" ? folder.Binary() : folder.Multiclass();
        Tool.Train(data, "y", "--model", folder["m"]).Succeeds();
        Outcome text = Tool.Run("explain", "--model", folder["m"], "--data", data, "--partial-dependence", "a", "--report", folder["r.html"]).Succeeds();
        Assert.Contains("log-loss of 'y'", text.Out);
        Assert.Contains(task == "binary" ? "Probability of 'yes'" : "green, dark", text.Out);
        Assert.Contains("How predictions depend on", File.ReadAllText(folder["r.html"]));
        foreach (JsonProperty output in Tool.Run("explain", "--model", folder["m"], "--data", data, "--partial-dependence", "a", "--json").Succeeds().Json.GetProperty("partialDependence")[0].GetProperty("means").EnumerateObject())
            Assert.IsTrue(output.Value.EnumerateArray().All(p => p.GetDouble() is >= 0 and <= 1), output.Name);
    }

    [TestMethod]
    public void The_report_of_training_says_what_the_model_relies_on()
    {
        using TestFolder folder = new();
        Tool.Train(Data(folder), "y", "--steps", "400", "--report", folder["r.html"]).Succeeds();
        string report = File.ReadAllText(folder["r.html"]);
        Assert.Contains("What the model relies on", report);
        Assert.Contains("How predictions depend on &#39;a&#39;", report);
    }

    [TestMethod]
    public void What_cannot_be_explained_is_a_sentence()
    {
        using TestFolder folder = new();
        string data = Data(folder);
        Tool.Train(data, "y", "--model", folder["m"]).Succeeds();
        Tool.Run("explain", "--model", folder["m"], "--data", folder.Write("u.csv", "a,noise,color\n1,2,red\n")).IsBadInput("no column 'y'");
        Tool.Run("explain", "--model", folder["m"], "--data", data, "--partial-dependence", "b").IsBadInput("no column 'b'", "a, noise, color");
        Tool.Run("explain", "--model", folder["m"], "--data", data, "--permutations", "0").IsBadInput("--permutations");
    }

    private static string Data(TestFolder folder)
    {
        Random random = new(1);
        return folder.Write("e.csv", "a,noise,color,y\n" + string.Concat(Enumerable.Range(0, 300).Select(_ =>
        {
            double a = random.NextDouble();
            bool red = random.Next(2) == 0;
            return string.Create(CultureInfo.InvariantCulture, $"{a:R},{random.NextDouble():R},{(red ? "red" : "blue")},{(3 * a) + (red ? 1 : 0):R}\n");
        })));
    }
}
