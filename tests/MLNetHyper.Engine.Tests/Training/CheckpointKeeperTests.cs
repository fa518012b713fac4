namespace MLNetHyper.Engine.Tests;

[TestClass]
public sealed class CheckpointKeeperTests
{
    [TestMethod]
    [DataRow(1)]
    [DataRow(100)]
    [DataRow(3000)]
    public void Saving_takes_a_fiftieth_of_the_time_however_long_it_takes(int milliseconds)
    {
        using var folder = new TemporaryFolder();
        var clock = new ManualClock();
        var keeper = new CheckpointKeeper(folder["run"], "", TimeSpan.FromSeconds(5), clock);
        int saves = 0;
        long start = clock.GetTimestamp();
        for (int window = 0; window < 100_000; window++)
        {
            clock.Advance(TimeSpan.FromMilliseconds(10));
            if (!keeper.IsDue)
                continue;
            keeper.Keep(() =>
            {
                clock.Advance(TimeSpan.FromMilliseconds(milliseconds));
                saves++;
                return [1];
            });
        }
        double share = saves * milliseconds / clock.GetElapsedTime(start).TotalMilliseconds;
        Assert.IsGreaterThan(2, saves);
        // One save more than the share allows, since the first finds nothing measured.
        Assert.IsLessThan(0.02 + (milliseconds / clock.GetElapsedTime(start).TotalMilliseconds), share);
        Assert.IsTrue(File.Exists(folder["run"]));
    }

    [TestMethod]
    public void Every_window_is_saved_where_that_is_asked_for()
    {
        using var folder = new TemporaryFolder();
        var clock = new ManualClock(TimeSpan.FromSeconds(1));
        var keeper = new CheckpointKeeper(folder["run"], "", TimeSpan.Zero, clock);
        for (int window = 0; window < 5; window++)
        {
            Assert.IsTrue(keeper.IsDue);
            keeper.Keep(() => [(byte)window]);
            CollectionAssert.AreEqual(new[] { (byte)window }, keeper.Load());
        }
    }
}
