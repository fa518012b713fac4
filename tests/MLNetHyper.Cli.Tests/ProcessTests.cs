using System.Diagnostics;
using System.Text.Json;

namespace MLNetHyper.Cli.Tests;

/// <summary>What only a real process shows: streams, signals, sudden death, full disks.</summary>
[TestClass]
public sealed class ProcessTests
{
    private const string Endless = "1000000000";

    [TestMethod]
    public void A_pipe_gets_plain_lines()
    {
        using TestFolder folder = new();
        Outcome outcome = RunningTool.Run(["train", "--data", folder.Regression(), "--label", "y", "--steps", "100", "--hidden-layers", "4"], "| cat").Succeeds();
        Assert.Contains("RMSE", outcome.Out);
        Assert.DoesNotContain("\u001b", outcome.Out);
    }

    [TestMethod]
    [DataRow("INT")]
    [DataRow("TERM")]
    public void A_signal_ends_training_in_good_order(string signal)
    {
        if (signal == "INT" && RunningTool.InterruptsAreIgnored())
            Assert.Inconclusive("Skipped: these tests run in the background of a shell, where programs are to ignore Ctrl-C.");
        using TestFolder folder = new();
        Process process = RunningTool.Start(["train", "--data", folder.Regression(), "--label", "y", "--steps", Endless, "--hidden-layers", "4", "--json", "--model", folder["m"], "--checkpoint", folder["c"], "--checkpoint-interval", "1ms"]);
        RunningTool.Await(folder["c"]);
        RunningTool.Signal(process, signal);
        Outcome outcome = RunningTool.Finish(process);
        Assert.AreEqual(ExitCode.Canceled, outcome.ExitCode, outcome.Error);
        Assert.AreEqual("canceled", outcome.Json.GetProperty("status").GetString());
        OnePassModel.Load(folder["m"]);
    }

    [TestMethod]
    public void A_run_killed_and_resumed_ends_as_if_it_had_never_stopped()
    {
        using TestFolder folder = new();
        string[] args = ["train", "--data", folder.Regression(), "--label", "y", "--steps", "20000", "--hidden-layers", "8", "--batch-size", "32", "--json"];
        string[] safe = [.. args, "--checkpoint", folder["c"], "--checkpoint-interval", "1ms"];
        for (int kills = 0; kills < 2; kills++)
        {
            DateTime before = File.GetLastWriteTimeUtc(folder["c"]);
            using Process process = RunningTool.Start(safe);
            for (int i = 0; i < 30_000 && File.GetLastWriteTimeUtc(folder["c"]) == before; i++)
                Thread.Sleep(10);
            process.Kill();
            process.WaitForExit();
        }
        Outcome resumed = Tool.Run(safe).Succeeds(), whole = Tool.Run(args).Succeeds();
        foreach (string member in new[] { "status", "metrics", "finalHyperparameters", "steps", "bestStep", "gradientEvaluations" })
            Assert.AreEqual(whole.Json.GetProperty(member).GetRawText(), resumed.Json.GetProperty(member).GetRawText(), member);
    }

    [TestMethod]
    public void A_search_of_Optunas_without_Optuna_ends_before_anything_is_trained_and_says_what_helps()
    {
        using TestFolder folder = new();
        Outcome outcome = RunningTool.Run(["compare", "--data", folder.Regression(), "--label", "y", "--searches", "random,tpe"], variables: ("MLNETHYPER_PYTHON", folder["none"]));
        Assert.AreEqual(2, outcome.ExitCode);
        Assert.Contains("The search 'tpe' is conducted by Optuna", outcome.Error);
        Assert.Contains("pip install optuna", outcome.Error);
        Assert.DoesNotContain("seed 0", outcome.Out + outcome.Error);
    }

    [TestMethod]
    public void A_full_disk_under_standard_output_is_one_line()
    {
        if (!File.Exists("/dev/full"))
            Assert.Inconclusive("Skipped: this system has no /dev/full.");
        using TestFolder folder = new();
        string data = folder.Regression();
        Tool.Train(data, "y", "--model", folder["m"]).Succeeds();
        Outcome outcome = RunningTool.Run(["predict", "--model", folder["m"], "--data", folder.Write("u.csv", "a,b\n1,2\n")], "> /dev/full");
        Assert.AreEqual(ExitCode.Failed, outcome.ExitCode, outcome.Error);
        Assert.StartsWith("onepass: No space left", outcome.Error);
        Assert.AreEqual(1, outcome.Error.TrimEnd().Split('\n').Length, outcome.Error);
    }

    [TestMethod]
    public void A_full_disk_under_the_model_still_prints_the_result_and_keeps_the_old_model()
    {
        using TestFolder folder = new();
        string disk = folder["disk"], model = Path.Combine(disk, "m");
        Directory.CreateDirectory(disk);
        if (!OperatingSystem.IsLinux() || !Shell($"mount -t tmpfs -o size=16k tmpfs '{disk}'"))
            Assert.Inconclusive("Skipped: mounting a small file system needs Linux and its superuser.");
        try
        {
            File.WriteAllText(model, "old");
            Outcome outcome = Tool.Train(folder.Regression(), "y", "--hidden-layers", "3000", "--steps", "2", "--model", model, "--report", folder["r.html"]);
            Assert.AreEqual(ExitCode.Failed, outcome.ExitCode);
            Assert.StartsWith("onepass: the model could not be written: No space left", outcome.Error);
            Assert.AreEqual(JsonValueKind.Null, outcome.Json.GetProperty("model").ValueKind);
            Assert.AreEqual("completed", outcome.Json.GetProperty("status").GetString());
            Assert.IsTrue(File.Exists(folder["r.html"]));
            Assert.AreEqual("old", File.ReadAllText(model));
            Assert.AreEqual(1, Directory.GetFiles(disk).Length);
        }
        finally
        {
            Shell($"umount '{disk}'");
        }
    }

    private static bool Shell(string command)
    {
        using Process process = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", command]) { RedirectStandardError = true })!;
        process.WaitForExit();
        return process.ExitCode == 0;
    }
}
