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
    [DataRow(1)]
    [DataRow(2)]
    [DataRow(4)]
    public void Each_keeps_rows_of_its_own(int workers)
    {
        using TestFolder folder = new();
        string[] parts = [folder.Regression(200, seed: 1), folder.Regression(200, seed: 2)];
        string[] args = ["train", "--data", .. parts, "--label", "y", "--steps", "400", "--hidden-layers", "8", "--batch-size", "32", "--divide", "rows"];
        JsonElement result = MpiTool.Run(workers, [.. args, "--json", "--model", folder["m"], "--report", folder["r.html"], "--average-every", "5"]).Succeeds().Json;
        Assert.AreEqual(workers, result.GetProperty("workers").GetInt32());
        Assert.AreEqual(320 / workers, result.GetProperty("metrics").GetProperty("train").GetProperty("rows").GetInt32());
        Assert.IsInRange(0, 0.3, result.GetProperty("metrics").GetProperty("test").GetProperty("rmse").GetDouble());
        OnePassModel.Load(folder["m"]);
        string text = MpiTool.Run(workers, args).Succeeds().Out;
        Assert.Contains("320 train, 40 validation, 40 test", text);
        if (workers > 1)
            Assert.Contains($"workers   {workers}, each with rows of its own; averaged every step", text);
    }

    [TestMethod]
    [DataRow("batches", "training reads them from a temporary file")]
    [DataRow("rows", "each of 2 workers keeps its own, encoded, in memory")]
    public void Tables_larger_than_memory_are_shared_too(string divide, string where)
    {
        using TestFolder folder = new();
        string file = folder.Regression(12_000);
        string[] args = MpiTool.Train(file, "--memory-limit", "1MiB", "--steps", "300", "--batch-size", "32", "--divide", divide, "--checkpoint", folder["c"]);
        Outcome together = MpiTool.Run(2, args).Succeeds();
        Assert.Contains("the table's 12000 rows do not fit in the 1.0 MiB of memory that it may take: " + where, together.Error);
        Assert.IsInRange(0, 0.3, together.Json.GetProperty("metrics").GetProperty("test").GetProperty("rmse").GetDouble());
        // A finished run goes on with more steps, and with another number of workers.
        JsonElement longer = MpiTool.Run(4, [.. args.Select(arg => arg == "300" ? "400" : arg)]).Succeeds().Json;
        Assert.IsGreaterThan(0, longer.GetProperty("resumedFrom").GetInt32());
        Assert.AreEqual(400, longer.GetProperty("steps").GetInt32());
        Assert.IsEmpty(Directory.GetFiles(Path.GetTempPath(), "mlnethyper-*.rows"));
    }

    [TestMethod]
    public void Each_reads_its_part()
    {
        const int workers = 2;
        using TestFolder folder = new();
        // Pieces of a file, which are of 8 MiB, and files.
        foreach (string[] files in new[] { [folder.Regression(450_000)], new[] { folder.Regression(4000, 2), folder.Regression(4000, 3), folder.Regression(5000, 4) } })
        {
            string[] args = ["train", "--data", .. files, "--label", "y", "--hidden-layers", "8", "--bins", "0", "--members", "1", "--memory-limit", "1MiB", "--steps", "300", "--batch-size", "30", "--divide", "rows", "--json"];
            Outcome first = MpiTool.Run(workers, args).Succeeds(), second = MpiTool.Run(workers, args).Succeeds();
            Assert.IsInRange(0, 0.1, Error(first));
            Assert.AreEqual(first.Json.GetProperty("metrics").GetRawText(), second.Json.GetProperty("metrics").GetRawText());
            Assert.AreEqual(ValidationRows(Tool.Run(args).Succeeds()), ValidationRows(first));
            File.AppendAllText(files[^1], "1,2\n");
            Outcome spoilt = MpiTool.Run(workers, args);
            Assert.AreNotEqual(0, spoilt.ExitCode);
            Assert.Contains("there are 2 fields but the header has 3", spoilt.Error);
            Assert.AreEqual(workers - 1, spoilt.Error.Split("has failed, and all end with it").Length - 1);
        }
    }

    [TestMethod]
    public void What_needs_all_rows_or_one_process_is_a_sentence()
    {
        using TestFolder folder = new();
        string file = folder.Regression();
        Assert.Contains("--cross-validate needs the whole table, of which each worker is to keep its own rows. Leave it out, or give --divide batches.", MpiTool.Run(2, MpiTool.Train(file, "--divide", "rows", "--cross-validate", "3")).Error);
        Assert.Contains("--learning-curve needs the whole table", MpiTool.Run(2, MpiTool.Train(file, "--divide", "rows", "--learning-curve")).Error);
        Assert.Contains("The method 'fds' takes several passes, which workers cannot share. Choose another method, or train with one worker.", MpiTool.Run(2, MpiTool.Train(file, "--method", "fds", "--rule", "sgd")).Error);
        Assert.Contains("too few to give some to each of 4 workers", MpiTool.Run(4, MpiTool.Train(folder.Table("few.csv", 5, (a, _) => TestFolder.Number(a)), "--divide", "rows")).Error);
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
    [DataRow("KILL", "1", "batches")]
    [DataRow("KILL", "20", "batches")]
    [DataRow("KILL", "20", "rows")]
    [DataRow("STOP", "20", "batches")]
    public void One_that_is_gone_ends_all_and_the_same_command_goes_on_with_another_number(string signal, string interval, string divide)
    {
        using TestFolder folder = new();
        string[] args = MpiTool.Train(folder.Regression(), "--steps", Endless, "--average-every", interval, "--divide", divide, "--checkpoint", folder["c"], "--checkpoint-interval", "1ms");
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

    private static int ValidationRows(Outcome outcome) => outcome.Json.GetProperty("metrics").GetProperty("validation").GetProperty("rows").GetInt32();

    private static double Error(Outcome outcome) => outcome.Json.GetProperty("metrics").GetProperty("validation").GetProperty("rmse").GetDouble();
}
