using System.CommandLine;

namespace MLNetHyper.Cli;

/// <summary>
/// An option that names one table's file or files, to read: several behind it, the option several times, or a pattern with * or ? in place of names, which are then in alphabetical order.
/// </summary>
internal sealed class FilesOption : Option<string[]?>, IFileOption
{
    private readonly bool _mayBeStandardStream;

    internal FilesOption(string name, string description, bool required, bool mayBeStandardStream) : base(name)
    {
        _mayBeStandardStream = mayBeStandardStream;
        Description = description;
        HelpName = "FILE…";
        Required = required;
        Arity = ArgumentArity.OneOrMore;
        // What a shell makes of a pattern.
        AllowMultipleArgumentsPerToken = true;
        CustomParser = result => Flags.Parse(name, result, Paths);
    }

    /// <inheritdoc/>
    public bool IsWritten => false;

    /// <inheritdoc/>
    public IEnumerable<string> Files(ParseResult parsed) => (parsed.Given(this) ?? []).Where(path => !(_mayBeStandardStream && path == FileOption.StandardStream));

    private string[] Paths(IReadOnlyList<string> given)
    {
        string[] paths = [.. given.SelectMany(Named)];
        if (_mayBeStandardStream && paths.Length > 1 && paths.Contains(FileOption.StandardStream))
            throw new UsageException($"cannot take standard input ({FileOption.StandardStream}) together with files.");
        return paths.GroupBy(Path.GetFullPath).FirstOrDefault(files => files.Count() > 1) is { } twice
            ? throw new UsageException($"must name each file once, but names '{twice.First()}' {(twice.Count() == 2 ? "twice" : $"{twice.Count()} times")}.")
            : paths;
    }

    private static IEnumerable<string> Named(string path)
    {
        string pattern = Path.GetFileName(Flags.NotEmpty(path)), folder = Path.GetDirectoryName(path) ?? "";
        // Such a name may be a file's own.
        if (!pattern.AsSpan().ContainsAny('*', '?') || File.Exists(path))
            return [path];
        string[] files = Directory.Exists(folder.Length == 0 ? "." : folder) ? Directory.GetFiles(folder.Length == 0 ? "." : folder, pattern) : [];
        return files.Length > 0
            ? files.Select(file => Path.Combine(folder, Path.GetFileName(file))).Order(StringComparer.Ordinal)
            : throw new UsageException($"must name files, but there is none like '{path}'.");
    }
}
