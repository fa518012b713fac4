using System.Text.RegularExpressions;

namespace MLNetHyper.Engine.Tests;

/// <summary>A source file: the folder that it is in, its name and its text.</summary>
internal sealed record SourceFile(string Folder, string Name, string Text);

/// <summary>
/// Finds what the compiler lets pass within one assembly: a folder that uses a type of a later one. It reads names alone: one that
/// a folder gives to a member of its own means that member there, and one behind a dot is a member of something else.
/// </summary>
internal static partial class FolderOrder
{
    /// <summary>A sentence for every type that a file uses too early.</summary>
    public static IEnumerable<string> Breaches(IReadOnlyList<string> order, IEnumerable<SourceFile> files)
    {
        SourceFile[] code = [.. files.Select(f => f with { Text = CodeOf(f.Text) })];
        ILookup<string, string> homes = code.SelectMany(f => TypeNames().Matches(f.Text).Select(m => (Name: m.Groups["name"].Value, f.Folder))).Distinct().ToLookup(t => t.Name, t => t.Folder);
        ILookup<string, string> members = code.SelectMany(f => MemberNames().Matches(f.Text)
            .Where(m => m.Groups["name"].Value != m.Groups["type"].Value).Select(m => (f.Folder, Name: m.Groups["name"].Value))).Distinct().ToLookup(m => m.Folder, m => m.Name);
        return from file in code
               from name in UsedNames().Matches(file.Text).Select(m => m.Value).Distinct().Except(members[file.Folder])
               from home in homes[name]
               where Place(home) > Place(file.Folder)
               select $"{file.Folder}/{file.Name} uses {name} of {home}, which comes later.";

        int Place(string folder) => order.Index().First(o => o.Item == folder).Index;
    }

    /// <summary>A text without its comments and literals. What stands between the braces of an interpolated string is code.</summary>
    private static string CodeOf(string text) => NoCode().Replace(text, m => " " + string.Join(' ', m.Groups["hole"].Captures.Select(c => CodeOf(c.Value))));

    [GeneratedRegex("""
        //[^\n]* | /\*.*?\*/ | '(?:\\.[^']*|[^'\\])' | "{3,}.*?"{3,} | @"[^"]*" |
        (?<interpolated>\$)"(?:\\. | \{\{ | (?<hole>\{(?: [^{}"] | "(?:\\.|[^"\\])*" | \{[^{}]*\} )*\}) | [^"\\{])*" |
        "(?:\\.|[^"\\])*"
        """, RegexOptions.Singleline | RegexOptions.IgnorePatternWhitespace | RegexOptions.ExplicitCapture)]
    private static partial Regex NoCode();

    // Nested types are reached through their outer one, so that those at the start of a line are enough.
    [GeneratedRegex(@"^([a-z]+ )*(class|struct|interface|enum|record|delegate \S+) (?<name>\w+)", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex TypeNames();

    [GeneratedRegex(@"(\b(?<type>[A-Z]\w*|bool|int|long|ulong|float|double|string|object|void)|[>\]])\?? (?<name>[A-Z]\w*)", RegexOptions.ExplicitCapture)]
    private static partial Regex MemberNames();

    [GeneratedRegex(@"(?<![\w.]|[^.]\.)[A-Z]\w*|(?<=\.\.)[A-Z]\w*")]
    private static partial Regex UsedNames();
}
