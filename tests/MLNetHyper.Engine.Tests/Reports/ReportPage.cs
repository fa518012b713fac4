using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace MLNetHyper.Engine.Tests;

/// <summary>A rendered report, and the pictures in it as XML.</summary>
internal sealed partial class ReportPage
{
    private static readonly XNamespace Svg = "http://www.w3.org/2000/svg";

    public ReportPage(Report report)
    {
        using var writer = new StringWriter();
        report.WriteTo(writer);
        Html = writer.ToString();
        Pictures = [.. Pattern().Matches(Html).Select(match => XDocument.Parse(match.Value).Root!)];
    }

    public string Html { get; }

    public IReadOnlyList<XElement> Pictures { get; }

    public static ReportPage Of(params Chart[] charts) => new(new Report("Test").Add(charts));

    public static LineChart Lines(AxisScale y = AxisScale.Linear, AxisScale x = AxisScale.Linear) =>
        new("Lines", "How to read it.") { XLabel = "step", YLabel = "loss", XScale = x, YScale = y };

    /// <summary>The elements of the first picture whose class contains a word.</summary>
    public IReadOnlyList<XElement> Elements(string style) =>
        [.. Pictures[0].Descendants().Where(element => ((string?)element.Attribute("class"))?.Split(' ').Contains(style) == true)];

    public IEnumerable<string> Texts(string style) => Elements(style).Where(element => element.Name == Svg + "text").Select(element => element.Value);

    [GeneratedRegex("<svg.*?</svg>", RegexOptions.Singleline)]
    private static partial Regex Pattern();
}
