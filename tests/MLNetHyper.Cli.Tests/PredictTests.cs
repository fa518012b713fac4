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
        Outcome unlabeled = Tool.Run("predict", "--model", folder["m"], "--data", folder.Write("u.csv", "b,a\n0.5,0.5\n")).Succeeds();
        Assert.AreEqual("", unlabeled.Error);
        Assert.AreEqual(2, unlabeled.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
        Outcome wrong = Tool.Run("predict", "--model", folder["m"], "--data", folder.Write("w.csv", "b,a,y\n0.5,0.5,maybe\n")).Succeeds();
        Assert.Contains("the errors were not measured", wrong.Error);
        Assert.Contains("'maybe'", wrong.Error);
        Tool.Train(folder.Regression(), "y", "--model", folder["r"]).Succeeds();
        Outcome words = Tool.Run("predict", "--model", folder["r"], "--data", folder.Write("v.csv", "b,a,y\n0.5,0.5,much\n")).Succeeds();
        Assert.Contains("the errors were not measured", words.Error);
        Assert.Contains("'much'", words.Error);
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

    [TestMethod]
    public void What_training_never_met_is_a_warning_on_standard_error_and_in_the_JSON()
    {
        using TestFolder folder = new();
        string rows = string.Concat(Enumerable.Range(0, 60).Select(i => $"{i},{(i % 3 == 0 ? "Rome" : "Bonn")},{i + (i % 3)}\n"));
        Tool.Train(folder.Write("t.csv", "age,town,y\n" + rows), "y", "--model", folder["m"]).Succeeds();
        string data = folder.Write("p.csv", "age,town,color\n1,Rome,red\n2,ROME,red\n,Oslo,red\n");
        string[] parts = ["column 'town' has 2 texts in 2 rows", "first 'ROME' in line 3", "column 'age' is empty in 1 row, first in line 4", "not used: color"];
        Outcome text = Tool.Run("predict", "--model", folder["m"], "--data", data).Succeeds(), json = Tool.Run("predict", "--model", folder["m"], "--data", data, "--json").Succeeds();
        string warnings = string.Join('\n', json.Json.GetProperty("warnings").EnumerateArray());
        foreach (string part in parts)
        {
            Assert.Contains(part, text.Error);
            Assert.Contains(part, json.Error);
            Assert.Contains(part, warnings);
        }
        Assert.AreEqual(4, text.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
    }

    [TestMethod]
    public void Test_data_with_texts_that_training_never_met_are_a_warning()
    {
        using TestFolder folder = new();
        string rows = string.Concat(Enumerable.Range(0, 60).Select(i => $"{i},{(i % 3 == 0 ? "Rome" : "Bonn")},{i + (i % 3)}\n"));
        string test = folder.Write("test.csv", "age,town,y\n1,Rome,2\n2,Oslo,3\n");
        Outcome outcome = Tool.Train(folder.Write("t.csv", "age,town,y\n" + rows), "y", "--test-data", test).Succeeds();
        Assert.Contains("test.csv: column 'town' has 1 text in 1 row that no training row had, first 'Oslo' in line 3", outcome.Error);
    }

    [TestMethod]
    public void Kept_columns_are_as_they_are_written()
    {
        using TestFolder folder = new();
        Tool.Train(folder.Binary(), "y", "--model", folder["m"]).Succeeds();
        string data = folder.Write("k.csv", "id;a;b;note\n007;0.50;0.5;\"x;y\"\n008;-0.5;-1e-1;NA\n");
        string[] lines = Tool.Run("predict", "--model", folder["m"], "--data", data, "--keep", "id,a").Succeeds().Out.Split('\n');
        Assert.AreEqual("id,a,prediction,probability_no,probability_yes", lines[0]);
        Assert.StartsWith("007,0.50,yes,", lines[1]);
        Assert.StartsWith("008,-0.5,no,", lines[2]);
        Tool.Run("predict", "--model", folder["m"], "--data", data, "--keep", "all", "--output", folder["p.csv"]).Succeeds();
        Assert.StartsWith("id,a,b,note,prediction,", File.ReadAllText(folder["p.csv"]));
        Assert.Contains("008,-0.5,-1e-1,NA,no,", File.ReadAllText(folder["p.csv"]));
        JsonElement kept = Tool.Run("predict", "--model", folder["m"], "--data", data, "--keep", "id", "--json").Succeeds().Json.GetProperty("kept").GetProperty("id");
        Assert.AreEqual("008", kept[1].GetString());
        Tool.Run("predict", "--model", folder["m"], "--data", data, "--keep", "idd").IsBadInput("Did you mean 'id'?");
    }

    [TestMethod]
    public void A_kept_column_never_stands_twice()
    {
        using TestFolder folder = new();
        Tool.Train(folder.Regression(), "y", "--model", folder["m"]).Succeeds();
        string data = folder.Write("k.csv", "a,b,prediction\n0.5,0.5,1\n");
        Tool.Run("predict", "--model", folder["m"], "--data", data, "--keep", "prediction").IsBadInput("--keep", "'prediction'");
        Outcome all = Tool.Run("predict", "--model", folder["m"], "--data", data, "--keep", "all").Succeeds();
        Assert.StartsWith("a,b,prediction\n", all.Out);
        Assert.Contains("'prediction' is not kept", all.Error);
    }

    [TestMethod]
    public void Standard_streams_stand_for_files()
    {
        using TestFolder folder = new();
        string data = folder.Regression();
        Tool.RunOn(data, "train", "--data", "-", "--label", "y", "--steps", "60", "--hidden-layers", "4", "--model", folder["m"]).Succeeds();
        string fromFile = Tool.Run("predict", "--model", folder["m"], "--data", data, "--keep", "a").Succeeds().Out;
        Assert.AreEqual(fromFile, Tool.RunOn(data, "predict", "--model", folder["m"], "--data", "-", "--output", "-", "--keep", "a").Succeeds().Out);
        Tool.Run("predict", "--model", folder["m"], "--data", "-").IsBadInput("standard input", "empty");
    }

    [TestMethod]
    public void A_threshold_decides_between_two_classes()
    {
        using TestFolder folder = new();
        string data = folder.Binary();
        Tool.Train(data, "y", "--model", folder["m"]).Succeeds();
        JsonElement Predict(string threshold) => Tool.Run("predict", "--model", folder["m"], "--data", data, "--threshold", threshold, "--json").Succeeds().Json;
        JsonElement all = Predict("0"), strict = Predict("0.9");
        Assert.IsTrue(all.GetProperty("predictions").EnumerateArray().All(p => p.GetString() == "yes"));
        Assert.AreEqual(1, all.GetProperty("metrics").GetProperty("recall").GetDouble());
        double[] positive = [.. strict.GetProperty("probabilities").EnumerateArray().Select(row => row[1].GetDouble())];
        string[] expected = [.. positive.Select(p => p >= 0.9 ? "yes" : "no")];
        CollectionAssert.AreEqual(expected, strict.GetProperty("predictions").EnumerateArray().Select(p => p.GetString()).ToArray());
        Tool.Run("predict", "--model", folder["m"], "--data", data, "--threshold", "2").IsBadInput("from 0 to 1");
        Tool.Train(folder.Regression(), "y", "--model", folder["r"]).Succeeds();
        Tool.Run("predict", "--model", folder["r"], "--data", data, "--threshold", "0.5").IsBadInput("predicts numbers");
    }

    /// <summary>Classes keep their names, so that predictions can be joined with the data.</summary>
    [TestMethod]
    [DataRow("=1+1", true)]
    [DataRow("@SUM(A1)", true)]
    [DataRow("-1", false)]
    [DataRow("+1.5", false)]
    public void A_class_that_a_spreadsheet_would_compute_is_a_warning(string name, bool warns)
    {
        using TestFolder folder = new();
        string data = folder.Table("t.csv", 60, (a, b) => a + b > 0 ? name : "other");
        Tool.Train(data, "y", "--task", "binary", "--model", folder["m"]).Succeeds();
        Outcome outcome = Tool.Run("predict", "--model", folder["m"], "--data", data).Succeeds();
        Assert.AreEqual(warns, outcome.Error.Contains("begins like a formula"), outcome.Error);
        Assert.Contains(warns ? name : "other", outcome.Out);
    }
}
