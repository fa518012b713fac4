using System.Diagnostics;

namespace MLNetHyper.Samples.Tests;

/// <summary>The command dotnet, run in the repository's root as the samples' readers do.</summary>
internal static class Dotnet
{
    /// <summary>What it writes; fails unless it succeeds.</summary>
    internal static string Run(params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", arguments) { WorkingDirectory = Repository.PathTo(), RedirectStandardOutput = true, RedirectStandardError = true };
        // Samples with TorchSharp run wherever they can.
        start.Environment["MLNETHYPER_TORCH_PATCHED_COPY"] = "1";
        // Compilers leave theirs, and samples their reports, outside what is checked for leftovers of the tests.
        start.Environment["TMPDIR"] = Directory.CreateDirectory(Repository.PathTo("artifacts", "temporary")).FullName;
        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync(), error = process.StandardError.ReadToEndAsync();
        string line = "dotnet " + string.Join(' ', arguments);
        if (!process.WaitForExit(TimeSpan.FromMinutes(4)))
        {
            process.Kill(entireProcessTree: true);
            Assert.Fail($"{line} did not end within four minutes.");
        }
        Assert.AreEqual(0, process.ExitCode, $"{line}\n{output.Result}\n{error.Result}");
        return output.Result.ReplaceLineEndings("\n").TrimEnd();
    }
}
