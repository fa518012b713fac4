namespace MLNetHyper.Cli;

/// <summary>
/// Tries out where a result is to be written: an empty file in the same folder whose name is the result's behind a random beginning.
/// Whether another path means the same place is then asked of the file system, which knows of links among folders, upper and lower
/// case, composed letters and whatever else makes two spellings one.
/// </summary>
internal sealed class OutputProbe : IDisposable
{
    private readonly string _target;
    private readonly string _beginning = Path.GetRandomFileName()[..8];
    private readonly FileStream _file;

    /// <exception cref="IOException">No file can be made there.</exception>
    /// <exception cref="UnauthorizedAccessException">No file may be made there.</exception>
    internal OutputProbe(string target)
    {
        _target = target;
        _file = new FileStream(Beside(target), FileMode.CreateNew, FileAccess.Write, FileShare.None, 1, FileOptions.DeleteOnClose);
    }

    /// <summary>The whole path of the file that a path means: where it is a link, the end of the links.</summary>
    /// <exception cref="IOException">The links go round in a circle.</exception>
    internal static string Target(string path)
    {
        string full = Path.GetFullPath(path);
        return new FileInfo(full).LinkTarget is null ? full : File.ResolveLinkTarget(full, returnFinalTarget: true)!.FullName;
    }

    /// <summary>Whether another path means the same file.</summary>
    internal bool IsAlso(string path)
    {
        try
        {
            string other = Target(path);
            return File.Exists(Beside(other)) || IsOneFile(_target, other);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // What cannot be looked at is nobody's input.
            return false;
        }
    }

    public void Dispose() => _file.Dispose();

    private string Beside(string target) => Path.Combine(Path.GetDirectoryName(target) ?? "", _beginning + Path.GetFileName(target));

    /// <summary>
    /// Whether two names are hard links to one file. .NET does not tell a file's identity, but a file that is open for reading cannot be
    /// opened for oneself alone. Only files alike in size and times are tried, so that a file in use elsewhere is not disturbed.
    /// </summary>
    private static bool IsOneFile(string a, string b)
    {
        FileInfo first = new(a), second = new(b);
        if (!first.Exists || !second.Exists || first.Length != second.Length || first.LastWriteTimeUtc != second.LastWriteTimeUtc)
            return false;
        using FileStream shared = first.Open(FileMode.Open, FileAccess.Read, FileShare.Read);
        try
        {
            using FileStream alone = second.Open(FileMode.Open, FileAccess.Read, FileShare.None);
            return false;
        }
        catch (IOException)
        {
            return true;
        }
    }
}
