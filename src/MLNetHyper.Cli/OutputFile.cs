namespace MLNetHyper.Cli;

/// <summary>Finds out before the work whether its result can be written.</summary>
internal static class OutputFile
{
    /// <exception cref="UsageException">The file cannot be written; the message says why and names the option.</exception>
    internal static void Check(string option, string? path)
    {
        if (path is null)
            return;
        string full = Path.GetFullPath(path);
        string folder = Path.GetDirectoryName(full) ?? full;
        if (Directory.Exists(full))
            throw new UsageException($"{option} '{path}' is a folder. Name a file.");
        if (!Directory.Exists(folder))
            throw new UsageException($"{option} '{path}' cannot be written: there is no folder '{folder}'. Create it first.");
        // A result replaces the file of its name, and a device must not be replaced.
        if (!OperatingSystem.IsWindows() && folder == "/dev")
            throw new UsageException($"{option} '{path}' is a device. Name a file.");
        if (File.Exists(full) && File.GetAttributes(full).HasFlag(FileAttributes.ReadOnly))
            throw new UsageException($"{option} '{path}' exists and is read-only. Name another file.");
        try
        {
            using var probe = new FileStream($"{full}.{Environment.ProcessId}.tmp", FileMode.Create, FileAccess.Write, FileShare.None, 1, FileOptions.DeleteOnClose);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"{option} '{path}' cannot be written: {exception.Message}");
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
}
