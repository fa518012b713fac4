using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace MLNetHyper.Engine.Tests;

/// <summary>The versions in Directory.Packages.props, which is the one place that has them.</summary>
internal static partial class PackageVersions
{
    private static readonly XElement _file = XElement.Load(Repository.PathTo("Directory.Packages.props"));

    internal static IEnumerable<string> Names => _file.Descendants("PackageVersion").Select(e => e.Attribute("Include")!.Value);

    /// <summary>The version of a package that restores take: the pinned one, or the lowest of its range.</summary>
    internal static string Of(string package) => Range(package).Split(',')[0].Trim('[');

    /// <summary>The versions of a package that ours fit, in words.</summary>
    internal static string RangeOf(string package) =>
        Range(package).Trim('[', ')').Split(", ") is [string lowest, string limit] ? $"{lowest} or later, before {limit}" : $"{Of(package)} or later";

    internal static string Property(string name) => _file.Descendants(name).Single().Value;

    private static string Range(string package)
    {
        XElement pin = _file.Descendants("PackageVersion").Single(e => (string?)e.Attribute("Include") == package);
        return PropertyReference().Replace(pin.Attribute("Version")!.Value, match => Property(match.Groups["name"].Value));
    }

    [GeneratedRegex(@"\$\((?<name>\w+)\)")]
    private static partial Regex PropertyReference();
}
