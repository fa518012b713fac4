using System.Globalization;
using System.Text.Json;
using static MLNetHyper.Engine.Tests.SearchTestData;

namespace MLNetHyper.Engine.Tests;

/// <summary>What a comparison writes, with a stranger's search among the engine's own.</summary>
[TestClass]
public sealed class ComparisonOutputTests
{
    private static readonly ComparisonResult _result = Run(new SearchSpace());

    [TestMethod]
    public void Settings_are_those_that_were_used()
    {
        foreach (ComparisonEntry entry in _result.Entries)
            Assert.IsTrue(entry.Setting is { LearningRate: > 0, WeightDecay: > 0, Momentum: > 0 and < 1 }, entry.Method);
        IReadOnlyDictionary<string, double> initial = _result.Example.InitialHyperparameters;
        SearchPoint start = new(initial[Hyperparameter.LearningRate], initial[Hyperparameter.WeightDecay], initial[Hyperparameter.Momentum]);
        Assert.IsTrue(_result.Entries.Where(e => e.Method == RestartComparison.Plain).All(e => Near(e.Setting!.Value, start)));
        Trajectory trajectory = _result.Example.Trajectory;
        int window = trajectory.Steps.ToList().IndexOf(_result.Example.BestStep);
        Assert.AreEqual(trajectory.Values(Hyperparameter.LearningRate)[window], _result.Entries[0].Setting!.Value.LearningRate);
        Assert.AreEqual(trajectory.Values(Hyperparameter.Momentum)[window], _result.Entries[0].Setting!.Value.Momentum);
        ComparisonEntry grid = _result.Entries.First(e => e is { Method: "grid", Multiple: 3 });
        Assert.Contains(grid.Setting!.Value, [new SearchSpace().Clamp(start), .. GridSearch.Points(new SearchSpace(), 2)]);
        Assert.AreEqual(new SearchSpace().At(0.5, 0.5, 0.5), _result.Entries.First(e => e is { Method: "halving", Multiple: 1 }).Setting);
        Assert.IsTrue(Run(Hopeless).Entries.Where(e => e.Method is "grid" or "halving").All(e => e.Failed && e.Setting is null));
    }

    [TestMethod]
    public void Csv_has_every_entry()
    {
        string path = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.csv");
        try
        {
            _result.SaveCsv(path);
            string[] lines = File.ReadAllLines(path);
            Assert.AreEqual("method,budget,seed,test_error,cost,seconds,failed,trials,diverged_trials,learning_rate,weight_decay,momentum", lines[0]);
            Assert.HasCount(_result.Entries.Count + 1, lines);
            for (int i = 0; i < _result.Entries.Count; i++)
            {
                ComparisonEntry entry = _result.Entries[i];
                string[] cells = lines[i + 1].Split(',');
                Assert.HasCount(12, cells);
                Assert.AreEqual((entry.Method, entry.TestError, entry.Setting!.Value.WeightDecay), (cells[0], double.Parse(cells[3], CultureInfo.InvariantCulture), double.Parse(cells[10], CultureInfo.InvariantCulture)));
                Assert.AreEqual(i < 4 ? "" : $"{entry.Multiple}", cells[1]);
            }
            Run(Hopeless).SaveCsv(path);
            Assert.EndsWith(",,,", File.ReadAllLines(path)[^1]);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [TestMethod]
    public void Json_says_everything()
    {
        using var json = JsonDocument.Parse(_result.ToJson());
        JsonElement root = json.RootElement;
        CollectionAssert.AreEqual(new[] { "task", "data", "label", "error", "catchUpFactor", "catchUpInterval", "besidePlain", "conclusion", "options", "seeds", "rows", "entries" }, root.EnumerateObject().Select(p => p.Name).ToArray());
        Assert.AreEqual("halving", root.GetProperty("options").GetProperty("searches")[1].GetString());
        Assert.AreEqual(_result.Rows.Count, root.GetProperty("rows").GetArrayLength());
        JsonElement first = root.GetProperty("entries")[0];
        Assert.AreEqual(JsonValueKind.Null, first.GetProperty("budget").ValueKind);
        Assert.AreEqual(_result.Entries[0].TestError, first.GetProperty("testError").GetDouble());
        Assert.AreEqual(_result.Entries[0].Setting!.Value.Momentum, first.GetProperty("setting").GetProperty("momentum").GetDouble());
        using var failed = JsonDocument.Parse(Run(Hopeless).ToJson());
        Assert.AreEqual(JsonValueKind.Null, failed.RootElement.GetProperty("entries").EnumerateArray().Last().GetProperty("setting").ValueKind);
    }

    [TestMethod]
    public void Markdown_has_the_command_every_row_and_the_conclusion()
    {
        string[] lines = _result.ToMarkdown("compare --this").Split('\n');
        Assert.AreEqual("<!-- compare --this -->", lines[0]);
        Assert.HasCount(1 + 2 + _result.Rows.Count + 3, lines);
        Assert.StartsWith("| one pass (augmented-neumann) | - | ", lines[3]);
        Assert.StartsWith("| halving | 3 | ", lines[2 + _result.Rows.Count]);
        Assert.AreEqual($"{_result.Note}. 2 repeats, seeds 0 to 1. {_result.Conclusion}", lines[^2]);
        Assert.IsTrue(_result.ToTable().All(row => row.Length == 8));
    }

    [TestMethod]
    public void A_search_cannot_have_a_single_runs_name()
    {
        foreach (string name in new[] { "plain", "augmented-neumann", "one pass", "untuned" })
            Assert.Contains(name, Assert.ThrowsExactly<ArgumentException>(() => Run(new SearchSpace(), name)).Message);
    }

    private static ComparisonResult Run(SearchSpace space, string name = "halving") => RestartComparison.Run(Table(LearningTask.Regression),
        new() { Data = Data, Training = Training, Space = space, Searches = [new GridSearch(), new HalvingSearch(name)], Multiples = [1, 3], Repeats = 2 });

    // The loop keeps raw values, so that a fixed value may come back with another last digit.
    private static bool Near(SearchPoint a, SearchPoint b) =>
        Math.Abs(a.LearningRate - b.LearningRate) < 1e-9 && Math.Abs(a.WeightDecay - b.WeightDecay) < 1e-9 && Math.Abs(a.Momentum - b.Momentum) < 1e-9;
}
