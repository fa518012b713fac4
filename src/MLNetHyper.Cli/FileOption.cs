using System.CommandLine;

namespace MLNetHyper.Cli;

/// <summary>An option that names a file. Before a command starts, <see cref="OutputFiles"/> looks at all of them: that no result replaces an input or another result.</summary>
internal sealed class FileOption : Option<string?>
{
    /// <summary>Stands for standard input or output in place of a file.</summary>
    internal const string StandardStream = "-";

    internal FileOption(string name, bool isWritten, string description, bool required, bool mayBeStandardStream = false) : base(name)
    {
        IsWritten = isWritten;
        MayBeStandardStream = mayBeStandardStream;
        Description = description;
        HelpName = "FILE";
        Required = required;
        Arity = ArgumentArity.ExactlyOne;
        CustomParser = result => Flags.Parse<string?>(name, result, Flags.NotEmpty);
    }

    /// <summary>Whether the command writes the file, even where it reads it first, as it does a checkpoint.</summary>
    internal bool IsWritten { get; }

    /// <summary>Whether <see cref="StandardStream"/> means standard input or output rather than a file of that name.</summary>
    internal bool MayBeStandardStream { get; }
}
