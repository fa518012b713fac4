using System.Text.Json;

namespace MLNetHyper.Engine.Tests;

/// <summary>Contestants on several tables.</summary>
[TestClass]
public sealed class SuiteTests
{
    private static readonly SuiteOptions _options = new() { Divisions = 2, Training = new() { Steps = 60, HiddenLayers = [6], Members = 2 } };
    private static readonly Lazy<SuiteResult> _result = new(() => Suite.Run(Tables(), _options));

    [TestMethod]
    public void Every_contestant_has_an_error_on_every_division_and_restarts_cost_no_more_than_one_pass()
    {
        SuiteResult result = _result.Value;
        CollectionAssert.AreEqual(new[] { "numbers", "words" }, result.Tables.Select(t => t.Name).ToArray());
        foreach (SuiteTable table in result.Tables)
        {
            CollectionAssert.AreEqual(SuiteContestant.Default.Select(c => c.Name).ToArray(), table.Contestants.Select(c => c.Name).ToArray());
            foreach (SuiteStanding standing in table.Contestants)
            {
                Assert.HasCount(2, standing.Errors);
                Assert.IsTrue(standing.Errors.All(double.IsFinite));
                Assert.AreEqual(0, standing.Failures);
            }
            double onePass = table.Contestants[0].GradientEvaluations;
            foreach (SuiteStanding restarts in table.Contestants.Skip(2))
                Assert.IsTrue(restarts.GradientEvaluations <= onePass && restarts.GradientEvaluations > onePass / 3, $"{restarts.GradientEvaluations} beside {onePass}");
        }
        Assert.AreEqual(("RMSE", "log-loss"), (result.Tables[0].Metric, result.Tables[1].Metric));
    }

    [TestMethod]
    public void Update_rules_compete_by_name_and_the_default_one_is_the_untuned_contestant()
    {
        // Untuned, a mixture is AdamW.
        SuiteContestant[] rules = [.. UpdateRules.All.Where(rule => !rule.Name.StartsWith("mixture", StringComparison.Ordinal)).Select(rule => SuiteContestant.All.Single(c => c.Name == rule.Name))];
        SuiteResult result = Suite.Run([Tables()[0]], _options with { Divisions = 1, Contestants = rules });
        SuiteTable table = result.Tables[0];
        Assert.AreEqual(_result.Value.Tables[0].Contestants.Single(c => c.Name == "untuned").Errors[0], table.Contestants.Single(c => c.Name == "adamw").Errors[0]);
        Assert.AreEqual(0, table.Contestants.Sum(c => c.Failures));
        Assert.AreEqual(rules.Length, table.Contestants.Select(c => c.Mean).Distinct().Count(), "each trains in its own way");
    }

    [TestMethod]
    public void Schedules_compete_with_both_rules_for_one_training_without_tuning()
    {
        string[] names = [.. from schedule in new[] { "cosine", "one-cycle", "reduce-on-plateau" } from rule in new[] { "sgd", "adamw" } select $"{schedule}-{rule}"];
        SuiteContestant[] contestants = [.. names.Prepend("untuned").Select(name => SuiteContestant.All.Single(c => c.Name == name))];
        SuiteTable table = Suite.Run([Tables()[0]], _options with { Divisions = 1, Contestants = contestants }).Tables[0];
        Assert.AreEqual(0, table.Contestants.Sum(c => c.Failures));
        Assert.AreEqual(contestants.Length, table.Contestants.Select(c => c.Mean).Distinct().Count(), "each trains in its own way");
        Assert.AreEqual(1, table.Contestants.Select(c => c.GradientEvaluations).Distinct().Count(), "at the same cost");
    }

    [TestMethod]
    public void Ratios_are_of_means_and_their_mean_is_geometric()
    {
        SuiteTable Table(string name, double first, double second) => new(name, LearningTask.Regression, 10, 2, [new("a", [first], 1, 1, 0), new("b", [second], 2, 1, 0)]);
        SuiteRival rival = SuiteRival.Of([Table("x", 1, 2), Table("y", 8, 4), Table("z", 3, 3.001), Table("zero", 0, 0)], "a", "b", 0.2);
        Assert.AreEqual((1, 2, 1), (rival.Wins, rival.Ties, rival.Losses));
        Assert.AreEqual((0.5, 2.0, 0.5), (rival.Best, rival.Worst, rival.SecondsRatio));
        Assert.AreEqual(Math.Pow(3 / 3.001, 0.25), rival.Ratio, 1e-12);
        Assert.IsTrue(rival.Differences.All(d => !d.IsBetter && !d.IsWorse), "one division says nothing");
    }

    [TestMethod]
    public void The_same_seeds_give_the_same_errors_however_many_run_at_a_time()
    {
        SuiteResult again = Suite.Run(Tables(), _options with { Parallelism = 2 });
        foreach ((SuiteTable first, SuiteTable second) in _result.Value.Tables.Zip(again.Tables))
            CollectionAssert.AreEqual(first.Contestants.SelectMany(c => c.Errors).ToArray(), second.Contestants.SelectMany(c => c.Errors).ToArray());
    }

