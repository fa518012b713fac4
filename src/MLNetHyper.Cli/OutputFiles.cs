using System.CommandLine;

namespace MLNetHyper.Cli;

/// <summary>Finds out before the work whether its results can be written, and replace nothing that they must not.</summary>
internal static class OutputFiles
{
    /// <exception cref="UsageException">A file cannot be written, or is an input or another output too, however it is spelt; the message names the options.</exception>
    internal static void Check(ParseResult parsed)
    {
        (IFileOption Option, string Path)[] files = [.. from option in parsed.CommandResult.Command.Options.OfType<IFileOption>() from path in option.Files(parsed) select (option, path)];
        foreach ((IFileOption option, string path) in files)
        {
            if (Directory.Exists(path))
                throw new UsageException($"{option.Name} '{path}' is a folder. Name a file.");
        }
        foreach ((IFileOption option, string path) in files.Where(file => file.Option.IsWritten))
        {
            using OutputProbe probe = Probe(option.Name, path);
            foreach ((IFileOption other, string otherPath) in files.Where(file => file.Option != option && probe.IsAlso(file.Path)))
                throw new UsageException($"{option.Name} '{path}' and {other.Name} '{otherPath}' are the same file, and {(other.IsWritten ? "one would replace the other" : "the input would be lost")}. Name another file with {option.Name}.");
        }
    }

    /// <summary>Writes a result; a failure comes back as a sentence, so that the other results are still written.</summary>
    internal static string? TryWrite(string what, string path, Action<string> write)
    {
        try
        {
            write(path);
            return null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return $"the {what} could not be written: {exception.Message}";
        }
    }

    private static OutputProbe Probe(string option, string path)
    {
        try
        {
            string target = OutputProbe.Target(path), folder = Path.GetDirectoryName(target) ?? target;
            // A result replaces the file of its name, and a device must not be replaced.
            if (!OperatingSystem.IsWindows() && (IsDevice(Path.GetFullPath(path)) || IsDevice(target)))
                throw new UsageException($"{option} '{path}' is a device. Name a file.");
            if (!Directory.Exists(folder))
                throw new UsageException($"{option} '{path}' cannot be written: there is no folder '{folder}'. Create it first.");
            if (File.Exists(target) && File.GetAttributes(target).HasFlag(FileAttributes.ReadOnly))
                throw new UsageException($"{option} '{path}' exists and is read-only. Name another file.");
            return new OutputProbe(target);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"{option} '{path}' cannot be written: {exception.Message}");
        }
    }

    private static bool IsDevice(string path) =>
        (path.StartsWith("/dev/", StringComparison.Ordinal) && !path.StartsWith("/dev/shm/", StringComparison.Ordinal)) || path.StartsWith("/proc/", StringComparison.Ordinal);
}
