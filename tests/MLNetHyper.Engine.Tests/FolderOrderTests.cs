using System.Text.RegularExpressions;

namespace MLNetHyper.Engine.Tests;

/// <summary>The folders of the engine form layers, in the order in which CONTRIBUTING.md names them.</summary>
[TestClass]
public sealed partial class FolderOrderTests
{
    private static readonly string _engine = Repository.PathTo("src", "MLNetHyper.Engine");

    [TestMethod]
    public void The_folders_depend_in_this_order()
    {
        SourceFile[] files = [.. Directory.GetFiles(_engine, "*.cs", SearchOption.AllDirectories)
            .Select(path => Path.GetRelativePath(_engine, path).Replace('\\', '/'))
            .Select(path => new SourceFile(path.Split('/')[0], path[(path.IndexOf('/') + 1)..], File.ReadAllText(Path.Combine(_engine, path))))];
        string picture = File.ReadAllText(Repository.PathTo("CONTRIBUTING.md")).Split("\n## ").Single(section => section.StartsWith("The architecture", StringComparison.Ordinal));
        string[] folders = [.. files.Select(f => f.Folder).Distinct()];
        string[] order = [.. Names().Matches(picture).Select(m => m.Groups[1].Value).Where(folders.Contains).Distinct()];
        CollectionAssert.AreEquivalent(folders, order, "CONTRIBUTING.md's picture leaves a folder out.");
        string[] breaches = [.. FolderOrder.Breaches(order, files)];
        Assert.HasCount(0, breaches, string.Join('\n', breaches));
    }

    [TestMethod]
    public void A_type_used_too_early_is_found_where_it_is_meant_and_nowhere_else()
    {
        SourceFile[] files =
        [
            new("Low", "Reader.cs", """
                /// <summary>Not a <see cref="Report"/>.</summary>
                internal sealed class Reader
                {
                    private readonly string _text = "a Report"; // Report
                    public int Loss { get; } = Loss + x.Chart + '"' + y.Chart;
                    public string Text => $"Chart of {(_text == "Chart" ? "" : Report.Of($"{Table.Rows} Chart"))}";
                    public Page Page => [..Line.All];
                }
                """),
            new("High", "Report.cs", "internal readonly record struct Report(Reader Reader);\ninternal delegate Report Loss();\npublic enum Chart\n{\n    Bar,\n}\n"),
            new("High", "Table.cs", "public sealed partial class Table<T>\n{\n}\ninternal interface Page\n{\n}\npublic static class Line\n{\n}\n"),
        ];
        CollectionAssert.AreEquivalent(
            (string[])[.. new[] { "Report", "Table", "Page", "Line" }.Select(type => $"Low/Reader.cs uses {type} of High, which comes later.")],
            (string[])[.. FolderOrder.Breaches(["Low", "High"], files)]);
        Assert.IsEmpty(FolderOrder.Breaches(["High", "Low"], files.Where(f => f.Name != "Report.cs")));
    }

    [GeneratedRegex(@"`(\w+)`")]
    private static partial Regex Names();
}
