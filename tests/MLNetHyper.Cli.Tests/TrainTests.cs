using System.Text.Json;
using System.Text.RegularExpressions;

namespace MLNetHyper.Cli.Tests;

[TestClass]
public sealed partial class TrainTests
{
    private static readonly string[] _members =
    [
        "status", "task", "label", "metrics", "crossValidation", "learningCurve", "baselines", "initialHyperparameters", "bestHyperparameters", "finalHyperparameters", "tunedHyperparameters", "method", "rule", "workers", "steps", "resumedFrom", "bestStep",
        "gradientEvaluations", "seconds", "rollbacks", "seed", "skippedRows", "model", "report", "history", "warnings", "trajectory",
    ];

    [TestMethod]
    [DataRow("regression", new[] { "rows", "rmse", "mae", "r2" })]
    [DataRow("binary", new[] { "rows", "accuracy", "log-loss", "auc", "precision", "recall", "f1", "pr-auc" })]
    [DataRow("multiclass", new[] { "rows", "accuracy", "log-loss", "auc" })]
    public void Json_has_one_shape_for_every_task(string task, string[] measures)
    {
        using TestFolder folder = new();
        string data = task switch { "regression" => folder.Regression(), "binary" => folder.Binary(), _ => folder.Multiclass() };
        JsonElement json = Tool.Train(data, "y").Succeeds().Json;
        CollectionAssert.AreEqual(_members, json.EnumerateObject().Select(m => m.Name).ToArray());
        Assert.AreEqual("completed", json.GetProperty("status").GetString());
        Assert.AreEqual(task, json.GetProperty("task").GetString());
        Assert.AreEqual(60, json.GetProperty("steps").GetInt64());
        foreach (string part in new[] { "train", "validation", "test" })
            CollectionAssert.AreEqual(measures, json.GetProperty("metrics").GetProperty(part).EnumerateObject().Select(m => m.Name).ToArray());
        Assert.AreEqual("lr wd beta1 beta2", string.Join(' ', json.GetProperty("finalHyperparameters").EnumerateObject().Select(m => m.Name)));
    }

    [TestMethod]
    public void The_same_seed_gives_the_same_output()
    {
        using TestFolder folder = new();
        string data = folder.Regression();
        string[] args = ["--seed", "3", "--batch-size", "32", "--model", folder["m"]];
        string first = WithoutTime(Tool.Train(data, "y", args).Succeeds().Out);
        byte[] model = File.ReadAllBytes(folder["m"]);
        Assert.AreEqual(first, WithoutTime(Tool.Train(data, "y", args).Succeeds().Out));
        CollectionAssert.AreEqual(model, File.ReadAllBytes(folder["m"]));
        Assert.AreNotEqual(first, WithoutTime(Tool.Train(data, "y", "--seed", "4", "--batch-size", "32").Succeeds().Out));
    }

    [TestMethod]
    public void Text_tells_task_rows_errors_hyperparameters_and_files()
    {
        using TestFolder folder = new();
        Outcome outcome = Tool.Run("train", "--data", folder.Regression(), "--label", "y", "--steps", "200", "--hidden-layers", "4", "--model", folder["m"]).Succeeds();
        foreach (string part in new[] { "regression", "inferred from the label", "96 train, 12 validation, 12 test", "2-4-1, relu", "RMSE", "MAE", "R2", "errors in units of 'y'", "Completed", "lr", "wd", "4 x 2-4-1", folder["m"] })
            Assert.Contains(part, outcome.Out);
        Assert.AreEqual("", outcome.Error);
        int lines = outcome.Out.Split('\n').Count(line => ProgressLine().IsMatch(line));
        Assert.IsInRange(8, 11, lines);
    }

    [TestMethod]
    [DataRow("h.csv")]
    [DataRow("h.jsonl")]
    public void The_history_is_what_the_JSON_says(string name)
    {
        using TestFolder folder = new();
        JsonElement json = Tool.Train(folder.Regression(), "y", "--history", folder[name]).Succeeds().Json, trajectory = json.GetProperty("trajectory");
        double[] Of(JsonElement list) => [.. list.EnumerateArray().Select(x => x.GetDouble())];
        double[] steps = Of(trajectory.GetProperty("steps")), losses = Of(trajectory.GetProperty("trainingLosses")), rates = Of(trajectory.GetProperty("hyperparameters").GetProperty("lr"));
        Assert.AreEqual(folder[name], json.GetProperty("history").GetString());
        Assert.AreEqual(60, steps[^1]);
        if (name == "h.csv")
        {
            Table table = CsvTable.Load(folder[name]);
            Assert.AreEqual("step train_loss validation_loss lr wd beta1 beta2", string.Join(' ', table.Columns.Select(c => c.Name)));
            CollectionAssert.AreEqual(steps, table["step"].Numbers.ToArray());
            CollectionAssert.AreEqual(losses, table["train_loss"].Numbers.ToArray());
            CollectionAssert.AreEqual(rates, table["lr"].Numbers.ToArray());
        }
        else
        {
            JsonElement[] lines = [.. File.ReadAllLines(folder[name]).Select(line => JsonDocument.Parse(line).RootElement)];
            CollectionAssert.AreEqual(rates, lines.Select(line => line.GetProperty("lr").GetDouble()).ToArray());
            CollectionAssert.AreEqual(losses, lines.Select(line => line.GetProperty("train_loss").GetDouble()).ToArray());
        }
        Tool.Train("none.csv", "y", "--history", folder["h.txt"]).IsBadInput("--history", ".csv or .jsonl");
    }