    [TestMethod]
    public void A_contestant_from_elsewhere_is_measured_like_the_others_and_one_without_numbers_has_failed()
    {
        SuiteContestant mean = new("mean", (data, _) => data.Task == LearningTask.Regression ? new double[data.Test!.Count] : [.. Enumerable.Repeat(0.5, 2 * data.Test!.Count)]);
        SuiteContestant nothing = new("nothing", (data, _) => [.. Enumerable.Repeat(double.NaN, (data.Task == LearningTask.Regression ? 1 : 2) * data.Test!.Count)]);
        SuiteResult result = Suite.Run(Tables(), _options with { Contestants = [mean, nothing] });
        Assert.AreEqual(4, result.Rivals.Single().Failures);
        Assert.EndsWith("(2 failed)", result.ToTable()[1][^1]);
        Assert.AreEqual(Math.Log(2), result.Tables[1].Contestants[0].Mean, 1e-9);
        Assert.AreEqual(result.Tables[0].Contestants[0].Mean, result.Tables[0].Contestants[1].Mean, 0.02 * result.Tables[0].Contestants[0].Mean, "what fails is charged the mean's error");
    }

    [TestMethod]
    public void One_pass_competes_with_other_rules_methods_and_without_its_ingredients()
    {
        string[] names = ["tuned-adamw", "tuned-sgd", "hypergradient-descent", "without-members", "without-bins", "without-schedule", "without-averaging", "started-high", "started-low"];
        SuiteOptions options = _options with { Contestants = [SuiteContestant.Default[0], .. names.Select(name => SuiteContestant.All.Single(c => c.Name == name))] };
        foreach (SuiteTable table in Suite.Run(Tables(), options).Tables)
        {
            double onePass = table.Contestants[0].Mean;
            Assert.AreEqual(onePass, table.Contestants[1].Mean, "the default rule");
            foreach (SuiteStanding other in table.Contestants.Skip(2))
                Assert.AreNotEqual(onePass, other.Mean, other.Name);
        }
        SuiteOptions wrong = options with { Contestants = [SuiteContestant.All.Single(c => c.Name == "implicit")] };
        Assert.Contains("The method 'implicit' cannot", Assert.ThrowsExactly<ArgumentException>(() => Suite.Run(Tables(), wrong)).Message);
    }

    [TestMethod]
    public void Restarts_cost_what_the_first_contestant_that_tunes_does()
    {
        SuiteContestant Tuned(string name, HypergradientMethod method) => new(name, options => options with { Method = method });
        SuiteContestant passes = Tuned("fds", new ForwardSharing(passes: 3)), one = Tuned("neumann", new Neumann(1)), restarts = SuiteContestant.All.Single(c => c.Name == "best-of-k");
        OnePassOptions training = _options.Training with { Rule = new SgdUpdate(), Members = 1 };
        SuiteResult result = Suite.Run(Tables(), _options with { Training = training, Contestants = [passes, one, restarts] });
        foreach (SuiteTable table in result.Tables)
        {
            CollectionAssert.AreEqual(new[] { "fds", "neumann", "best-of-k" }, table.Contestants.Select(c => c.Name).ToArray());
            Assert.IsInRange(0.9 * table.Contestants[0].GradientEvaluations, table.Contestants[0].GradientEvaluations, table.Contestants[2].GradientEvaluations);
            Assert.IsLessThan(0.2 * table.Contestants[0].GradientEvaluations, table.Contestants[1].GradientEvaluations);
        }
        Assert.ThrowsExactly<ArgumentException>(() => Suite.Run(Tables(), _options with { Training = training, Contestants = [passes, Tuned("fds", new ForwardSharing())] }), "two of one name");
    }

    [TestMethod]
    public void Json_has_the_names_that_others_read()
    {
        using JsonDocument json = JsonDocument.Parse(_result.Value.ToJson());
        JsonElement table = json.RootElement.GetProperty("tables")[0], standing = table.GetProperty("contestants").GetProperty("one-pass");
        Assert.AreEqual(("numbers", "regression", "RMSE"), (table.GetProperty("name").GetString(), table.GetProperty("task").GetString(), table.GetProperty("metric").GetString()));
        Assert.AreEqual((80, 2), (table.GetProperty("rows").GetInt32(), table.GetProperty("features").GetInt32()));
        foreach (string name in new[] { "mean", "standardError", "seconds", "gradientEvaluations", "failures" })
            Assert.AreEqual(JsonValueKind.Number, standing.GetProperty(name).ValueKind);
        Assert.AreEqual("one-pass", json.RootElement.GetProperty("summary").GetProperty("first").GetString());
        Assert.Contains("one-pass beside", _result.Value.ToMarkdown("a command"));
        Assert.Contains("<table", Written(SuiteReport.Create(_result.Value, "a command")));
    }

    [TestMethod]
    public void What_does_not_fit_is_refused()
    {
        foreach (SuiteOptions wrong in new[] { _options with { Divisions = 0 }, _options with { Contestants = [] }, _options with { TestFraction = 0 }, _options with { Parallelism = 0 }, _options with { Training = new() { TimeBudget = TimeSpan.FromSeconds(1) } } })
            Assert.EndsWith(".", Assert.ThrowsExactly<ArgumentException>(() => Suite.Run(Tables(), wrong)).Message);
        Assert.ThrowsExactly<ArgumentException>(() => Suite.Run([], _options));
    }

    private static string Written(Reports.Report report)
    {
        using var writer = new StringWriter();
        report.WriteTo(writer);
        return writer.ToString();
    }

    private static (string, Table)[] Tables()
    {
        var random = new Random(1);
        double[] a = [.. Enumerable.Range(0, 80).Select(_ => random.NextDouble())], b = [.. Enumerable.Range(0, 80).Select(_ => random.NextDouble())];
        return
        [
            ("numbers", new(new TableColumn("a", a), new TableColumn("b", b), new TableColumn("y", [.. a.Zip(b, (x, z) => x + (x * z))]))),
            ("words", new(new TableColumn("a", a), new TableColumn("b", b), new TableColumn("y", [.. a.Zip(b, (x, z) => x > z ? "more" : "less")]))),
        ];
    }
}
