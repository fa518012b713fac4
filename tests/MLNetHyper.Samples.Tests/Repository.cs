namespace MLNetHyper.Samples.Tests;

/// <summary>Files of the checkout.</summary>
internal static class Repository
{
    /// <summary>The folder of MLNetHyper.sln. Found by walking up: a deterministic build knows no source paths.</summary>
    private static readonly string _root = Find();

    internal static string PathTo(params string[] parts) => Path.Combine([_root, .. parts]);

    private static string Find()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "MLNetHyper.sln")))
                return folder.FullName;
        }
        throw new InvalidOperationException("MLNetHyper.sln is in no folder above the test assembly; run the tests from a build inside the checkout.");
    }
}
