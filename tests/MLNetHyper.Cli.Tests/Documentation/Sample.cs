using System.Diagnostics;

namespace MLNetHyper.Cli.Tests;

/// <summary>Runs a program of the samples folder as its readers would, in a folder of its own.</summary>
internal static class Sample
{
    internal static Outcome Run(string line)
    {
        using var folder = new TestFolder();
        Directory.CreateDirectory(folder["samples/data"]);
        File.Copy(Repository.PathTo("samples", "data", "energy.csv"), folder["samples/data/energy.csv"]);
        string[] words = line.Split(' ');
        // Beside this assembly, built with it in the same configuration.
        DirectoryInfo own = new(AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar));
        string program = Path.Combine(own.Parent!.Parent!.FullName, words[0], own.Name, words[0] + ".dll");
        var start = new ProcessStartInfo("dotnet", [program, .. words[1..]]) { WorkingDirectory = folder["."], RedirectStandardOutput = true, RedirectStandardError = true };
        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync(), error = process.StandardError.ReadToEndAsync();
        Assert.IsTrue(process.WaitForExit(TimeSpan.FromMinutes(10)), $"{line} did not end within ten minutes.");
        return new Outcome(process.ExitCode, output.Result, error.Result);
    }
}