    [TestMethod]
    public void Balanced_classes_weigh_the_same()
    {
        using TestFolder folder = new();
        Random random = new(1);
        string data = folder.Write("rare.csv", "a,y\n" + string.Concat(Enumerable.Range(0, 400).Select(i => $"{TestFolder.Number(random.NextDouble() + (i % 10 == 0 ? 0.4 : 0))},{(i % 10 == 0 ? "rare" : "common")}\n")));
        double Recall(params string[] args) => Tool.Train(data, "y", ["--steps", "300", .. args]).Succeeds().Json.GetProperty("metrics").GetProperty("train").GetProperty("recall").GetDouble();
        Assert.IsGreaterThan(Recall() + 0.2, Recall("--class-weights", "balanced"));
        Tool.Train(folder.Regression(), "y", "--class-weights", "balanced").IsBadInput("--class-weights", "classes");
    }

    [TestMethod]
    public void Simpler_models_stand_beside_the_network()
    {
        using TestFolder folder = new();
        foreach ((string data, string measure, string constant) in new[] { (folder.Regression(), "rmse", "of the mean"), (folder.Multiclass(), "log-loss", "of class frequencies") })
        {
            JsonElement json = Tool.Run("train", "--data", data, "--label", "y", "--json").Succeeds().Json, baselines = json.GetProperty("baselines");
            Assert.AreEqual("test", baselines.GetProperty("rows").GetString());
            double Of(JsonElement metrics) => metrics.GetProperty(measure).GetDouble();
            Assert.IsLessThan(Of(baselines.GetProperty("constant")), Of(baselines.GetProperty("linear")));
            Assert.IsLessThan(Of(baselines.GetProperty("constant")), Of(json.GetProperty("metrics").GetProperty("test")));
            JsonElement untested = Tool.Run("train", "--data", data, "--label", "y", "--steps", "60", "--test-fraction", "0", "--json").Succeeds().Json.GetProperty("baselines");
            Assert.AreEqual("validation", untested.GetProperty("rows").GetString());
            string text = Tool.Run("train", "--data", data, "--label", "y", "--steps", "60").Succeeds().Out;
            Assert.Contains("test, of a linear model", text);
            Assert.Contains($"test, {constant}", text);
        }
    }

    [TestMethod]
    public void A_run_says_whether_more_steps_would_do_or_fewer()
    {
        using TestFolder folder = new();
        string data = folder.Regression();
        Assert.Contains("still falling at the end", Tool.Run("train", "--data", data, "--label", "y", "--steps", "20").Succeeds().Out);
        Outcome untuned = Tool.Run("train", "--data", data, "--label", "y", "--steps", "20", "--method", "fixed").Succeeds();
        Assert.DoesNotContain("still falling", untuned.Out);
    }

    [TestMethod]
    public void Few_validation_rows_are_told_of()
    {
        using TestFolder folder = new();
        string data = folder.Regression(120);
        Assert.Contains("Only 12 rows validate", Tool.Run("train", "--data", data, "--label", "y", "--steps", "20", "--members", "1").Succeeds().Out);
        Assert.DoesNotContain("rows validate", Tool.Run("train", "--data", data, "--label", "y", "--steps", "20", "--members", "8").Succeeds().Out);
    }

    [TestMethod]
    public void Every_method_and_update_rule_trains()
    {
        using TestFolder folder = new();
        string data = folder.Regression(60);
        foreach (NamedChoice method in HypergradientMethods.All)
            Assert.AreEqual(method.Name, Tool.Train(data, "y", "--method", method.Name, "--rule", "sgd", "--steps", "30").Succeeds().Json.GetProperty("method").GetString());
        foreach (NamedChoice rule in UpdateRules.All)
            Assert.AreEqual(rule.Name, Tool.Train(data, "y", "--rule", rule.Name, "--method", "augmented-neumann", "--steps", "30").Succeeds().Json.GetProperty("rule").GetString());
    }

