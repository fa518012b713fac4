using System.CommandLine;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace MLNetHyper.Cli;

/// <summary>
/// What has finished of many runs, a line of JSON for each in a file, so that a command that was interrupted goes on from there. The first line says of which command and data,
/// so that nothing of other runs gets in.
/// </summary>
internal sealed class FinishedRuns<T>
{
    private static readonly JsonSerializerOptions _json = new() { NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals };

    private readonly Lock _lock = new();
    private string? _path;
    private readonly List<T> _known = [];

    /// <param name="path">The file; null to keep nothing.</param>
    /// <param name="identity">What has to be the same.</param>
    /// <param name="workers">Who does the runs: the one that writes keeps the file, and tells the others what is in it.</param>
    /// <exception cref="UsageException">The file is of other runs, or of none.</exception>
    internal FinishedRuns(string? path, string identity, Workers workers)
    {
        if (path is null)
            return;
        if (workers.Writes)
            Open(path, identity);
        byte[]? known = workers.Broadcast(JsonSerializer.SerializeToUtf8Bytes(_known, _json));
        if (!workers.Writes)
            _known.AddRange(JsonSerializer.Deserialize<T[]>(known, _json)!);
    }

    private void Open(string path, string identity)
    {
        _path = path;
        if (File.Exists(path))
            Read(path, identity);
        // Without a line that was cut short.
        AtomicFile.WriteText(path, writer =>
        {
            writer.WriteLine(identity);
            foreach (T run in _known)
                writer.WriteLine(JsonSerializer.Serialize(run, _json));
        });
    }

    /// <summary>What had finished before.</summary>
    internal IReadOnlyList<T> Known => _known;

    /// <summary>Keeps what finishes now, and passes it on.</summary>
    internal IProgress<T> Before(IProgress<T>? shown) => new Keeper(this, shown);

    private void Keep(T run)
    {
        // What was known is reported again.
        if (_path is null || _known.Contains(run))
            return;
        lock (_lock)
            File.AppendAllText(_path, JsonSerializer.Serialize(run, _json) + "\n");
    }

    private void Read(string path, string identity)
    {
        string[] lines = File.ReadAllLines(path);
        if (lines.Length == 0 || !lines[0].StartsWith(RunsIdentity.Beginning, StringComparison.Ordinal))
            throw new UsageException($"--checkpoint '{path}' is not a file of finished runs. Name another file.");
        if (lines[0] != identity)
            throw new UsageException($"--checkpoint '{path}' has finished runs of another command, other data or another version. Delete it to start again from the beginning, or name another file.");
        foreach (string line in lines.Skip(1))
        {
            try
            {
                _known.Add(JsonSerializer.Deserialize<T>(line, _json)!);
            }
            catch (JsonException)
            {
                // The process ended while it was written.
                break;
            }
        }
    }

    // Reported from any thread.
    private sealed class Keeper(FinishedRuns<T> runs, IProgress<T>? shown) : IProgress<T>
    {
        public void Report(T value)
        {
            runs.Keep(value);
            shown?.Report(value);
        }
    }
}

/// <summary>What makes finished runs those of a command.</summary>
internal static class RunsIdentity
{
    internal const string Beginning = "onepass finished runs of ";

    /// <summary>Where the option stands in help, and what it says.</summary>
    internal static FileOption Option() => Flags.Output("--checkpoint", "Save every run here when it has finished, so that the same command goes on from there after an interruption. Default: not saved.");

    /// <summary>A line that is the same for the same options and data, whatever is written where.</summary>
    /// <param name="session">The invocation.</param>
    /// <param name="parsed">Its command line.</param>
    /// <param name="changesNothing">Options without influence on results.</param>
    /// <param name="files">The data.</param>
    internal static string Of(Session session, ParseResult parsed, IEnumerable<Option> changesNothing, IEnumerable<string> files)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Command command = parsed.CommandResult.Command;
        foreach (Option option in command.Options.Except(changesNothing).Where(option => option is not IFileOption && parsed.GetResult(option) is { Implicit: false }))
            hash.AppendData(Encoding.UTF8.GetBytes($"{option.Name} {string.Join(' ', parsed.GetResult(option)!.Tokens.Select(token => token.Value))}\n"));
        foreach (string file in files)
            hash.AppendData(SHA256.HashData(session.Bytes(file)));
        return $"{Beginning}{command.Name}, version {Provenance.Version}, {Convert.ToHexString(hash.GetHashAndReset())}";
    }

    /// <summary>What somebody reads who has interrupted the command.</summary>
    internal static string Interrupted(string? checkpoint) => checkpoint is null
        ? "canceled. With --checkpoint FILE the same command would go on from what has finished."
        : $"canceled; what has finished is in '{checkpoint}', and the same command goes on from there.";
}
