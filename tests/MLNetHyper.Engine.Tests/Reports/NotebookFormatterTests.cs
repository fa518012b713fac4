using System.Reflection;
using System.Xml.Linq;

namespace MLNetHyper.Engine.Tests;

/// <summary>What the kernel of a notebook finds at a type by names alone, as its documentation says, and what that writes.</summary>
[TestClass]
public sealed class NotebookFormatterTests
{
    private static readonly OnePassResult _result = OnePass.Train(TrainingTables.Create(LearningTask.Regression), TrainingTables.Options, OnePassOptions.Published with { HiddenLayers = [4], Steps = 100 });

    public static IEnumerable<object[]> Shown =>
    [
        ["report", new Report("Title").Add(TrajectoryCharts.Losses(_result.Model.Network)), 1],
        ["chart", TrajectoryCharts.Losses(_result.Model.Network), 1],
        ["table", new ReportTable("Table", "a").Add("1"), 0],
        ["trajectory", _result.Trajectory, 1 + _result.TunedHyperparameters.Count],
        ["result", _result, 1 + _result.TunedHyperparameters.Count],
    ];

    [TestMethod]
    [DynamicData(nameof(Shown))]
    public void The_kernel_finds_how_a_value_shows(string name, object value, int pictures)
    {
        string html = Formatted(value);
        XElement part = XElement.Parse(html.Replace("<style>", "<style><![CDATA[", StringComparison.Ordinal).Replace("</style>", "]]></style>", StringComparison.Ordinal));
        Assert.AreEqual("onepass-report", (string?)part.Attribute("class"), name);
        Assert.HasCount(pictures, part.Descendants().Where(element => element.Name.LocalName == "svg"));
        foreach (string reference in (string[])["<html", "<body", "<script", "http:", "src=", "url("])
            Assert.DoesNotContain(reference, html.Replace("http://www.w3.org/2000/svg", "", StringComparison.Ordinal));
    }

    [TestMethod]
    public void A_chart_alone_has_its_title_once() =>
        Assert.AreEqual(1, Formatted(TrajectoryCharts.Losses(_result.Model.Network)).Split(">Losses</h").Length - 1);

    [TestMethod]
    public void Every_rule_holds_within_the_report_alone()
    {
        int depth = 0;
        foreach (string line in ReportStyle.Scoped.Split('\n'))
        {
            // A rule at the outside begins with what it holds for, behind the condition of a medium.
            foreach (string selector in depth > 0 ? [] : line.Split('{')[line.StartsWith('@') ? 1 : 0].Split(','))
                Assert.Contains(".onepass-report", selector);
            depth += line.Count(c => c == '{') - line.Count(c => c == '}');
        }
        Assert.AreEqual(0, depth);
    }

    [TestMethod]
    public void Names_of_elements_differ_between_the_reports_of_a_page()
    {
        string[] ids = [.. new[] { "first", "second" }.SelectMany(title => Ids(Formatted(new Report(title).Add(TrajectoryCharts.Losses(_result.Model.Network)))))];
        Assert.HasCount(4, ids);
        Assert.HasCount(4, ids.ToHashSet());
    }

    /// <summary>As in the kernel: nothing is known but names.</summary>
    private static string Formatted(object value)
    {
        Attribute attribute = value.GetType().GetCustomAttributes(inherit: true).Cast<Attribute>().Single(a => a.GetType().Name == "TypeFormatterSourceAttribute");
        object source = Activator.CreateInstance((Type)attribute.GetType().GetProperty("FormatterSourceType")!.GetValue(attribute)!)!;
        object formatter = ((IEnumerable<object>)source.GetType().GetMethod("CreateTypeFormatters")!.Invoke(source, null)!).Single();
        Assert.AreEqual("text/html", formatter.GetType().GetProperty("MimeType")!.GetValue(formatter));
        MethodInfo format = formatter.GetType().GetMethod("Format")!;
        var writer = new StringWriter { NewLine = "\n" };
        Assert.AreEqual(false, format.Invoke(formatter, ["something else", writer]));
        Assert.AreEqual("", writer.ToString());
        Assert.AreEqual(true, format.Invoke(formatter, [value, writer]));
        return writer.ToString();
    }

    private static IEnumerable<string> Ids(string html) => html.Split(" id=\"")[1..].Select(text => text.Split('"')[0]);
}
