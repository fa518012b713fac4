using System.ComponentModel;
using System.Diagnostics;

namespace MLNetHyper.Samples.Tests;

/// <summary>A program, run in the repository's root.</summary>
internal static class Command
{
    /// <summary>Its exit code and what it writes; -1 and the reason where there is no such program or it did not end in eight minutes.</summary>
    internal static (int ExitCode, string Output, string Error) Run(string program, string[] arguments, Dictionary<string, string>? settings = null)
    {
        var start = new ProcessStartInfo(program, arguments) { WorkingDirectory = Repository.PathTo(), RedirectStandardOutput = true, RedirectStandardError = true };
        // Compilers, NuGet and samples leave theirs outside what is checked for leftovers of the tests.
        start.Environment["TMPDIR"] = Directory.CreateDirectory(Repository.PathTo("artifacts", "temporary")).FullName;
        // Samples with TorchSharp run wherever they can.
        start.Environment["MLNETHYPER_TORCH_PATCHED_COPY"] = "1";
        // As many of them run at a time as there are cores, and threads of libtorch's own that wait for each other make that many times slower.
        start.Environment["OMP_NUM_THREADS"] = "1";
        foreach ((string name, string value) in settings ?? [])
            start.Environment[name] = value;
        try
        {
            using Process process = Process.Start(start)!;
            Task<string> output = process.StandardOutput.ReadToEndAsync(), error = process.StandardError.ReadToEndAsync();
            if (!process.WaitForExit(TimeSpan.FromMinutes(8)))
            {
                process.Kill(entireProcessTree: true);
                return (-1, "", $"{program} {string.Join(' ', arguments)} did not end within eight minutes.");
            }
            return (process.ExitCode, output.Result, error.Result);
        }
        catch (Win32Exception e)
        {
            return (-1, "", e.Message);
        }
    }
}
