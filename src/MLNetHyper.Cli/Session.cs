namespace MLNetHyper.Cli;

/// <summary>What one invocation of the tool works with.</summary>
/// <param name="Host">The executable that it runs in.</param>
/// <param name="Arguments">The command line.</param>
/// <param name="Out">Standard output: results.</param>
/// <param name="Error">Standard error: errors and warnings, one line each.</param>
/// <param name="IsTerminal">Whether a person looks at <paramref name="Out"/> on a terminal.</param>
/// <param name="OpenInput">Standard input.</param>
/// <param name="Workers">Who works together; the one that writes has <paramref name="Out"/>.</param>
/// <param name="Cancellation">Ctrl-C or a request to end.</param>
internal sealed record Session(ToolHost Host, IReadOnlyList<string> Arguments, TextWriter Out, TextWriter Error, bool IsTerminal, Func<Stream> OpenInput, Workers Workers, CancellationToken Cancellation)
{
    // Read once, however often a table is made of it.
    private readonly Lazy<byte[]> _input = new(() =>
    {
        using Stream stream = OpenInput();
        using var bytes = new MemoryStream();
        stream.CopyTo(bytes);
        return bytes.ToArray();
    });

    /// <summary>Reads a table's file or files, or standard input where it is called so.</summary>
    internal Table Read(string[] paths, CsvOptions options) =>
        IsInput(paths) ? DataFile.Parse("standard input", _input.Value, options) : DataFile.Load(paths, options);

    /// <summary>Whether a table comes from standard input.</summary>
    internal static bool IsInput(string[] paths) => paths is [FileOption.StandardStream];

    /// <summary>A file's bytes, or those of standard input.</summary>
    internal byte[] Bytes(string path) => path == FileOption.StandardStream ? _input.Value : File.ReadAllBytes(path);

    /// <summary>The command line as one would type it, for reports.</summary>
    internal string CommandLine => string.Join(' ', Arguments.Select(Quoted).Prepend(Host.Command));

    internal void Warn(string message) => Error.WriteLine($"onepass: warning: {Messages.OneLine(message)}");

    internal void Fail(string message) => Error.WriteLine($"onepass: {(Workers.Count > 1 ? $"worker {Workers.Rank} of {Workers.Count}: " : "")}{Messages.OneLine(message)}");

    /// <summary>The exit code of the worker that writes, for all.</summary>
    internal int Agree(int exitCode)
    {
        Span<byte> shared = [(byte)exitCode];
        Workers.Broadcast(shared);
        return shared[0];
    }

    /// <summary>An argument as one would type it into a shell.</summary>
    internal static string Quoted(string argument) =>
        argument.Length > 0 && argument.All(c => char.IsAsciiLetterOrDigit(c) || "-_./,=:+\\".Contains(c)) ? argument : $"'{argument.Replace("'", "'\\''")}'";
}
