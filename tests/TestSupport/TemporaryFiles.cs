namespace MLNetHyper.TestSupport;

/// <summary>A temporary folder for what runs while this lives, in this process and those that it starts. At the end it has to be empty.</summary>
internal sealed class TemporaryFiles : IDisposable
{
    private static readonly string _variable = OperatingSystem.IsWindows() ? "TMP" : "TMPDIR";

    // The runtime's own, while a process runs that a debugger or a profiler could talk to.
    private static readonly string[] _ofTheRuntime = ["clr-debug-pipe-", "dotnet-diagnostic-", ".dotnet"];

    private readonly string? _before = Environment.GetEnvironmentVariable(_variable);
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("mlnethyper-run-");

    internal TemporaryFiles() => Environment.SetEnvironmentVariable(_variable, _folder.FullName);

    /// <summary>Takes everything away, and fails if there was something.</summary>
    public void Dispose()
    {
        Environment.SetEnvironmentVariable(_variable, _before);
        string[] left = [.. _folder.EnumerateFileSystemInfos().Select(f => f.Name).Where(name => !_ofTheRuntime.Any(own => name.StartsWith(own, StringComparison.Ordinal))).Order(StringComparer.Ordinal)];
        _folder.Delete(recursive: true);
        if (left.Length > 0)
            throw new InvalidOperationException($"Tests left {left.Length} files or folders in the temporary folder: {string.Join(", ", left.Take(10))}. Let each be made in a using, or deleted in a finally.");
    }
}
