namespace MLNetHyper.Samples.Tests;

/// <summary>The command dotnet, run in the repository's root as the samples' readers do.</summary>
internal static class Dotnet
{
    /// <summary>What it writes; fails unless it succeeds.</summary>
    internal static string Run(params string[] arguments)
    {
        (int exitCode, string output, string error) = Command.Run("dotnet", arguments);
        Assert.AreEqual(0, exitCode, $"dotnet {string.Join(' ', arguments)}\n{output}\n{error}");
        return output.ReplaceLineEndings("\n").TrimEnd();
    }
}
