using System.Diagnostics;
using System.Text.Json;

namespace MLNetHyper.Mpi.Tests;

/// <summary>Workers as processes: one result, one end. What they compute is tested with threads, in MLNetHyper.Engine.Tests.</summary>
[TestClass]
public sealed class WorkerProcessTests
{
    private const string Endless = "1000000000";

    /// <summary>Each worker reads a table of its own.</summary>
    private const string OwnTables = "#!/bin/sh\nexec dotnet \"$1\" train --data \"$2$PMI_RANK.csv\" --label y --steps 50 --hidden-layers 4 --json\n";

    [TestMethod]
    [DataRow(1)]
    [DataRow(2)]
    [DataRow(4)]
    public void Averaging_every_step_is_one_process(int workers)
    {
        using TestFolder folder = new();
        string[] args = MpiTool.Train(folder.Regression(), "--steps", "100", "--batch-size", "32", "--rule", "sgd");
        Outcome together = MpiTool.Run(workers, [.. args, "--model", folder["together"]]).Succeeds();
        Outcome alone = Tool.Run([.. args, "--model", folder["alone"]]).Succeeds();
        Assert.AreEqual(workers, together.Json.GetProperty("workers").GetInt32());
        Assert.AreEqual(1, alone.Json.GetProperty("workers").GetInt32());
        double expected = Error(alone);
        // Single precision, a hundred steps.
        Assert.AreEqual(expected, Error(together), 1e-3 * expected);
        Assert.AreEqual(alone.Json.GetProperty("steps").GetInt64(), together.Json.GetProperty("steps").GetInt64());
        Assert.AreEqual(alone.Json.GetProperty("gradientEvaluations").GetDouble(), together.Json.GetProperty("gradientEvaluations").GetDouble(), 5);
        OnePassModel.Load(folder["together"]);
    }

    [TestMethod]
    [DataRow("7")]
    [DataRow("growing")]
    [DataRow("loss")]
    public void Local_steps_repeat_themselves_to_the_last_bit(string interval)
    {
        using TestFolder folder = new();
        string[] args = MpiTool.Train(folder.Regression(), "--steps", "150", "--average-every", interval);
        Outcome first = MpiTool.Run(2, args).Succeeds(), second = MpiTool.Run(2, args).Succeeds();
        foreach (string member in new[] { "metrics", "finalHyperparameters", "bestStep" })
            Assert.AreEqual(first.Json.GetProperty(member).GetRawText(), second.Json.GetProperty(member).GetRawText(), member);
    }

    [TestMethod]
    public void One_writes_for_all()
    {
        using TestFolder folder = new();
        Outcome outcome = MpiTool.Run(2, "train", "--data", folder.Regression(), "--label", "y", "--steps", "60", "--hidden-layers", "4", "--model", folder["m"], "--report", folder["r.html"], "--average-every", "10").Succeeds();
        Assert.AreEqual("", outcome.Error);
        Assert.Contains("workers   2, which share each batch; averaged every 10 steps", outcome.Out);
        Assert.AreEqual(1, outcome.Out.Split("Completed:").Length - 1);
        Assert.IsTrue(File.Exists(folder["m"]) && File.Exists(folder["r.html"]));
    }

    [TestMethod]
    public void A_mistake_ends_all()
    {
        using TestFolder folder = new();
        Outcome outcome = MpiTool.Run(2, MpiTool.Train(folder.Regression(), "--average-every", "often"));
        Assert.AreEqual(ExitCode.BadInput, outcome.ExitCode, outcome.Error);
        Assert.Contains("worker 0 of 2: ", outcome.Error);
        Assert.Contains("--average-every", outcome.Error);
        Assert.Contains("Only 'train', 'compare', 'suite' divide their work among workers.", MpiTool.Run(2, "predict", "--model", "m", "--data", "d").Error);
    }

    [TestMethod]
    public void One_with_another_table_ends_all_in_a_sentence_each()
    {
        using TestFolder folder = new();
        string script = folder.Write("start.sh", OwnTables);
        folder.Table("t0.csv", 100, (a, _) => TestFolder.Number(a));
        folder.Table("t1.csv", 90, (a, _) => TestFolder.Number(a));
        Outcome outcome = RunningTool.Finish(MpiTool.Start(2, "1m", "/bin/sh", script, RunningTool.Path, folder["t"]));
        Assert.AreNotEqual(0, outcome.ExitCode);
        foreach (int rank in new[] { 0, 1 })
            Assert.Contains($"worker {rank} of 2: 1 of 2 workers were started with other data or options", outcome.Error);
    }

