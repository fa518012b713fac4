namespace MLNetHyper.Engine;

/// <summary>Opens files of tables.</summary>
static class TableFile
{
    /// <summary>Several files in a few words.</summary>
    internal static string Named(IReadOnlyList<string> paths) => paths.Count == 1 ? paths[0] : $"{paths[0]} and {(paths.Count == 2 ? "1 more file" : $"{paths.Count - 1} more files")}";

    /// <summary>Runs what opens or reads a file, and says what to do where that fails.</summary>
    /// <param name="path">The file's path.</param>
    /// <param name="kind">What it should be: "a CSV file".</param>
    /// <param name="open">Opens it.</param>
    /// <param name="mostBytes">How long it may be, for the message; null where that is no matter.</param>
    internal static T Open<T>(string path, string kind, Func<string, T> open, string? mostBytes = null)
    {
        if (Directory.Exists(path))
            throw new DataFormatException($"this is a folder. Name {kind}.", path);
        try
        {
            return open(path);
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new DataFormatException($"there is no such file (looked in '{Directory.GetCurrentDirectory()}' unless the path is absolute). Check the path.", path, innerException: exception);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            throw new DataFormatException($"the file cannot be read: {exception.Message} Check that it may be read{(mostBytes is null ? " and is not open elsewhere" : $", is not open elsewhere and has less than {mostBytes}")}.", path, innerException: exception);
        }
    }
}
