namespace MLNetHyper.Engine.Tests;

/// <summary>Gives the tests of an assembly a temporary folder of their own, and fails the run if they leave anything there.</summary>
[TestClass]
public static class TemporaryFiles
{
    // The runtime's own, which it leaves where a process is killed.
    private static readonly string[] _runtimes = ["dotnet-diagnostic-", "clr-debug-pipe-", ".dotnet"];

    private static string? _folder;

    [AssemblyInitialize]
    public static void Give(TestContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        _folder = Directory.CreateTempSubdirectory("mlnethyper-run-").FullName;
        // Processes that tests start inherit it.
        foreach (string variable in new[] { "TMPDIR", "TMP", "TEMP" })
            Environment.SetEnvironmentVariable(variable, _folder);
    }

    [AssemblyCleanup]
    public static void Check()
    {
        string[] left = [.. Directory.GetFileSystemEntries(_folder!).Select(path => Path.GetFileName(path)).Where(name => !Array.Exists(_runtimes, name.StartsWith))];
        Directory.Delete(_folder!, recursive: true);
        Assert.IsEmpty(left, $"Tests left in the temporary folder: {string.Join(", ", left)}. Let them clean up, whatever becomes of them.");
    }
}
