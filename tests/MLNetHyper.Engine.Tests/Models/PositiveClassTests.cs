namespace MLNetHyper.Engine.Tests;

/// <summary>Precision, recall, F1 and average precision, beside numbers worked out by hand.</summary>
[TestClass]
public sealed class PositiveClassTests
{
    // Probabilities of the second class .1, .4, .35, .8: in falling order positive, negative, positive, negative.
    private static readonly double[] _probabilities = [0.9, 0.1, 0.6, 0.4, 0.65, 0.35, 0.2, 0.8];
    private static readonly int[] _labels = [0, 0, 1, 1];

    [TestMethod]
    public void Average_precision_is_the_sum_over_falling_thresholds() =>
        Assert.AreEqual((0.5 * 1) + (0.5 * 2 / 3), Metrics.OfClassification(_probabilities, _labels, 2).PrAuc!.Value, 1e-15);

    [TestMethod]
    [DataRow(null, 1.0, 0.5, 2.0 / 3)]
    [DataRow(0.35, 2.0 / 3, 1.0, 0.8)]
    [DataRow(0.0, 0.5, 1.0, 2.0 / 3)]
    public void A_threshold_moves_precision_against_recall(double? threshold, double precision, double recall, double f1)
    {
        Metrics metrics = Metrics.OfClassification(_probabilities, _labels, 2, threshold);
        Assert.AreEqual(precision, metrics.Precision!.Value, 1e-15);
        Assert.AreEqual(recall, metrics.Recall!.Value, 1e-15);
        Assert.AreEqual(f1, metrics.F1!.Value, 1e-15);
    }

    [TestMethod]
    public void Rows_of_one_score_count_together()
    {
        Metrics metrics = Metrics.OfClassification([0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5], [0, 1, 0, 0], 2);
        Assert.AreEqual(0.25, metrics.PrAuc!.Value, 1e-15);
    }

    [TestMethod]
    public void What_has_no_meaning_is_null()
    {
        Metrics none = Metrics.OfClassification([0.9, 0.1, 0.8, 0.2], [0, 0], 2);
        Assert.IsNull(none.Precision);
        Assert.IsNull(none.Recall);
        Assert.IsNull(none.F1);
        Assert.IsNull(none.PrAuc);
        Metrics missed = Metrics.OfClassification([0.9, 0.1, 0.8, 0.2], [0, 1], 2);
        Assert.IsNull(missed.Precision);
        Assert.AreEqual(0, missed.F1);
        Assert.IsNull(Metrics.OfClassification([0.2, 0.3, 0.5], [2], 3).F1);
    }
}
