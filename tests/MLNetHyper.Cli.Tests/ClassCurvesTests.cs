namespace MLNetHyper.Cli.Tests;

/// <summary>The curves of a report are those that its figures are areas of.</summary>
[TestClass]
public sealed class ClassCurvesTests
{
    [TestMethod]
    [DataRow(1)]
    [DataRow(2)]
    public void Areas_are_the_measures(int seed)
    {
        var random = new Random(seed);
        // Of so few values that many rows have the same.
        double[] scores = [.. Enumerable.Range(0, 300).Select(_ => random.Next(40) / 40.0)];
        bool[] isPositive = Array.ConvertAll(scores, score => random.NextDouble() < score);
        Metrics metrics = Metrics.OfClassification([.. scores.SelectMany(score => new[] { 1 - score, score })], Array.ConvertAll(isPositive, is1 => is1 ? 1 : 0), 2);
        double roc = 0, precision = 0;
        (double Recall, double FalseShare, double Precision) last = (0, 0, 1);
        foreach ((double Recall, double FalseShare, double Precision) point in ClassCurves.Thresholds(scores, isPositive))
        {
            roc += (point.FalseShare - last.FalseShare) * (point.Recall + last.Recall) / 2;
            precision += (point.Recall - last.Recall) * point.Precision;
            last = point;
        }
        Assert.AreEqual(metrics.Auc!.Value, roc, 1e-12);
        Assert.AreEqual(metrics.PrAuc!.Value, precision, 1e-12);
        Assert.AreEqual((1.0, 1.0, isPositive.Count(is1 => is1) / 300.0), last);
        Assert.IsEmpty(ClassCurves.Thresholds(scores, new bool[300]), "of one class there is no curve");
    }

    [TestMethod]
    [DataRow(5, 1)]
    [DataRow(35, 3)]
    [DataRow(1000, 10)]
    public void Groups_have_about_equal_size_and_intervals_around_their_shares(int rows, int groups)
    {
        var random = new Random(rows);
        double[] probabilities = [.. Enumerable.Range(0, rows).Select(_ => random.NextDouble())];
        bool[] cameTrue = Array.ConvertAll(probabilities, p => random.NextDouble() < p);
        IReadOnlyList<ClassCurves.Group> found = ClassCurves.Groups(probabilities, cameTrue);
        Assert.HasCount(groups, found);
        Assert.AreEqual(rows, found.Sum(group => group.Rows));
        Assert.IsLessThanOrEqualTo(1, found.Max(group => group.Rows) - found.Min(group => group.Rows));
        foreach (ClassCurves.Group group in found)
            Assert.IsTrue(group.Interval.Lower <= group.Share && group.Share <= group.Interval.Upper && group.Interval.Lower < group.Interval.Upper, $"{group} {group.Interval}");
        // Wilson's interval of 8 in 10.
        (double lower, double upper) = new ClassCurves.Group(0.8, 0.8, 10).Interval;
        Assert.AreEqual(0.490, lower, 1e-3);
        Assert.AreEqual(0.943, upper, 1e-3);
    }
}
