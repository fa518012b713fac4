using System.Text.RegularExpressions;

namespace MLNetHyper.Cli.Tests;

/// <summary>Blocks of the documentation that come from code, commands or measurements are what these give now.</summary>
[TestClass]
public sealed partial class DocumentationTests
{
    private const string Accept = "MLNETHYPER_ACCEPT";

    public static IEnumerable<object[]> Documents => [["README.md"], ["docs/choosing-a-method.md"], ["docs/devices.md"], ["docs/large-tables.md"], ["docs/options.md"], ["docs/results/README.md"], ["docs/torch.md"], ["docs/workers.md"], ["nuget/MLNetHyper.Torch.md"], ["samples/README.md"]];

    [TestMethod]
    [DynamicData(nameof(Documents))]
    public void Generated_blocks_are_up_to_date(string document)
    {
        string path = Repository.PathTo(document.Split('/')), old = File.ReadAllText(path).ReplaceLineEndings("\n");
        int blocks = 0;
        string now = Block().Replace(old, block =>
        {
            blocks++;
            GeneratedBlock source = GeneratedBlock.Parse(block.Groups["source"].Value);
            string body = source.Write();
            // What was measured changes from run to run and machine to machine; the rest of the text may not.
            if (source.IsMeasured && Form(body) == Form(block.Groups["body"].Value))
                body = block.Groups["body"].Value;
            return $"{block.Groups["begin"].Value}\n{body.TrimEnd()}\n<!-- end -->";
        });
        Assert.IsGreaterThan(0, blocks, "no block was found");
        if (now == old)
            return;
        if (Environment.GetEnvironmentVariable(Accept) == "1")
        {
            File.WriteAllText(path, now);
            return;
        }
        string[] before = old.Split('\n'), after = now.Split('\n');
        Assert.Fail($"""
            {document} is out of date. Set the environment variable {Accept}=1, run this test again and commit the file.
            {string.Join('\n', before.Except(after).Select(line => "- " + line))}
            {string.Join('\n', after.Except(before).Select(line => "+ " + line))}
            """);
    }

    [TestMethod]
    public void Links_lead_to_files()
    {
        foreach (string document in Directory.EnumerateFiles(Repository.PathTo(), "*.md", SearchOption.AllDirectories).Where(f => !f.Contains($"{Path.DirectorySeparatorChar}artifacts{Path.DirectorySeparatorChar}", StringComparison.Ordinal)))
        {
            foreach (Match link in Link().Matches(File.ReadAllText(document)))
            {
                string target = Path.Combine(Path.GetDirectoryName(document)!, link.Groups["path"].Value);
                Assert.IsTrue(File.Exists(target) || Directory.Exists(target), $"{document} links to {link.Groups["path"].Value}, which does not exist.");
            }
        }
    }

    private static string Form(string text) => Spaces().Replace(Number().Replace(text, "#"), " ").Trim();

    [GeneratedRegex(@"(?<begin><!-- begin (?<source>[^\n]*) -->)\n(?<body>.*?)<!-- end -->", RegexOptions.Singleline)]
    private static partial Regex Block();

    [GeneratedRegex(@"\d[\d,.]*(e[-+]?\d+)?", RegexOptions.IgnoreCase)]
    private static partial Regex Number();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();

    [GeneratedRegex(@"\]\((?!https?:)(?<path>[^)#]+)(#[^)]*)?\)")]
    private static partial Regex Link();
}
