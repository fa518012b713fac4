using System.Globalization;
using System.Text.Json;

namespace MLNetHyper.Cli.Tests;

[TestClass]
public sealed class PredictTests
{
    [TestMethod]
    public void Two_classes_may_be_a_multiclass_task()
    {
        using TestFolder folder = new();
        string data = folder.Binary();
        double accuracy = Tool.Train(data, "y", "--task", "multiclass", "--steps", "300", "--model", folder["m"]).Succeeds().Json.GetProperty("metrics").GetProperty("train").GetProperty("accuracy").GetDouble();
        Assert.IsGreaterThan(0.9, accuracy);
        string[] lines = Tool.Run("predict", "--model", folder["m"], "--data", data).Succeeds().Out.TrimEnd().Split('\n');
        Assert.AreEqual("prediction,probability_no,probability_yes", lines[0]);
        Assert.HasCount(File.ReadAllLines(data).Length, lines);
    }

    [TestMethod]
    [DataRow("regression")]
    [DataRow("binary")]
    [DataRow("multiclass")]
    public void The_reported_test_errors_are_those_of_the_saved_model(string task)
    {
        using TestFolder folder = new();
        string Data(int rows) => task switch { "regression" => folder.Regression(rows), "binary" => folder.Binary(rows), _ => folder.Multiclass(rows) };
        string test = folder.Write("test.csv", File.ReadAllText(Data(50)));
        JsonElement trained = Tool.Train(Data(150), "y", "--test-data", test, "--model", folder["m"]).Succeeds().Json.GetProperty("metrics").GetProperty("test");
        JsonElement predicted = Tool.Run("predict", "--model", folder["m"], "--data", test, "--json").Succeeds().Json;
        Assert.AreEqual(task, predicted.GetProperty("task").GetString());
        Assert.AreEqual(50, predicted.GetProperty("predictions").GetArrayLength());
        foreach (JsonProperty measure in trained.EnumerateObject())
            Assert.AreEqual(measure.Value.GetDouble(), predicted.GetProperty("metrics").GetProperty(measure.Name).GetDouble(), 1e-4, measure.Name);
    }

    [TestMethod]
    public void Regression_is_one_column_and_the_errors_go_to_standard_error()
    {
        using TestFolder folder = new();
        string data = folder.Regression();
        Tool.Train(data, "y", "--model", folder["m"]).Succeeds();
        Outcome outcome = Tool.Run("predict", "--model", folder["m"], "--data", data).Succeeds();
        string[] lines = outcome.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.AreEqual("prediction", lines[0]);
        Assert.AreEqual(121, lines.Length);
        Assert.IsTrue(lines.Skip(1).All(line => double.IsFinite(double.Parse(line, CultureInfo.InvariantCulture))));
        Assert.Contains("RMSE", outcome.Error);
        Tool.Run("predict", "--model", folder["m"], "--data", data, "--output", folder["p.csv"]).Succeeds();
        Assert.AreEqual(outcome.Out, File.ReadAllText(folder["p.csv"]));
    }

    [TestMethod]
    public void Classes_have_a_column_of_probabilities_each()
    {
        using TestFolder folder = new();
        string data = folder.Multiclass();
        Tool.Train(data, "y", "--model", folder["m"]).Succeeds();
        Tool.Run("predict", "--model", folder["m"], "--data", data, "--output", folder["p.csv"]).Succeeds();
        Table table = CsvTable.Load(folder["p.csv"]);
        Assert.AreEqual("prediction|probability_blue|probability_green, dark|probability_red", string.Join('|', table.Columns.Select(c => c.Name)));
        for (int row = 0; row < table.RowCount; row++)
            Assert.AreEqual(1, Enumerable.Range(1, 3).Sum(c => table.Columns[c].Numbers[row]), 1e-12);
    }

    [TestMethod]
    public void The_label_is_not_needed_and_wrong_labels_do_not_keep_predictions_back()
    {
        using TestFolder folder = new();
        Tool.Train(folder.Binary(), "y", "--model", folder["m"]).Succeeds();
        Outcome unlabelled = Tool.Run("predict", "--model", folder["m"], "--data", folder.Write("u.csv", "b,a\n0.5,0.5\n")).Succeeds();
        Assert.AreEqual("", unlabelled.Error);
        Assert.AreEqual(2, unlabelled.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
        Outcome wrong = Tool.Run("predict", "--model", folder["m"], "--data", folder.Write("w.csv", "b,a,y\n0.5,0.5,maybe\n")).Succeeds();
        Assert.Contains("the errors were not measured", wrong.Error);
        Assert.Contains("'maybe'", wrong.Error);
    }

    [TestMethod]
    public void Values_far_outside_the_training_data_leave_gaps_but_no_infinities()
    {
        using TestFolder folder = new();
        Tool.Train(folder.Table("t.csv", 60, (a, b) => TestFolder.Number(a * 1e300), scale1: 1e-3), "y", "--model", folder["m"]).Succeeds();
        string far = folder.Write("far.csv", "a,b\n1e300,-1e300\n");
        Assert.DoesNotContain("∞", Tool.Run("predict", "--model", folder["m"], "--data", far).Succeeds().Out);
        Assert.AreEqual(1, Tool.Run("predict", "--model", folder["m"], "--data", far, "--json").Succeeds().Json.GetProperty("rows").GetInt32());
    }
}
