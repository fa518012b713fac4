using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace MLNetHyper.Samples.Tests;

/// <summary>A sample of one file as a notebook in nbformat 4.5, whose cells run in order.</summary>
internal sealed partial record Notebook(string Name, string Json)
{
    private static readonly JsonSerializerOptions _options = new() { WriteIndented = true, IndentSize = 1, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Where ./build.sh pack puts the packages, from the repository's root.</summary>
    internal const string PackageFolder = "artifacts/packages";

    internal static string PathTo(string name) => Repository.PathTo("samples", "notebooks", name + ".ipynb");

    internal static Notebook Of(SampleFile sample)
    {
        string[] paragraphs = [.. Paragraphs().Split(sample.Code.Trim()).Where(text => !text.StartsWith("#:", StringComparison.Ordinal))];
        (string purpose, string imports) = Comment(paragraphs[0]);
        string[] body = paragraphs[1..], declarations = [.. body.Where(IsDeclaration)];

        var cells = new List<JsonObject>();
        Add(cells, sample.Name, "markdown", $"""
            # {sample.Name}

            {purpose}

            Made from [samples/{sample.Name}.cs](../{sample.Name}.cs), which runs without a notebook: `dotnet run samples/{sample.Name}.cs`. The [readme](../README.md) says what a kernel needs.
            """);
        Add(cells, sample.Name, "markdown", $"The paths of the data start at the repository's root, so the first cell goes there. While no feed carries MLNetHyper, its packages come from {PackageFolder}, where `./build.sh pack` puts them.");
        Add(cells, sample.Name, "code", $$"""
            using System.IO;
            using System.Threading;
            using Microsoft.DotNet.Interactive;
            using Microsoft.DotNet.Interactive.Commands;

            while (!Directory.Exists("samples/data"))
                Directory.SetCurrentDirectory(Directory.GetParent(Directory.GetCurrentDirectory())?.FullName ?? throw new DirectoryNotFoundException("samples/data is in no folder above: open this notebook in a checkout."));
            if (Directory.Exists("{{PackageFolder}}"))
                await Kernel.Root.SendAsync(new SubmitCode($"#i \"nuget:{Path.GetFullPath("{{PackageFolder}}")}\"", "csharp"));
            else
                Console.WriteLine("There is no folder {{PackageFolder}}: run ./build.sh pack, unless one of your package feeds carries MLNetHyper.");
            """);
        Add(cells, sample.Name, "code", string.Join('\n', Packages(sample)));
        // A kernel imports fewer namespaces by itself than a project does.
        Add(cells, sample.Name, "code", imports);
        // A program declares its types at the end; a cell knows only what stands above it.
        if (declarations.Length > 0)
            Add(cells, sample.Name, "code", string.Join("\n\n", declarations));
        string code = "", pictured = "";
        foreach (string paragraph in body.Where(text => !IsDeclaration(text)))
        {
            (string comment, string statements) = Comment(paragraph);
            if (Picture().Match(comment) is { Success: true } picture)
            {
                pictured = picture.Groups["shown"].Value;
                continue;
            }
            if (comment.Length > 0)
            {
                Add(cells, sample.Name, "code", code);
                Add(cells, sample.Name, "markdown", comment);
                code = "";
            }
            code += (code.Length > 0 ? "\n\n" : "") + UsingDeclarations().Replace(statements, "");
        }
        Add(cells, sample.Name, "code", code);
        Add(cells, sample.Name, "markdown", $"Expected output:\n\n```text\n{sample.Expected}\n```\n\nAnd as a picture:");
        Add(cells, sample.Name, "code", pictured);

        var notebook = new JsonObject
        {
            ["cells"] = new JsonArray([.. cells]),
            ["metadata"] = new JsonObject
            {
                ["kernelspec"] = new JsonObject { ["display_name"] = ".NET (C#)", ["language"] = "C#", ["name"] = ".net-csharp" },
                ["language_info"] = new JsonObject { ["name"] = "C#" },
            },
            ["nbformat"] = 4,
            ["nbformat_minor"] = 5,
        };
        return new(sample.Name, notebook.ToJsonString(_options) + "\n");
    }

    internal void Write()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(PathTo(Name))!);
        File.WriteAllText(PathTo(Name), Json);
    }

    private static void Add(List<JsonObject> cells, string name, string type, string text)
    {
        if (text.Length == 0)
            return;
        string[] lines = text.ReplaceLineEndings("\n").Split('\n');
        var cell = new JsonObject { ["cell_type"] = type, ["id"] = $"{name}-{cells.Count + 1}", ["metadata"] = new JsonObject() };
        if (type == "code")
        {
            cell["execution_count"] = null;
            cell["outputs"] = new JsonArray();
        }
        cell["source"] = new JsonArray([.. lines.Select((line, i) => JsonValue.Create(i < lines.Length - 1 ? line + "\n" : line))]);
        cells.Add(cell);
    }

    /// <summary>The package of the project that the sample refers to, and those that it names itself.</summary>
    private static IEnumerable<string> Packages(SampleFile sample) =>
    [
        $"#r \"nuget: {Project().Match(sample.Code).Groups["name"].Value}, {Version()}\"",
        .. NamedPackage().Matches(sample.Code).Select(match => $"#r \"nuget: {match.Groups["name"].Value}, {PackageVersions.Of(match.Groups["name"].Value)}\""),
    ];

    /// <summary>The comment at the beginning of a paragraph as text, and what follows.</summary>
    private static (string Comment, string Following) Comment(string paragraph)
    {
        string[] lines = paragraph.Split('\n');
        string[] comment = [.. lines.TakeWhile(line => line.StartsWith("//", StringComparison.Ordinal))];
        return (string.Join(' ', comment.Select(line => line[2..].Trim())), string.Join('\n', lines[comment.Length..]));
    }

    private static bool IsDeclaration(string paragraph) => Declaration().IsMatch(paragraph);

    internal static string Version() => VersionElement().Match(File.ReadAllText(Repository.PathTo("Directory.Build.props"))).Groups["version"].Value;

    [GeneratedRegex(@"^#:project \.\./src/(?<name>\S+)", RegexOptions.Multiline)]
    private static partial Regex Project();

    [GeneratedRegex(@"^#:package (?<name>\S+)", RegexOptions.Multiline)]
    private static partial Regex NamedPackage();

    /// <summary>Blank lines outside braces: what follows is not indented.</summary>
    [GeneratedRegex(@"\n{2,}(?=\S)")]
    private static partial Regex Paragraphs();

    [GeneratedRegex(@"^(sealed|static|abstract|class|record|struct|enum|interface)\b")]
    private static partial Regex Declaration();

    /// <summary>What a sample's comment says that a notebook ends with.</summary>
    [GeneratedRegex("^A notebook shows it as a picture: (?<shown>.+)$")]
    private static partial Regex Picture();

    /// <summary>What lives as long as the notebook cannot be disposed of at the end of a block, and the compiler says so.</summary>
    [GeneratedRegex(@"^using (?=[^=;(\n]+=)", RegexOptions.Multiline)]
    private static partial Regex UsingDeclarations();

    [GeneratedRegex("<Version>(?<version>[^<]+)</Version>")]
    private static partial Regex VersionElement();
}
