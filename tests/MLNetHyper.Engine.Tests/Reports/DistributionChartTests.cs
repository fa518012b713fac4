namespace MLNetHyper.Engine.Tests;

[TestClass]
public sealed class DistributionChartTests
{
    [TestMethod]
    public void Quartiles_and_whiskers_are_the_usual_ones()
    {
        Assert.AreEqual(new FiveNumbers(1, 2, 3, 4, 5), FiveNumbers.Of([1, 2, 3, 4, 5]));
        Assert.AreEqual(new FiveNumbers(1, 1.75, 2.5, 3.25, 4), FiveNumbers.Of([1, 2, 3, 4]));
        Assert.AreEqual(new FiveNumbers(1, 2, 3, 4, 4), FiveNumbers.Of([1, 2, 3, 4, 100]));
        Assert.AreEqual(new FiveNumbers(7, 7, 7, 7, 7), FiveNumbers.Of([7]));
    }

    [TestMethod]
    public void Every_value_is_a_dot_and_failures_are_counted()
    {
        var page = ReportPage.Of(Chart().Add("a", [3, 1, 2, 5, 4, double.NaN], failures: 2).Add("b", [1, 2]));
        Assert.HasCount(7, page.Elements("point"));
        Assert.HasCount(1, page.Elements("box"));
        CollectionAssert.Contains(page.Texts("tick").ToArray(), "3 failed");
    }

    [TestMethod]
    public void Values_off_a_logarithmic_scale_are_counted()
    {
        var page = ReportPage.Of(Chart(AxisScale.Logarithmic).Add("a", [-1, 0, 0, 1, 2, 5], failures: 1).Add("nothing", [], 4));
        Assert.Contains("1 failed, 3 off scale", page.Texts("tick"));
        Assert.Contains("4 failed", page.Texts("tick"));
        Assert.DoesNotContain("NaN", page.Html);
    }

    [TestMethod]
    public void No_group_and_no_value_are_fine()
    {
        Assert.HasCount(1, ReportPage.Of(Chart()).Pictures);
        Assert.HasCount(1, ReportPage.Of(Chart().Add("a", [double.MaxValue, double.MinValue, double.NaN])).Pictures);
    }

    [TestMethod]
    public void Long_names_that_begin_alike_stay_whole()
    {
        string[] names = ["somebody else's library, its first tuner", "somebody else's library, its second tuner"];
        var page = ReportPage.Of(Chart().Add(names[0], [1, 2]).Add(names[1], [2, 3]), Chart().Add("short", [1]));
        foreach (string name in names)
            Assert.Contains(name, page.Texts("name"));
    }

    private static DistributionChart Chart(AxisScale scale = AxisScale.Linear) =>
        new("Errors", "How to read it.") { ValueLabel = "error", ValueScale = scale };
}
