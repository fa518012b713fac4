namespace MLNetHyper.Torch.Tests;

/// <summary>Random search as a population finds what random search finds.</summary>
[TestClass]
public sealed class TorchRandomSearchTests
{
    [TestMethod]
    public void Trainings_at_once_are_the_trainings_in_turn()
    {
        var random = new Random(3);
        double[] x = [.. Enumerable.Range(0, 120).Select(_ => random.NextDouble())], y = [.. x.Select(v => Math.Sin(6 * v))];
        var table = new Table([new TableColumn("x", x), new TableColumn("y", y)]);
        ComparisonResult result = RestartComparison.Run(table, new()
        {
            Data = new() { LabelColumn = "y" },
            Training = new() { Steps = 100, HiddenLayers = [6] },
            Searches = [new RandomSearch(), new TorchRandomSearch(CPU)],
            Multiples = [1, 4],
            Repeats = 2,
        });
        foreach (ComparisonEntry expected in result.Entries.Where(e => e.Method == "random"))
        {
            ComparisonEntry actual = result.Entries.Single(e => e.Method == "random-population" && e.Repeat == expected.Repeat && e.Multiple == expected.Multiple);
            Assert.AreEqual(expected.Setting, actual.Setting);
            Assert.AreEqual(1, actual.TestError / expected.TestError, 1e-3);
            Assert.AreEqual(expected.Trials, actual.Trials);
            Assert.AreEqual(expected.DivergedTrials, actual.DivergedTrials);
        }
    }

    [TestMethod]
    public void A_search_that_finds_nothing_has_failed()
    {
        var table = new Table([new TableColumn("x", [.. Enumerable.Range(0, 60).Select(i => i / 60.0)]), new TableColumn("y", [.. Enumerable.Range(0, 60).Select(i => Math.Sin(i))])]);
        ComparisonResult result = RestartComparison.Run(table, new()
        {
            Data = new() { LabelColumn = "y" },
            Training = new() { Steps = 200 },
            Searches = [new TorchRandomSearch(CPU)],
            Space = new() { LogLearningRate = (8, 9) },
            Multiples = [2],
            Repeats = 1,
        });
        ComparisonEntry entry = result.Entries.Single(e => e.Method == "random-population");
        Assert.IsTrue(entry.Failed);
        Assert.AreEqual(2, entry.DivergedTrials);
    }

    [TestMethod]
    public void A_search_can_be_canceled()
    {
        var table = new Table([new TableColumn("x", [.. Enumerable.Range(0, 60).Select(i => i / 60.0)]), new TableColumn("y", [.. Enumerable.Range(0, 60).Select(i => Math.Sin(i))])]);
        using var source = new CancellationTokenSource(TimeSpan.FromMilliseconds(300));
        Assert.ThrowsExactly<OperationCanceledException>(() => RestartComparison.Run(table, new() { Data = new() { LabelColumn = "y" }, Training = new() { Steps = 1_000_000 }, Searches = [new TorchRandomSearch(CPU)], Multiples = [3], Repeats = 1 }, cancellation: source.Token));
    }
}
