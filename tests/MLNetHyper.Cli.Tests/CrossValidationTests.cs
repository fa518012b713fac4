using System.Text.Json;

namespace MLNetHyper.Cli.Tests;

[TestClass]
public sealed class CrossValidationTests
{
    [TestMethod]
    [DataRow("regression", "rmse")]
    [DataRow("binary", "f1")]
    [DataRow("multiclass", "accuracy")]
    public void Every_row_tests_once_and_the_mean_is_that_of_the_folds(string task, string measure)
    {
        using TestFolder folder = new();
        string data = task switch { "regression" => folder.Regression(), "binary" => folder.Binary(), _ => folder.Multiclass(121) };
        JsonElement json = Tool.Train(data, "y", "--cross-validate", "4", "--model", folder["m"]).Succeeds().Json, result = json.GetProperty("crossValidation");
        JsonElement[] folds = [.. result.GetProperty("folds").EnumerateArray()];
        Assert.HasCount(4, folds);
        Assert.AreEqual(CsvTable.Load(data).RowCount, folds.Sum(fold => fold.GetProperty("rows").GetInt32()));
        double[] errors = [.. folds.Select(fold => fold.GetProperty(measure).GetDouble())];
        double mean = errors.Average();
        Assert.AreEqual(mean, result.GetProperty("mean").GetProperty(measure).GetDouble(), 1e-12);
        Assert.AreEqual(Math.Sqrt(errors.Sum(e => (e - mean) * (e - mean)) / 12), result.GetProperty("standardError").GetProperty(measure).GetDouble(), 1e-12);
        // The model itself is of all rows.
        Assert.AreEqual(JsonValueKind.Null, json.GetProperty("metrics").GetProperty("test").ValueKind);
        OnePassModel.Load(folder["m"]);
    }

    /// <summary>Whatever stands in the rows that test, the model that is tested on them is the same.</summary>
    [TestMethod]
    public void Test_rows_teach_nothing()
    {
        Random random = new(1);
        double[] x = [.. Enumerable.Range(0, 60).Select(_ => random.NextDouble())], y = [.. x.Select(value => 2 * value)];
        DataOptions data = new() { LabelColumn = "y", Task = LearningTask.Regression };
        OnePassOptions options = new() { Steps = 40, HiddenLayers = [3] };
        Metrics[] Errors(double[] labels) => [.. CrossValidation.Run(new Table(new TableColumn("x", x), new TableColumn("y", labels)), data, options, 3, Workers.One)];
        Metrics[] errors = Errors(y);
        int untouched = 0;
        for (int row = 0; row < 12; row++)
        {
            // One label far off changes the error of its own fold by itself, by the others' models.
            double[] changed = [.. y];
            changed[row] += 1000;
            Metrics[] others = Errors(changed);
            int own = others.Index().MaxBy(fold => fold.Item.Rmse).Index;
            double before = errors[own].Rmse!.Value * errors[own].Rmse!.Value * 20, after = others[own].Rmse!.Value * others[own].Rmse!.Value * 20;
            // (e + 1000)² - e² for the one row, all other errors of the fold being as they were.
            Assert.AreEqual(1e6, after - before, 4e3);
            untouched++;
        }
        Assert.AreEqual(12, untouched);
    }

    [TestMethod]
    public void Text_and_report_have_folds_mean_and_standard_error()
    {
        using TestFolder folder = new();
        Outcome outcome = Tool.Run("train", "--data", folder.Binary(), "--label", "y", "--steps", "60", "--hidden-layers", "4", "--cross-validate", "3", "--report", folder["r.html"]).Succeeds();
        foreach (string part in new[] { "Cross-validation in 3 folds", "± standard error", "F1" })
            Assert.Contains(part, outcome.Out);
        Assert.Contains("Cross-validation", File.ReadAllText(folder["r.html"]));
    }

    [TestMethod]
    public void What_does_not_go_with_it_is_named()
    {
        using TestFolder folder = new();
        string data = folder.Regression();
        Tool.Train(data, "y", "--cross-validate", "1").IsBadInput("--cross-validate", "from 2 to 100");
        Tool.Train(data, "y", "--cross-validate", "3", "--test-fraction", "0.1").IsBadInput("every row tests once");
        Tool.Train(folder.Regression(12), "y", "--cross-validate", "20").IsBadInput("fewer than the 20 folds");
    }
}
