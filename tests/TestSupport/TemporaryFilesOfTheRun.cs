namespace MLNetHyper.TestSupport;

/// <summary>The tests of an assembly have a temporary folder of their own, and the run fails if they leave anything there.</summary>
[TestClass]
public static class TemporaryFilesOfTheRun
{
    private static TemporaryFiles? _files;

    [AssemblyInitialize]
    public static void Begin(TestContext _) => _files = new();

    [AssemblyCleanup]
    public static void End() => _files?.Dispose();
}
