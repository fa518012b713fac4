namespace MLNetHyper.Engine.Tests;

[TestClass]
public sealed class AshaRungsTests
{
    [TestMethod]
    public void A_quarter_of_each_rung_is_promoted()
    {
        AshaRungs<string> rungs = new(4, 4);
        for (int i = 0; i < 64;)
        {
            int rung = rungs.Next(out string? run);
            // Earlier runs are better, so that nobody is promoted who turns out to be mediocre.
            rungs.Add(rung, run ?? $"run {i}", int.Parse((run ?? $"run {i}")[4..], System.Globalization.CultureInfo.InvariantCulture));
            i += run is null ? 1 : 0;
        }
        while (rungs.Next(out string? run) is var rung && run is not null)
            rungs.Add(rung, run, int.Parse(run[4..], System.Globalization.CultureInfo.InvariantCulture));
        CollectionAssert.AreEqual(new[] { 64, 16, 4, 1 }, Enumerable.Range(0, 4).Select(rungs.CountAt).ToArray());
    }

    [TestMethod]
    public void The_best_of_a_rung_goes_on_once_and_high_rungs_go_first()
    {
        AshaRungs<string> rungs = new(2, 3);
        rungs.Add(0, "good", 1);
        Assert.AreEqual(0, rungs.Next(out string? none), "half of one is nobody");
        Assert.IsNull(none);
        rungs.Add(0, "bad", 2);
        Assert.AreEqual(1, rungs.Next(out string? first));
        Assert.AreEqual("good", first);
        rungs.Add(1, "good", 1);
        Assert.AreEqual(0, rungs.Next(out none));
        Assert.IsNull(none, "nobody is promoted twice");
        rungs.Add(0, "best", 0);
        rungs.Add(0, "worst", 3);
        Assert.AreEqual(1, rungs.Next(out string? second));
        Assert.AreEqual("best", second);
        rungs.Add(1, "best", 0);
        Assert.AreEqual(2, rungs.Next(out string? top), "the upper rung has half of two to promote");
        Assert.AreEqual("best", top);
    }

    [TestMethod]
    public void What_has_diverged_is_not_promoted()
    {
        AshaRungs<string> rungs = new(2, 2);
        rungs.Add(0, "a", double.PositiveInfinity);
        rungs.Add(0, "b", double.PositiveInfinity);
        rungs.Next(out string? run);
        Assert.IsNull(run);
    }
}
