namespace MLNetHyper.Engine.Tests;

[TestClass]
public sealed class StatisticsTests
{
    [TestMethod]
    [DataRow(new double[] { 7 }, 0.3, 7.0)]
    [DataRow(new double[] { 1, 2 }, 0.5, 1.5)]
    [DataRow(new double[] { 1, 2, 4 }, 0.25, 1.5)]
    [DataRow(new double[] { 1, 2, 4, 8 }, 0.75, 5.0)]
    [DataRow(new double[] { 1, 2, 4, 8 }, 0.0, 1.0)]
    [DataRow(new double[] { 1, 2, 4, 8 }, 1.0, 8.0)]
    public void Quantiles_are_those_worked_out_by_hand(double[] values, double share, double expected) =>
        Assert.AreEqual(expected, Statistics.Quantile(values, share), 1e-12);

    [TestMethod]
    public void A_median_sorts_first() => Assert.AreEqual(3, Statistics.Median([9, 1, 3]));

    [TestMethod]
    public void The_standard_error_of_a_mean_is_the_deviation_over_the_root_of_the_number()
    {
        SplitMix64 random = new(2, 0);
        double[] values = new double[200];
        for (int i = 0; i < values.Length; i++)
            values[i] = random.NextDouble();
        double mean = values.Average(), deviation = Math.Sqrt(values.Average(x => (x - mean) * (x - mean)));
        double expected = deviation / Math.Sqrt(values.Length);
        double error = Bootstrap.StandardError(values, x => x.Average());
        // 2000 resamples know a standard error to 1.6 %.
        Assert.AreEqual(expected, error, 0.06 * expected);
        Assert.AreEqual(error, Bootstrap.StandardError(values, x => x.Average()), "always the same resamples");
        Assert.AreEqual(0, Bootstrap.StandardError([5, 5, 5], x => x.Average()));
    }
}
