using System.Globalization;

namespace MLNetHyper.Engine.Tests;

[TestClass]
public sealed class LineChartTests
{
    [TestMethod]
    public void Values_that_are_not_finite_are_gaps()
    {
        var page = ReportPage.Of(ReportPage.Lines().Add(new("a", [1, 2, 3, 4, 5], [1, 2, double.NaN, double.PositiveInfinity, 3])));
        string path = (string)page.Elements("line")[0].Attribute("d")!;
        Assert.AreEqual(2, path.Count(c => c == 'M'));
        Assert.EndsWith("h0", path);
        Assert.HasCount(3, page.Elements("hover"));
    }

    [TestMethod]
    public void Zeros_and_negatives_are_gaps_on_a_logarithmic_axis()
    {
        var page = ReportPage.Of(ReportPage.Lines(AxisScale.Logarithmic, AxisScale.Logarithmic).Add(new("a", [0, 1, 2, 3, 4], [1, 1, 0, -4, 100])));
        Assert.HasCount(2, page.Elements("hover"));
        Assert.DoesNotContain("NaN", page.Html);
    }

    [TestMethod]
    [DataRow(0)]
    [DataRow(1)]
    [DataRow(2)]
    public void Nothing_to_show_is_said(int points)
    {
        double[] nothing = [.. Enumerable.Repeat(double.NaN, points)];
        var page = ReportPage.Of(ReportPage.Lines().Add(new("a", nothing, nothing)).Add(new("b", [], [])));
        CollectionAssert.Contains(page.Texts("label").ToArray(), "No values to show");
    }

    [TestMethod]
    public void A_band_follows_its_line_and_breaks_where_an_edge_is_missing()
    {
        var series = new LineSeries("a", [1, 2, 3, 4], [2, 2, 2, 2]) { Band = new([1, 1, double.NaN, 1], [3, 3, 3, 3]), Steps = true };
        string path = (string)ReportPage.Of(ReportPage.Lines().Add(series)).Elements("band")[0].Attribute("d")!;
        Assert.AreEqual(2, path.Count(c => c == 'Z'));
    }

    [TestMethod]
    public void Long_series_are_thinned_and_keep_their_spikes_and_gaps()
    {
        double[] x = [.. Enumerable.Range(0, 1_000_000)], y = [.. x.Select(Math.Sin)];
        (y[333_333], y[777_777]) = (50, -50);
        for (int i = 500_000; i < 510_000; i++)
            y[i] = double.NaN;
        List<int> kept = Downsampling.Indices(x.Length, i => double.IsFinite(y[i]), i => y[i]);
        Assert.IsLessThanOrEqualTo(Downsampling.MostPoints, kept.Count);
        foreach (int i in (ReadOnlySpan<int>)[0, 333_333, 777_777, 999_999])
            Assert.Contains(i, kept);
        Assert.IsTrue(kept.Any(i => double.IsNaN(y[i])));
        CollectionAssert.AreEqual(kept.Order().Distinct().ToArray(), kept);

        var page = ReportPage.Of(ReportPage.Lines().Add(new("a", x, y) { Band = new(y, y), Markers = true }));
        Assert.IsLessThan(200_000, page.Html.Length);
    }

    [TestMethod]
    public void Lines_that_end_together_are_named_at_their_ends_without_overlap()
    {
        LineChart chart = ReportPage.Lines().Reference(1, "goal");
        for (int i = 0; i < 8; i++)
            chart.Add(new($"series {i}", [0, 1], [0, 1 + (i * 1e-6)]));
        var page = ReportPage.Of(chart);
        double[] heights = [.. page.Elements("name").Select(text => double.Parse((string)text.Attribute("y")!, CultureInfo.InvariantCulture)).Order()];
        Assert.HasCount(9, heights);
        Assert.IsTrue(heights.Zip(heights.Skip(1), (upper, lower) => lower - upper).All(gap => gap > 14));
        Assert.Contains("<ul class=\"key narrow\">", page.Html, "out of sight on a narrow screen, they are named in a key there");
    }

    [TestMethod]
    public void Lines_that_end_apart_are_named_in_a_key()
    {
        var page = ReportPage.Of(ReportPage.Lines().Add(new("short", [0, 1], [0, 1])).Add(new("long", [0, 9], [0, 1])));
        Assert.Contains("<i class=\"swatch c0 d0\"></i>short", page.Html);
        Assert.IsEmpty(page.Elements("name"));
    }

