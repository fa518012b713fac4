using System.Diagnostics;
using Microsoft.ML;
using Microsoft.ML.Runtime;

namespace MLNetHyper.Torch.Tests.Devices;

/// <summary>Applications around the trainers: a process without libtorch, and who listens to a context's log.</summary>
internal static class Applications
{
    /// <summary>What tests/WithoutNatives prints, line by line.</summary>
    internal static string[] Run(params string[] arguments)
    {
        string program = Path.Combine(AppContext.BaseDirectory.Replace("MLNetHyper.Torch.Tests", "WithoutNatives", StringComparison.Ordinal), "WithoutNatives.dll");
        var start = new ProcessStartInfo(Environment.ProcessPath is { } host && Path.GetFileNameWithoutExtension(host) == "dotnet" ? host : "dotnet") { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (string argument in (string[])["exec", program, .. arguments])
            start.ArgumentList.Add(argument);
        using Process process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.AreEqual(0, process.ExitCode, errors.Result);
        return output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
    }

    /// <summary>Warnings, and what is said of devices.</summary>
    internal static List<string> Listen(MLContext context)
    {
        List<string> lines = [];
        context.Log += (_, e) =>
        {
            if (e.Kind == ChannelMessageKind.Warning || e.RawMessage.Contains("device", StringComparison.Ordinal))
                lines.Add($"{e.Kind}: {e.RawMessage}");
        };
        return lines;
    }

    internal static void InFolder(Action<string> act)
    {
        string folder = Directory.CreateTempSubdirectory("MLNetHyper").FullName;
        try
        {
            act(folder);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