    [TestMethod]
    public void Options_reach_the_engine()
    {
        using TestFolder folder = new();
        string data = folder.Regression();
        JsonElement json = Tool.Train(data, "y", "--initial", "lr=0.05,wd=1e-3", "--tune", "lr", "--method", "neumann", "--learning-rate-granularity", "per-tensor", "--split-rows", "80,30,10", "--seed", "9", "--rule", "adamw").Succeeds().Json;
        Assert.AreEqual(0.05, json.GetProperty("initialHyperparameters").GetProperty("lr").GetDouble());
        Assert.AreEqual(1e-3, json.GetProperty("finalHyperparameters").GetProperty("wd").GetDouble(), 1e-15);
        Assert.AreEqual(10, json.GetProperty("metrics").GetProperty("test").GetProperty("rows").GetInt32());
        Assert.AreEqual(9, json.GetProperty("seed").GetInt32());
        Assert.AreEqual("lr", json.GetProperty("tunedHyperparameters").EnumerateArray().Single().GetString());
        Tool.Train(data, "y", "--retrain-on-all", "--rule", "adamw").Succeeds();
        Tool.Train(data, "y", "--retrain-on-all", "--learning-rate-granularity", "per-tensor").IsBadInput("'lr' is tuned per tensor. Leave retraining out");
        JsonElement epochs = Tool.Run("train", "--data", data, "--label", "y", "--epochs", "3", "--batch-size", "30", "--hidden-layers", "none", "--test-fraction", "0", "--json").Succeeds().Json;
        Assert.AreEqual(12, epochs.GetProperty("steps").GetInt64());
        Assert.AreEqual(JsonValueKind.Null, epochs.GetProperty("metrics").GetProperty("test").ValueKind);
        Assert.AreEqual("time-budget-spent", Tool.Run("train", "--data", data, "--label", "y", "--time-budget", "50ms", "--json").Succeeds().Json.GetProperty("status").GetString());
        Assert.AreEqual("stopped-early", Tool.Train(data, "y", "--patience", "20", "--steps", "100000", "--initial", "lr=1e-9", "--method", "fixed", "--validation-fraction", "0.3", "--seed", "2").Json.GetProperty("status").GetString());
    }

    [TestMethod]
    public void Skipped_rows_and_dropped_columns_are_warned_of()
    {
        using TestFolder folder = new();
        string rows = string.Concat(Enumerable.Range(0, 40).Select(i => $"{i % 7},1,{(i < 3 ? "" : TestFolder.Number(i % 11 * 1.5))}\n"));
        Outcome outcome = Tool.Train(folder.Write("gaps.csv", "a,constant,y\n" + rows), "y", "--task", "regression").Succeeds();
        Assert.AreEqual(3, outcome.Json.GetProperty("skippedRows").GetInt32());
        Assert.Contains("skipped 3 rows", outcome.Error);
        Assert.Contains("constant", outcome.Error);
        Assert.AreEqual(2, outcome.Json.GetProperty("warnings").GetArrayLength());
    }

    [TestMethod]
    public void Columns_from_1e_minus_30_to_1e30_train_alike()
    {
        using TestFolder folder = new();
        string plain = folder.Table("plain.csv", 120, (a, b) => TestFolder.Number(a + (a * b)));
        string scaled = folder.Table("scaled.csv", 120, (a, b) => TestFolder.Number((a + (a * b)) * 1e20), scale1: 1e-30, scale2: 1e30);
        double R2(string file) => Tool.Train(file, "y", "--steps", "300").Succeeds().Json.GetProperty("metrics").GetProperty("test").GetProperty("r2").GetDouble();
        Assert.AreEqual(R2(plain), R2(scaled), 0.02);
    }

    [TestMethod]
    public void A_canceled_run_writes_what_it_reached()
    {
        using TestFolder folder = new();
        using CancellationTokenSource cancellation = new(TimeSpan.FromMilliseconds(300));
        Outcome outcome = Tool.Run(cancellation.Token, "train", "--data", folder.Regression(), "--label", "y", "--steps", "1000000000", "--json", "--model", folder["m"], "--report", folder["r.html"]);
        Assert.AreEqual(ExitCode.Canceled, outcome.ExitCode, outcome.Error);
        Assert.AreEqual("canceled", outcome.Json.GetProperty("status").GetString());
        Assert.IsTrue(File.Exists(folder["m"]) && File.Exists(folder["r.html"]));
    }

    [TestMethod]
    [DataRow("regression", "Predicted and actual")]
    [DataRow("multiclass", "are taken for which")]
    public void The_report_stands_alone_and_names_its_command(string task, string part)
    {
        using TestFolder folder = new();
        string data = task == "regression" ? folder.Regression() : folder.Multiclass();
        Tool.Train(data, "y", "--report", folder["r.html"]).Succeeds();
        string html = File.ReadAllText(folder["r.html"]);
        foreach (string expected in new[] { part, "onepass train --data", "Losses", "Learning rate", "Weight decay", "Hypergradients", "were only tested" })
            Assert.Contains(expected, html);
        Assert.DoesNotContain("<script", html);
        Assert.DoesNotContain("NaN", html);
    }

    private static string WithoutTime(string json) => Seconds().Replace(json, "");

    [GeneratedRegex("\"seconds\": [^,]*,")]
    private static partial Regex Seconds();

    [GeneratedRegex("^ +[0-9]+ +[0-9.e-]+ +[0-9.e-]+ ")]
    private static partial Regex ProgressLine();
}
