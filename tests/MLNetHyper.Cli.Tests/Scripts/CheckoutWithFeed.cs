using System.Diagnostics;
using System.IO.Compression;
using System.Text.Json;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace MLNetHyper.Cli.Tests;

/// <summary>
/// The scripts of this checkout and its packable projects in a folder of their own, where the only feed is a folder of empty packages:
/// those that Directory.Packages.props pins, but for what a test changes.
/// </summary>
internal sealed partial class CheckoutWithFeed : IDisposable
{
    private static readonly string[] _copied = ["build.sh", "build.ps1", "global.json", "Directory.Build.props", "Directory.Packages.props", "CHANGELOG.md", "THIRD-PARTY-NOTICES.txt", "build/Publicize.targets", "nuget/Package.props", "src/Directory.Build.props", ".config/dotnet-tools.json"];

    // A few projects of each part are enough: what a script makes of a restore does not depend on how many there are.
    private static readonly (string Part, string[] Projects)[] _parts =
    [
        ("Mpi", ["src/MLNetHyper.Mpi/MLNetHyper.Mpi.csproj"]),
        ("Engine", ["src/MLNetHyper.Engine/MLNetHyper.Engine.csproj"]),
        ("Trainers", ["src/MLNetHyper.Bridge/MLNetHyper.Bridge.csproj", "src/MLNetHyper/MLNetHyper.csproj", "src/MLNetHyper.Torch/MLNetHyper.Torch.csproj"]),
        ("AutoML", ["src/MLNetHyper.AutoML/MLNetHyper.AutoML.csproj"]),
    ];

    private readonly TestFolder _folder = new();

    /// <param name="change">What the feed carries in place of a package's pinned version: another version, or null for none.</param>
    internal CheckoutWithFeed(Func<string, string, string?> change)
    {
        foreach (string file in _copied.Concat(_parts.SelectMany(part => part.Projects)))
        {
            Directory.CreateDirectory(Path.GetDirectoryName(_folder[file])!);
            File.Copy(Repository.PathTo(file), _folder[file]);
        }
        foreach ((string part, string[] projects) in _parts)
            _folder.Write($"MLNetHyper.{part}.slnf", JsonSerializer.Serialize(new { solution = new { path = "MLNetHyper.sln", projects = projects.Select(project => project.Replace('/', '\\')) } }));
        _folder.Write("MLNetHyper.sln", Reduced(File.ReadAllText(Repository.PathTo("MLNetHyper.sln"))));
        Directory.CreateDirectory(_folder["feed"]);
        foreach (string package in PackageVersions.Names)
        {
            string pinned = PackageVersions.Of(package);
            if (change(package, pinned) is { } version)
                Pack(package, version);
        }
        // For that the SDK asks for a package of its own, of its own version.
        Edit("src/MLNetHyper.Engine/MLNetHyper.Engine.csproj", "<IsAotCompatible>true</IsAotCompatible>", "");
        UseFeed(_folder["feed"]);
    }

    internal string this[string name] => _folder[name];

    internal void Edit(string file, string old, string now)
    {
        string text = File.ReadAllText(_folder[file]);
        Assert.Contains(old, text);
        File.WriteAllText(_folder[file], text.Replace(old, now, StringComparison.Ordinal));
    }

    /// <summary>Makes it the only feed. In elements rather than text, since no file of the repository may name feeds.</summary>
    internal void UseFeed(string source)
    {
        XElement Add(params object[] attributes) => new("add", attributes);
        new XElement("configuration", new XElement("packageSources", new XElement("clear"), Add(new XAttribute("key", "feed"), new XAttribute("value", source), new XAttribute("allowInsecureConnections", true)))).Save(_folder["NuGet.config"]);
    }

    /// <summary>Runs a script with the verb restore.</summary>
    internal Outcome Restore(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, [.. arguments, "restore"]) { WorkingDirectory = _folder["."], RedirectStandardOutput = true, RedirectStandardError = true };
        // Empty packages must not come among the user's, and a process that stays would keep the folder.
        start.Environment["RestorePackagesPath"] = _folder["packages"];
        // NuGet leaves a folder there.
        start.Environment["TMPDIR"] = start.Environment["TEMP"] = start.Environment["TMP"] = Directory.CreateDirectory(_folder["temporary"]).FullName;
        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        // What the test host has of its own build is nothing to this one.
        foreach (string name in start.Environment.Keys.Where(name => name.StartsWith("MSBuild", StringComparison.Ordinal)).ToArray())
            start.Environment.Remove(name);
        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync(), error = process.StandardError.ReadToEndAsync();
        process.WaitForExit();
        return new Outcome(process.ExitCode, output.Result.ReplaceLineEndings("\n"), error.Result.ReplaceLineEndings("\n"));
    }

    public void Dispose() => _folder.Dispose();

    /// <summary>The solution without the projects that were not copied, and without folders.</summary>
    private static string Reduced(string solution) =>
        Nesting().Replace(Project().Replace(solution, match => _parts.Any(part => part.Projects.Contains(match.Groups["path"].Value.Replace('\\', '/'))) ? match.Value : ""), "");

    private void Pack(string id, string version)
    {
        using ZipArchive archive = ZipFile.Open(Path.Combine(_folder["feed"], $"{id}.{version}.nupkg"), ZipArchiveMode.Create);
        using Stream entry = archive.CreateEntry(id + ".nuspec").Open();
        XNamespace schema = "http://schemas.microsoft.com/packaging/2013/05/nuspec.xsd";
        new XElement(schema + "package", new XElement(schema + "metadata", new XElement(schema + "id", id), new XElement(schema + "version", version), new XElement(schema + "authors", "test"), new XElement(schema + "description", "test"))).Save(entry);
    }

    [GeneratedRegex("""Project\("[^"]*"\) = "[^"]*", "(?<path>[^"]*)", "[^"]*"\s+EndProject\s+""")]
    private static partial Regex Project();

    [GeneratedRegex("""GlobalSection\(NestedProjects\).*?EndGlobalSection""", RegexOptions.Singleline)]
    private static partial Regex Nesting();
}
