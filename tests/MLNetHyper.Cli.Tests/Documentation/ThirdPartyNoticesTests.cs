using System.Text.Json;
using System.Text.RegularExpressions;

namespace MLNetHyper.Cli.Tests;

/// <summary>THIRD-PARTY-NOTICES.txt names every package whose files the tool carries, and no other.</summary>
[TestClass]
public sealed partial class ThirdPartyNoticesTests
{
    private static readonly string _notices = File.ReadAllText(Repository.PathTo("THIRD-PARTY-NOTICES.txt")).ReplaceLineEndings("\n");

    [TestMethod]
    public void Every_package_that_the_tool_carries_is_named_with_its_license()
    {
        string[] named = [.. Entry().Matches(_notices).Select(match => match.Groups["package"].Value)];
        string[] carried = [.. Carried().Order(StringComparer.Ordinal)];
        Assert.IsNotEmpty(carried);
        foreach (string package in carried)
            Assert.Contains(package, named, $"The tool carries {package}, which THIRD-PARTY-NOTICES.txt does not name.");
        if (File.Exists(Path.Combine(AppContext.BaseDirectory, "MLNetHyper.dll")) && File.Exists(Path.Combine(AppContext.BaseDirectory, "MLNetHyper.Mpi.dll")))
            CollectionAssert.AreEquivalent(carried, named, "THIRD-PARTY-NOTICES.txt names packages that the tool does not carry.");
    }

    [TestMethod]
    public void The_text_of_every_license_is_there()
    {
        foreach (Match entry in Entry().Matches(_notices))
            Assert.MatchesRegex($@"\n-+\n{Regex.Escape(entry.Groups["license"].Value)}\n-+\n\n", _notices, entry.Groups["package"].Value);
    }

    /// <summary>The packages whose assemblies or native libraries stand beside the tool: its dependency file lists them.</summary>
    private static IEnumerable<string> Carried()
    {
        using JsonDocument dependencies = JsonDocument.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "onepass.deps.json")));
        JsonElement libraries = dependencies.RootElement.GetProperty("libraries");
        foreach (JsonProperty library in dependencies.RootElement.GetProperty("targets").EnumerateObject().Single().Value.EnumerateObject())
            if (libraries.GetProperty(library.Name).GetProperty("type").GetString() == "package" && new[] { "runtime", "native", "runtimeTargets" }.Any(kind => library.Value.TryGetProperty(kind, out _)))
                yield return library.Name.Split('/')[0];
    }

    [GeneratedRegex(@"\n\n(?<package>\S+)\n  License: (?<license>\S+)[^\n]*\n  \S[^\n]*\n  https://")]
    private static partial Regex Entry();
}
