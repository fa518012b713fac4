using System.Text.RegularExpressions;

namespace MLNetHyper.Torch;

/// <summary>A version that TorchSharp's own library asks for and that a library of this Linux does not have.</summary>
/// <param name="Version">Its name, such as <c>GLIBCXX_3.4.32</c>.</param>
/// <param name="Library">The path of TorchSharp's library.</param>
internal sealed partial record MissingVersion(string Version, string Library)
{
    /// <summary>Finds it in what the loader says. The words between version and path may be of any language.</summary>
    internal static MissingVersion? In(string message) =>
        Words().Match(message) is { Success: true } words ? new(words.Groups[1].Value, words.Groups[2].Value) : null;

    /// <summary>The library's bytes with this need marked weak.</summary>
    /// <exception cref="InvalidDataException">It cannot do without.</exception>
    internal byte[] Weakened() => VersionNeeds.Weaken(File.ReadAllBytes(Library), PatchedCopy.LibraryName, Version);

    [GeneratedRegex(@"\b((?:GLIBCXX|CXXABI|GLIBC)_[0-9]+(?:\.[0-9]+)+)\b[^/\n]*(/[^\n]*/libLibTorchSharp\.so)")]
    private static partial Regex Words();
}
