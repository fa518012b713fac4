using System.CommandLine;

namespace MLNetHyper.Cli;

/// <summary>An option that names files. Before a command starts, <see cref="OutputFiles"/> looks at all of them: that no result replaces an input or another result.</summary>
internal interface IFileOption
{
    /// <summary>The option.</summary>
    string Name { get; }

    /// <summary>Whether the command writes the file, even where it reads it first, as it does a checkpoint.</summary>
    bool IsWritten { get; }

    /// <summary>Those that the command line names; standard streams are none.</summary>
    IEnumerable<string> Files(ParseResult parsed);
}

/// <summary>An option that names a file.</summary>
internal sealed class FileOption : Option<string?>, IFileOption
{
    /// <summary>Stands for standard input or output in place of a file.</summary>
    internal const string StandardStream = "-";

    private readonly bool _mayBeStandardStream;

    internal FileOption(string name, bool isWritten, string description, bool required, bool mayBeStandardStream = false) : base(name)
    {
        IsWritten = isWritten;
        _mayBeStandardStream = mayBeStandardStream;
        Description = description;
        HelpName = "FILE";
        Required = required;
        Arity = ArgumentArity.ExactlyOne;
        CustomParser = result => Flags.Parse<string?>(name, result, Flags.NotEmpty);
    }

    /// <inheritdoc/>
    public bool IsWritten { get; }

    /// <inheritdoc/>
    public IEnumerable<string> Files(ParseResult parsed) =>
        parsed.GetValue(this) is { } path && !(_mayBeStandardStream && path == StandardStream) ? [path] : [];
}
