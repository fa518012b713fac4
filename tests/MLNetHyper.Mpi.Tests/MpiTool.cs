using System.ComponentModel;
using System.Diagnostics;

namespace MLNetHyper.Mpi.Tests;

/// <summary>The tool as workers that the mpiexec of this machine starts.</summary>
internal static class MpiTool
{
    private static readonly Lazy<bool> _isThere = new(() =>
    {
        try
        {
            using Process process = Process.Start(new ProcessStartInfo("mpiexec", ["--version"]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
            Task<string> output = process.StandardOutput.ReadToEndAsync();
            process.StandardError.ReadToEnd();
            process.WaitForExit();
            return process.ExitCode == 0 && output.Result.Contains("HYDRA", StringComparison.Ordinal);
        }
        catch (Win32Exception)
        {
            return false;
        }
    });

    internal static string[] Train(string data, params string[] args) => ["train", "--data", data, "--label", "y", "--hidden-layers", "8", "--bins", "0", "--members", "1", "--json", .. args];

    internal static Outcome Run(int workers, params string[] args) => RunningTool.Finish(Start(workers, "2m", ["dotnet", RunningTool.Path, .. args]));

    /// <summary>Starts workers.</summary>
    /// <param name="workers">How many.</param>
    /// <param name="patience">How long they wait for each other.</param>
    /// <param name="command">What each of them is.</param>
    internal static Process Start(int workers, string patience, params string[] command)
    {
        if (!_isThere.Value)
            Assert.Inconclusive("Skipped: MPICH's mpiexec is not here. On Debian and Ubuntu: apt-get install mpich.");
        var start = new ProcessStartInfo("mpiexec", ["-n", $"{workers}", .. command]) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["MLNETHYPER_WORKER_PATIENCE"] = patience;
        return Process.Start(start)!;
    }
}
