namespace MLNetHyper.Engine.Tests;

[TestClass]
public sealed class AveragingIntervalTests
{
    [TestMethod]
    [DataRow("1", 1, AveragingChange.None)]
    [DataRow("16", 16, AveragingChange.None)]
    [DataRow("growing:4", 4, AveragingChange.Growing)]
    [DataRow("loss:20", 20, AveragingChange.Loss)]
    public void What_it_writes_it_reads(string text, int steps, AveragingChange change)
    {
        AveragingInterval interval = AveragingInterval.Parse(text)!;
        Assert.AreEqual(new AveragingInterval(steps, change), interval);
        Assert.AreEqual(text, interval.ToString());
    }

    [TestMethod]
    [DataRow("growing", "growing:10")]
    [DataRow("loss", "loss:10")]
    public void A_word_alone_starts_at_ten(string word, string text) => Assert.AreEqual(text, AveragingInterval.Parse(word)!.ToString());

    [TestMethod]
    [DataRow("")]
    [DataRow("often")]
    [DataRow("-3")]
    [DataRow("growing:")]
    [DataRow("loss:x")]
    [DataRow(":5")]
    public void Other_texts_are_none(string text) => Assert.IsNull(AveragingInterval.Parse(text));

    [TestMethod]
    public void Growing_doubles_with_every_halving_of_the_learning_rate_and_ends_somewhere()
    {
        var pace = new AveragingPace(new(4, AveragingChange.Growing));
        foreach ((double rate, int steps) in new[] { (0.1, 4), (0.2, 4), (0.11, 4), (0.1, 8), (0.06, 8), (0.02, 32), (0.2, 4), (0, 1000) })
        {
            pace.Follow(rate, loss: 1);
            Assert.AreEqual(steps, pace.Steps, $"{rate}");
        }
    }

    [TestMethod]
    public void By_loss_it_falls_with_the_root()
    {
        var pace = new AveragingPace(new(20, AveragingChange.Loss));
        foreach ((double loss, int steps) in new[] { (4.0, 20), (1.0, 10), (0.04, 2), (0, 1), (double.NaN, 1), (16, 40) })
        {
            pace.Follow(0.1, loss);
            Assert.AreEqual(steps, pace.Steps, $"{loss}");
        }
    }
}
