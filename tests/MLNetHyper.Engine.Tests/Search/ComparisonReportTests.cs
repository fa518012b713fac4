using System.Xml.Linq;

namespace MLNetHyper.Engine.Tests;

[TestClass]
public sealed class ComparisonReportTests
{
    [TestMethod]
    public void A_report_has_every_contestant_every_picture_and_the_command()
    {
        ComparisonOptions options = new() { Data = SearchTestData.Data, Training = SearchTestData.Training, Searches = [.. RestartSearch.All, new HalvingSearch("a stranger's")], Multiples = [1, 4], Repeats = 5 };
        ComparisonResult result = RestartComparison.Run(SearchTestData.Table(LearningTask.Regression), options);
        var page = new ReportPage(ComparisonReport.Create(result, "compare <this> & that"));
        // Cost of all and by each of five searches, one spread for each budget, two of settings, losses, three hyperparameters.
        Assert.HasCount(1 + 5 + 2 + 2 + 1 + 3, page.Pictures);
        foreach (string text in new[] { "random", "grid", "asha", "pbt", "a stranger&#39;s", "Who catches up, and when", "near-best budget", "Learning rate and momentum", "one pass", "untuned", "compare &lt;this&gt; &amp; that", "0.5 to 0.99" })
            Assert.Contains(text, page.Html);
        Assert.Contains(result.Conclusion, page.Html);
        Assert.AreEqual(page.Html, new ReportPage(ComparisonReport.Create(result, "compare <this> & that")).Html);
        XDocument.Parse(page.Html.Replace("<!DOCTYPE html>", "", StringComparison.Ordinal).Replace("<meta charset=\"utf-8\">", "", StringComparison.Ordinal)
            .Replace("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">", "", StringComparison.Ordinal));
    }

    [TestMethod]
    public void Failures_are_in_the_report()
    {
        ComparisonOptions options = new() { Data = SearchTestData.Data, Training = SearchTestData.Training with { Method = new Fixed() }, Multiples = [1], Repeats = 2, Space = SearchTestData.Hopeless };
        ComparisonResult result = RestartComparison.Run(SearchTestData.Table(LearningTask.Binary), options);
        var page = new ReportPage(ComparisonReport.Create(result, "compare"));
        Assert.Contains("8 of the 12 results are failures", page.Html);
        // Nothing was tuned, so that both do the same.
        Assert.Contains("the cost of one pass: untuned; 95 % interval 1 × to 1 ×", page.Html);
    }

    [TestMethod]
    public void Settings_are_those_of_the_largest_budget_in_shapes_of_their_own()
    {
        ComparisonOptions options = new() { Data = SearchTestData.Data, Training = SearchTestData.Training, Multiples = [4, 1], Repeats = 3 };
        ComparisonResult result = RestartComparison.Run(SearchTestData.Table(LearningTask.Regression), options);
        var page = new ReportPage(ComparisonReport.Create(result, "compare"));
        string[] marks = [.. page.Pictures[1 + 4 + 2].Descendants().Where(e => ((string?)e.Attribute("class"))?.StartsWith("point mark", StringComparison.Ordinal) == true).Select(e => e.Value)];
        Assert.HasCount(6 * 3, marks);
        foreach (ComparisonEntry entry in result.Entries.Where(e => e.Method == "pbt"))
            Assert.AreEqual(entry.Multiple == 4, marks.Contains($"pbt\n{CompactNumber.Format(entry.Setting!.Value.LearningRate)}, {CompactNumber.Format(entry.Setting.Value.Momentum)}"));
        // One pass, untuned and four searches: six shapes, in the key too.
        Assert.HasCount(6, page.Html.Split("clip-path:").Skip(1).Select(part => part[..part.IndexOf('"', StringComparison.Ordinal)]).Distinct());
    }
}