    [TestMethod]
    public void A_name_keeps_its_color_and_names_that_meet_differ()
    {
        LineChart first = ReportPage.Lines().Add(new("a", [0, 1], [0, 1])), second = ReportPage.Lines().Add(new("b", [0, 1], [0, 1]));
        LineChart both = ReportPage.Lines().Add(new("b", [0, 1], [0, 1])).Add(new("a", [0, 1], [0, 1]));
        var palette = new SeriesPalette([first, second, both]);
        Assert.AreEqual("c0 d0", palette.Style("a"));
        Assert.AreEqual("c1 d0", palette.Style("b"));
    }

    [TestMethod]
    public void More_names_than_colors_differ_by_dashes()
    {
        LineChart chart = ReportPage.Lines();
        string[] names = [.. Enumerable.Range(0, 3 * SeriesPalette.Colors).Select(i => $"s{i}")];
        foreach (string name in names)
            chart.Add(new(name, [0, 1], [0, 1]));
        var palette = new SeriesPalette([chart]);
        Assert.HasCount(names.Length, names.Select(palette.Style).Distinct());
    }

    [TestMethod]
    public void Single_runs_are_marks_with_whiskers_side_by_side()
    {
        LineSeries Run(string name) => new(name, [2], [2]) { Band = new([1], [3]), Whiskers = true };
        var page = ReportPage.Of(ReportPage.Lines().Add(new("search", [1, 9], [4, 1])).Add(Run("one")).Add(Run("other")));
        Assert.HasCount(1, page.Elements("line"));
        Assert.IsEmpty(page.Elements("band"));
        // Each has a stem and two caps.
        Assert.HasCount(2 * 3, page.Elements("whisker"));
        Assert.HasCount(2, page.Elements("mark"));
        double[] places = [.. page.Elements("whisker").Where((_, i) => i % 3 == 0).Select(stem => double.Parse(((string)stem.Attribute("d")!)[1..].Split(' ')[0], CultureInfo.InvariantCulture))];
        Assert.AreEqual(14, Math.Abs(places[0] - places[1]), 0.11);
        Assert.Contains("clip-path:", page.Html);
    }

    [TestMethod]
    public void What_happened_is_drawn_upright_where_it_did_and_named_in_the_key()
    {
        var page = ReportPage.Of(ReportPage.Lines().Add(new("a", [0, 10], [0, 1])).Event("best step", 5).Event("rollbacks", 1, 2, 3, 400).Event("nothing"));
        Assert.HasCount(4, page.Elements("event"));
        Assert.Contains("<i class=\"swatch event e0\"></i>best step", page.Html);
        Assert.Contains("<i class=\"swatch event e1\"></i>rollbacks", page.Html);
        Assert.DoesNotContain("nothing<", page.Html);
    }

    [TestMethod]
    public void A_logarithmic_axis_says_so_and_axes_reach_to_what_they_include()
    {
        LineChart chart = new("Lines", "How to read it.") { XLabel = "step", YLabel = "loss", YScale = AxisScale.Logarithmic, XAxisIncludes = [100], YAxisIncludes = [1e-3], Diagonal = true };
        var page = ReportPage.Of(chart.Add(new("a", [1, 2], [1, 2])));
        CollectionAssert.AreEqual(new[] { "loss, log scale", "step" }, page.Texts("label").ToArray());
        Assert.Contains("100", page.Texts("tick").ToArray());
        Assert.Contains("0.001", page.Texts("tick").ToArray());
        Assert.HasCount(1, page.Elements("reference"));
    }

    [TestMethod]
    public void Lengths_that_differ_are_refused()
    {
        Assert.ThrowsExactly<ArgumentException>(() => new LineSeries("a", [1, 2], [1]));
        Assert.ThrowsExactly<ArgumentException>(() => new LineSeries("a", [1], [1]) { Band = new([], [1]) });
        Assert.ThrowsExactly<ArgumentException>(() => new ScatterChart("a", "b") { XLabel = "", YLabel = "" }.Add("a", [1, 2], [1]));
    }
}
