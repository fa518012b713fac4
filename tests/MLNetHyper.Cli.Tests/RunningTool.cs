using System.Diagnostics;
using System.Globalization;

namespace MLNetHyper.Cli.Tests;

/// <summary>The tool as a process of its own, through a shell, as users start it.</summary>
internal static class RunningTool
{
    internal static string Path { get; } = System.IO.Path.Combine(AppContext.BaseDirectory, "onepass.dll");

    /// <summary>The process; <paramref name="redirection"/> is for the shell, such as <c>&gt; /dev/full</c>.</summary>
    internal static Process Start(string[] args, string redirection = "", params (string Name, string Value)[] variables)
    {
        if (OperatingSystem.IsWindows())
            Assert.Inconclusive("Skipped: this test needs a POSIX shell and its signals.");
        var start = new ProcessStartInfo("/bin/sh") { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach ((string name, string value) in variables)
            start.Environment[name] = value;
        // With exec the shell becomes the tool, so that its process number is the tool's.
        foreach (string argument in new[] { "-c", $"exec dotnet \"$0\" \"$@\" {redirection}", Path }.Concat(args))
            start.ArgumentList.Add(argument);
        return Process.Start(start)!;
    }

    internal static Outcome Finish(Process process)
    {
        using (process)
        {
            Task<string> output = process.StandardOutput.ReadToEndAsync(), error = process.StandardError.ReadToEndAsync();
            if (!process.WaitForExit(TimeSpan.FromMinutes(5)))
            {
                process.Kill();
                Assert.Fail("The tool did not end within five minutes.");
            }
            return new Outcome(process.ExitCode, output.Result, error.Result);
        }
    }

    internal static Outcome Run(string[] args, string redirection = "", params (string Name, string Value)[] variables) => Finish(Start(args, redirection, variables));

    internal static void Signal(Process process, string signal)
    {
        using Process kill = Process.Start("/bin/sh", ["-c", $"kill -{signal} {process.Id}"]);
        kill.WaitForExit();
    }

    /// <summary>Whether this process was started with SIGINT ignored, which what it starts inherits. Where there is no /proc nobody says so.</summary>
    internal static bool InterruptsAreIgnored()
    {
        const string Status = "/proc/self/status", Ignored = "SigIgn:";
        const ulong Interrupt = 1 << (2 - 1);
        string? mask = File.Exists(Status) ? Array.Find(File.ReadAllLines(Status), line => line.StartsWith(Ignored, StringComparison.Ordinal)) : null;
        return mask is not null && (ulong.Parse(mask[Ignored.Length..].Trim(), NumberStyles.HexNumber, CultureInfo.InvariantCulture) & Interrupt) != 0;
    }

    /// <summary>Waits until a file exists, since only then training has begun.</summary>
    internal static void Await(string file)
    {
        for (int i = 0; i < 30_000 && !File.Exists(file); i++)
            Thread.Sleep(10);
        Assert.IsTrue(File.Exists(file), $"{file} never appeared.");
    }
}
