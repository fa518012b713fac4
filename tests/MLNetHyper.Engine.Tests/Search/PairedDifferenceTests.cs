namespace MLNetHyper.Engine.Tests;

[TestClass]
public sealed class PairedDifferenceTests
{
    /// <summary>Of printed tables of the distribution.</summary>
    [TestMethod]
    [DataRow(1, 0.95, 12.7062)]
    [DataRow(2, 0.95, 4.30265)]
    [DataRow(3, 0.95, 3.18245)]
    [DataRow(4, 0.95, 2.77645)]
    [DataRow(9, 0.95, 2.26216)]
    [DataRow(10, 0.99, 3.16927)]
    [DataRow(30, 0.9, 1.69726)]
    [DataRow(100_000, 0.95, 1.95999)]
    public void Quantiles_are_those_of_the_tables(int degrees, double confidence, double expected) =>
        Assert.AreEqual(expected, StudentT.Quantile(degrees, confidence), 1e-4);

    [TestMethod]
    public void Intervals_count_the_rows_that_divisions_share()
    {
        double[] first = [1, 2, 3], other = [Math.Exp(0.1), 2 * Math.Exp(0.2), 3 * Math.Exp(0.3)];
        PairedDifference difference = PairedDifference.Of(first, other, 0.2);
        Assert.AreEqual(-0.2, difference.Mean, 1e-12);
        // The standard deviation of the differences is 0.1.
        Assert.AreEqual(4.30265 * 0.1 * Math.Sqrt((1 / 3.0) + 0.25), difference.HalfWidth, 1e-5);
        Assert.IsFalse(difference.IsBetter || difference.IsWorse);
        Assert.AreEqual((Math.Exp(-0.2), Math.Exp(-0.2 - difference.HalfWidth), Math.Exp(-0.2 + difference.HalfWidth)), (difference.Ratio, difference.Lower, difference.Upper));
        Assert.IsTrue(PairedDifference.Of([1, 2, 3], [2, 4, 6.1], 0.2).IsBetter);
        Assert.IsTrue(PairedDifference.Of([2, 4, 6.1], [1, 2, 3], 0.2).IsWorse);
    }

    [TestMethod]
    public void One_pair_says_nothing_and_none_is_an_error()
    {
        PairedDifference one = PairedDifference.Of([1], [2], 0.2);
        Assert.IsTrue(double.IsNaN(one.HalfWidth) && !one.IsBetter && !one.IsWorse);
        Assert.IsFalse(double.IsNaN(PairedDifference.Of([0, 0], [0, 1], 0.2).Mean), "errors of 0");
        Assert.ThrowsExactly<ArgumentException>(() => PairedDifference.Of([], [], 0.2));
        Assert.ThrowsExactly<ArgumentException>(() => PairedDifference.Of([1], [1, 2], 0.2));
    }
}
