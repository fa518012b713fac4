namespace MLNetHyper.Engine.Tests;

[TestClass]
public sealed class ReportTests
{
    private const string Nasty = "<script>alert('x')</script> & \"quotes\" \0\u0001\uD800 日本";

    [TestMethod]
    public void Every_text_is_escaped_and_every_picture_is_well_formed()
    {
        var page = new ReportPage(Everything(Nasty));
        Assert.HasCount(5, page.Pictures);
        Assert.DoesNotContain("<script", page.Html);
        Assert.DoesNotContain('\0', page.Html);
        Assert.Contains("&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt; &amp; &quot;quotes&quot;", page.Html);
    }

    [TestMethod]
    public void Nothing_is_fetched()
    {
        string html = new ReportPage(Everything("plain")).Html.Replace("xmlns=\"http://www.w3.org/2000/svg\"", "", StringComparison.Ordinal);
        foreach (string reference in new[] { "http", "//", "url(", "src=", "href", "@import", "<link", "<script" })
            Assert.DoesNotContain(reference, html);
    }

    [TestMethod]
    public void Pictures_say_what_they_are()
    {
        foreach (var picture in new ReportPage(Everything("plain")).Pictures)
        {
            string[] ids = ((string)picture.Attribute("aria-labelledby")!).Split(' ');
            CollectionAssert.AreEqual(ids, picture.Elements().Take(2).Select(element => (string)element.Attribute("id")!).ToArray());
            Assert.AreEqual("img", (string?)picture.Attribute("role"));
        }
    }

    [TestMethod]
    public void The_same_content_gives_the_same_bytes_with_plain_line_ends()
    {
        string html = new ReportPage(Everything("plain")).Html;
        Assert.AreEqual(html, new ReportPage(Everything("plain")).Html);
        Assert.DoesNotContain('\r', html);
    }

    [TestMethod]
    public void A_large_report_stays_below_a_megabyte()
    {
        double[] x = [.. Enumerable.Range(1, 100_000)], y = [.. x.Select(value => Math.Abs(Math.Sin(value * value)) + 1e-3)];
        LineChart lines = ReportPage.Lines(AxisScale.Logarithmic);
        var spread = new DistributionChart("Errors", "How to read it.") { ValueLabel = "error" };
        for (int i = 0; i < 6; i++)
        {
            lines.Add(new($"method {i}", x, y) { Band = new(y, y) });
            spread.Add($"method {i}", y);
        }
        ScatterChart scatter = new ScatterChart("Fit", "How to read it.") { XLabel = "actual", YLabel = "predicted", Diagonal = true }.Add("rows", x, y);
        var page = ReportPage.Of(lines, spread, scatter);
        Assert.IsLessThan(1_000_000, page.Html.Length);
        Assert.Contains($"{CompactNumber.Format(100_000)} points drawn", page.Html);
    }

    [TestMethod]
    public void Saving_replaces_the_file_and_leaves_nothing_else()
    {
        string folder = Directory.CreateTempSubdirectory("report").FullName;
        try
        {
            string path = Path.Combine(folder, "report.html");
            File.WriteAllText(path, "old");
            Report report = Everything("plain");
            report.Save(path);
            Assert.AreEqual(new ReportPage(report).Html, File.ReadAllText(path));
            Assert.AreEqual((byte)'<', File.ReadAllBytes(path)[0]);
            Assert.HasCount(1, Directory.GetFiles(folder));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [TestMethod]
    public void A_report_that_fails_to_write_leaves_the_old_file_alone()
    {
        string folder = Directory.CreateTempSubdirectory("report").FullName;
        try
        {
            string path = Path.Combine(folder, "report.html");
            File.WriteAllText(path, "old");
            List<double> growing = [1, 2];
            Report report = new Report("Test").Add(ReportPage.Lines().Add(new("a", growing, [1, 2])));
            growing.Add(3);
            Assert.ThrowsExactly<IndexOutOfRangeException>(() => report.Save(path));
            Assert.AreEqual("old", File.ReadAllText(path));
            Assert.HasCount(1, Directory.GetFiles(folder));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [TestMethod]
    public void Columns_of_numbers_are_aligned_and_shares_shaded()
    {
        string html = new ReportPage(new Report("Test")
            .Add(new ReportTable("Table", "name", "error", "note").Add("a", "-0.1", "fast").AddEmphasized("b", "–", ""))
            .Add(ReportTable.ConfusionMatrix("Confusion", ["no", "yes"], [3, 1, 0, 0]))).Html;
        Assert.Contains("<td class=\"number\">-0.1</td><td>fast</td>", html);
        Assert.Contains("<tr class=\"emphasized\"><th scope=\"row\">b</th>", html);
        Assert.Contains("<td class=\"number\" style=\"--share:0.75\">3</td>", html);
        Assert.Contains("75.0 %", html);
    }

    [TestMethod]
    public void Rows_and_counts_that_do_not_fit_are_refused()
    {
        Assert.ThrowsExactly<ArgumentException>(() => new ReportTable("t", "a", "b").Add("1"));
        Assert.ThrowsExactly<ArgumentException>(() => ReportTable.ConfusionMatrix("t", ["a"], [1, 2]));
    }

    private static Report Everything(string text)
    {
        double[] x = [1, 2, 3], y = [1, 3, 2];
        return new Report(text) { Subtitle = text }
            .Heading(text).Paragraph(text).Preformatted(text)
            .Add(new KeyFigure(text, text, text), new KeyFigure(text, text))
            .Add(new ReportTable(text, text, text).Add(text, text))
            .Add(new LineChart(text, text) { XLabel = text, YLabel = text }.Reference(2, text).Event(text, 2).Add(new(text, x, y) { Markers = true }).Add(new("other", y, x)))
            .Add(
                new DistributionChart(text, text) { ValueLabel = text }.Add(text, [1, 2, 3, 4, 5, 6]),
                new ScatterChart(text, text) { XLabel = text, YLabel = text, Diagonal = true }.Add(text, x, y).Add("other", y, x),
                new ScatterChart(text, text) { XLabel = text, YLabel = text, ReferenceY = 0 }.Add(text, x, y),
                new IntervalChart(text, text) { ValueLabel = text, Reference = 1 }.Add(text, 1, 0.5, 2));
    }
}
