namespace MLNetHyper.Engine.Tests;

[TestClass]
public sealed class IntervalChartTests
{
    [TestMethod]
    public void What_lies_apart_from_the_reference_is_filled()
    {
        var page = ReportPage.Of(Chart(AxisScale.Logarithmic).Add("apart", 0.8, 0.7, 0.9).Add("perhaps", 1.1, 0.8, 1.4).Add("alone", 0.9, double.NaN, double.NaN));
        Assert.HasCount(1, page.Elements("marker"));
        Assert.HasCount(2, page.Elements("hollow"));
        Assert.HasCount(2, page.Elements("whisker"));
        Assert.HasCount(1, page.Elements("reference"));
        CollectionAssert.AreEqual(new[] { "apart", "0.8", "perhaps", "1.1", "alone", "0.9" }, page.Texts("name").ToArray());
        Assert.DoesNotContain("NaN", page.Pictures[0].ToString());
    }

    [TestMethod]
    [DataRow(AxisScale.Linear)]
    [DataRow(AxisScale.Logarithmic)]
    public void An_interval_without_end_does_not_squeeze_the_others(AxisScale scale)
    {
        var page = ReportPage.Of(Chart(scale).Add("few repeats", 0.9, 1e-9, 1e9).Add("many", 1.2, 1.1, 1.3));
        Assert.IsFalse(page.Texts("tick").Any(tick => tick.Contains('e')), string.Join(' ', page.Texts("tick")));
    }

    [TestMethod]
    public void Nothing_to_show_is_said() => Assert.Contains("No values to show", ReportPage.Of(new IntervalChart("Ratios", "None.") { ValueLabel = "ratio" }).Texts("label").ToArray());

    private static IntervalChart Chart(AxisScale scale) => new("Ratios", "How to read them.") { ValueLabel = "ratio", ValueScale = scale, Reference = 1 };
}
