using System.Text.RegularExpressions;

namespace MLNetHyper.Samples.Tests;

/// <summary>A sample of one file: a program, and at its end a comment with what it prints.</summary>
/// <param name="Name">The file's name without its ending.</param>
/// <param name="Code">The program.</param>
/// <param name="Expected">The output that the comment promises; empty where there is none yet.</param>
internal sealed partial record SampleFile(string Name, string Code, string Expected)
{
    internal static IEnumerable<string> Names =>
        Directory.GetFiles(Repository.PathTo("samples"), "*.cs").Select(file => Path.GetFileNameWithoutExtension(file)).Order(StringComparer.Ordinal);

    /// <summary>Whether it refers to the package that needs ML.NET AutoML, which not every feed carries.</summary>
    internal bool UsesAutoML => Code.Contains("#:project ../src/MLNetHyper.AutoML", StringComparison.Ordinal);

    /// <summary>Whether it refers to the package that needs libtorch.</summary>
    internal bool UsesTorch => Code.Contains("#:project ../src/MLNetHyper.Torch", StringComparison.Ordinal);

    internal static SampleFile Read(string name)
    {
        string text = File.ReadAllText(PathTo(name)).ReplaceLineEndings("\n");
        Match comment = Comment().Match(text);
        return comment.Success ? new(name, text[..comment.Index], comment.Groups["output"].Value) : new(name, text, "");
    }

    internal void Write() => File.WriteAllText(PathTo(Name), $"{Code.TrimEnd()}\n\n/* Expected output:\n{Expected}\n*/\n");

    private static string PathTo(string name) => Repository.PathTo("samples", name + ".cs");

    [GeneratedRegex(@"\n/\* Expected output:\n(?<output>.*)\n\*/\s*$", RegexOptions.Singleline)]
    private static partial Regex Comment();
}
