using System.Diagnostics;
using System.Globalization;

namespace MLNetHyper.Mpi.Tests;

/// <summary>A worker's process, found among those that an mpiexec has started.</summary>
internal static class WorkerProcess
{
    internal static void Signal(Process mpiexec, int rank, string signal)
    {
        int worker = Directory.GetDirectories("/proc").Select(Path.GetFileName).Where(name => name!.All(char.IsAsciiDigit)).Select(name => int.Parse(name!, CultureInfo.InvariantCulture))
            .First(process => Environment(process).Contains($"PMI_RANK={rank}\0", StringComparison.Ordinal) && IsBelow(mpiexec.Id, process));
        using Process kill = Process.Start("/bin/sh", ["-c", $"kill -{signal} {worker}"]);
        kill.WaitForExit();
    }

    private static string Environment(int process)
    {
        try
        {
            return File.ReadAllText($"/proc/{process}/environ");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // It has ended, or is another user's.
            return "";
        }
    }

    private static bool IsBelow(int ancestor, int process)
    {
        while (process > 1 && process != ancestor)
        {
            string status = File.ReadAllText($"/proc/{process}/stat");
            // Behind the name in parentheses: state, parent.
            process = int.Parse(status[(status.LastIndexOf(')') + 2)..].Split(' ')[1], CultureInfo.InvariantCulture);
        }
        return process == ancestor;
    }
}