    [TestMethod]
    public void One_that_cannot_read_ends_the_other_in_a_sentence_each()
    {
        using TestFolder folder = new();
        string script = folder.Write("start.sh", OwnTables);
        folder.Table("t0.csv", 100, (a, _) => TestFolder.Number(a));
        Outcome outcome = RunningTool.Finish(MpiTool.Start(2, "1m", "/bin/sh", script, RunningTool.Path, folder["t"]));
        Assert.AreNotEqual(0, outcome.ExitCode);
        Assert.Contains("worker 0 of 2: Worker 1 of 2 has failed, and all end with it", outcome.Error);
        Assert.Contains("worker 1 of 2: ", outcome.Error);
        Assert.Contains("t1.csv", outcome.Error);
    }

    [TestMethod]
    public void A_full_disk_under_the_result_fails_all()
    {
        if (!File.Exists("/dev/full"))
            Assert.Inconclusive("Skipped: this system has no /dev/full.");
        using TestFolder folder = new();
        string script = folder.Write("start.sh", "#!/bin/sh\nexec dotnet \"$@\" > /dev/full\n");
        Outcome outcome = RunningTool.Finish(MpiTool.Start(2, "1m", ["/bin/sh", script, RunningTool.Path, .. MpiTool.Train(folder.Regression(), "--steps", "60")]));
        Assert.AreEqual(ExitCode.Failed, outcome.ExitCode, outcome.Error);
        Assert.Contains("worker 0 of 2: No space left", outcome.Error);
        Assert.Contains("worker 1 of 2: Worker 0 of 2 has failed", outcome.Error);
    }

    [TestMethod]
    public void A_signal_to_mpiexec_ends_all_in_good_order()
    {
        if (RunningTool.InterruptsAreIgnored())
            Assert.Inconclusive("Skipped: these tests run in the background of a shell, where programs are to ignore Ctrl-C.");
        using TestFolder folder = new();
        Process process = MpiTool.Start(2, "1m", ["dotnet", RunningTool.Path, .. MpiTool.Train(folder.Regression(), "--steps", Endless, "--average-every", "10", "--model", folder["m"], "--checkpoint", folder["c"], "--checkpoint-interval", "1ms")]);
        RunningTool.Await(folder["c"]);
        WorkerProcess.Signal(process, 1, "INT");
        Outcome outcome = RunningTool.Finish(process);
        Assert.AreEqual(ExitCode.Canceled, outcome.ExitCode, outcome.Error);
        Assert.AreEqual("canceled", outcome.Json.GetProperty("status").GetString());
        OnePassModel.Load(folder["m"]);
    }

    [TestMethod]
    [DataRow("KILL", "1")]
    [DataRow("KILL", "20")]
    [DataRow("STOP", "20")]
    public void One_that_is_gone_ends_all_and_the_same_command_goes_on_with_another_number(string signal, string interval)
    {
        using TestFolder folder = new();
        string[] args = MpiTool.Train(folder.Regression(), "--steps", Endless, "--average-every", interval, "--checkpoint", folder["c"], "--checkpoint-interval", "1ms");
        Process process = MpiTool.Start(2, "3s", ["dotnet", RunningTool.Path, .. args]);
        RunningTool.Await(folder["c"]);
        WorkerProcess.Signal(process, 1, signal);
        // This fails where they do not end.
        Outcome outcome = RunningTool.Finish(process);
        Assert.AreNotEqual(0, outcome.ExitCode);
        // Of a killed one mpiexec tells, and ends the others itself.
        Assert.Contains(signal == "KILL" ? "Killed" : "another one is gone, or has let it wait for 3 s", outcome.Out + outcome.Error);
        foreach (int workers in new[] { 4, 1 })
        {
            JsonElement result = MpiTool.Run(workers, [.. args, "--time-budget", "1s"]).Json;
            Assert.IsGreaterThan(0, result.GetProperty("resumedFrom").GetInt64());
            Assert.IsGreaterThan(result.GetProperty("resumedFrom").GetInt64(), result.GetProperty("steps").GetInt64());
            // A run whose time is spent has finished, and would be another run's to replace.
            Assert.AreEqual("time-budget-spent", result.GetProperty("status").GetString());
        }
    }

    private static double Error(Outcome outcome) => outcome.Json.GetProperty("metrics").GetProperty("validation").GetProperty("rmse").GetDouble();
}
