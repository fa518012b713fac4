using System.Diagnostics;
using System.Text.Json;

namespace MLNetHyper.Torch.Tests;

/// <summary>The tool with this engine, as a process.</summary>
[TestClass]
public sealed class TorchToolTests
{
    private const string Program = "MLNetHyper.Torch.Cli";

    // Beside the tests' own folder, of the same configuration.
    private static string Folder { get; } = Path.Combine(AppContext.BaseDirectory, "..", "..", Program, new DirectoryInfo(AppContext.BaseDirectory).Name);

    [TestMethod]
    [DataRow("ptb", "ptb.train.txt", "RNNLM")]
    [DataRow("cifar-10", "data_batch_1.bin", "kriz")]
    [DataRow("cifar-10-wrn", "data_batch_1.bin", "kriz")]
    public void Data_that_are_absent_are_named_with_what_is_needed(string dataset, string file, string home)
    {
        using PublishedFolder folder = new();
        foreach (string[] rest in (string[][])[[], ["--data-folder", folder.Path]])
        {
            (int code, string output, string error) = Run(Folder, ["reproduce", "--dataset", dataset, .. rest]);
            Assert.AreEqual((2, ""), (code, output), error);
            Assert.HasCount(1, error.TrimEnd().Split('\n'));
            Assert.Contains(file, error);
            Assert.Contains(home, error);
        }
    }

    [TestMethod]
    public void Figures_stand_beside_the_published_ones()
    {
        using PublishedFolder folder = new PublishedFolder().FashionMnist();
        (int code, string output, string error) = Run(Folder, ["reproduce", "--dataset", "fashion-mnist", "--data-folder", folder.Path, "--methods", "wd-lr-m", "--initializations", "3", "--steps", "20", "--json"]);
        Assert.AreEqual((0, ""), (code, error));
        JsonElement row = JsonDocument.Parse(output).RootElement.GetProperty("rows")[0];
        Assert.AreEqual(("0.374±0.002", 0), (row.GetProperty("publishedMean").GetString(), row.GetProperty("failures").GetInt32()));
    }

    [TestMethod]
    public void Lack_of_libtorch_is_said_in_one_line()
    {
        using PublishedFolder folder = new PublishedFolder().Ptb();
        // The program without the folder of native libraries, and without the list of where else they may be.
        string bare = Directory.CreateDirectory(Path.Combine(folder.Path, "bare")).FullName;
        foreach (string file in Directory.EnumerateFiles(Folder).Where(f => f.EndsWith(".dll", StringComparison.Ordinal) || f.EndsWith("runtimeconfig.json", StringComparison.Ordinal)))
            File.Copy(file, Path.Combine(bare, Path.GetFileName(file)));
        (int code, string output, string error) = Run(bare, ["reproduce", "--dataset", "ptb", "--data-folder", folder.Path, "--steps", "10"]);
        Assert.AreEqual((3, ""), (code, output), error);
        Assert.HasCount(1, error.TrimEnd().Split('\n'));
        Assert.StartsWith("onepass: ", error);
        Assert.Contains("TorchSharp-cuda", error);
    }

    private static (int Code, string Output, string Error) Run(string folder, string[] args)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(folder, $"{Program}.dll"), .. args]) { RedirectStandardOutput = true, RedirectStandardError = true };
        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync(), error = process.StandardError.ReadToEndAsync();
        if (!process.WaitForExit(TimeSpan.FromSeconds(60)))
        {
            process.Kill();
            Assert.Fail("The tool did not end within a minute.");
        }
        return (process.ExitCode, output.Result, error.Result);
    }
}
