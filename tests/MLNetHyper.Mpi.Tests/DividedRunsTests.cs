using System.Diagnostics;
using System.Text.RegularExpressions;

namespace MLNetHyper.Mpi.Tests;

/// <summary>Independent runs that worker processes divide: results are those of one process.</summary>
[TestClass]
public sealed partial class DividedRunsTests
{
    private static readonly string[] _brief = ["--steps", "20", "--hidden-layers", "3"];

    [TestMethod]
    [DataRow(1)]
    [DataRow(2)]
    [DataRow(4)]
    public void A_comparison(int workers)
    {
        using TestFolder folder = new();
        string[] args = ["compare", "--data", folder.Regression(60), "--label", "y", .. _brief, "--repeats", "3", "--multiples", "1,2", "--searches", "random,asha", "--json"];
        AreSame(args, workers, folder, "--csv", folder["c.csv"]);
        Assert.IsTrue(File.Exists(folder["c.csv"]));
    }

    [TestMethod]
    [DataRow(2)]
    [DataRow(4)]
    public void A_suite(int workers)
    {
        using TestFolder folder = new();
        string[] args = ["suite", "--data", Tables(folder), .. _brief, "--divisions", "3", "--contestants", "one-pass,untuned", "--json"];
        AreSame(args, workers, folder);
    }

    [TestMethod]
    [DataRow(2)]
    [DataRow(4)]
    public void Folds_of_a_cross_validation(int workers)
    {
        using TestFolder folder = new();
        foreach (string file in new[] { folder.Regression(90), folder.Binary(90) })
        {
            string[] args = ["train", "--data", file, "--label", "y", .. _brief, "--cross-validate", "5", "--json"];
            Assert.AreEqual(Tool.Run(args).Succeeds().Json.GetProperty("crossValidation").GetRawText(), MpiTool.Run(workers, args).Succeeds().Json.GetProperty("crossValidation").GetRawText());
        }
    }

    [TestMethod]
    [DataRow("KILL")]
    [DataRow("STOP")]
    public void One_that_is_gone_ends_all_and_what_has_finished_is_kept(string signal)
    {
        using TestFolder folder = new();
        string[] args = ["suite", "--data", Tables(folder), "--steps", "300", "--hidden-layers", "3", "--divisions", "40", "--contestants", "one-pass,untuned", "--json"];
        string[] kept = [.. args, "--checkpoint", folder["c"]];
        Process process = MpiTool.Start(2, "3s", ["dotnet", RunningTool.Path, .. kept]);
        RunningTool.Await(folder["c"]);
        while (File.ReadAllLines(folder["c"]).Length < 4)
            Thread.Sleep(10);
        WorkerProcess.Signal(process, 1, signal);
        Outcome outcome = RunningTool.Finish(process);
        Assert.AreNotEqual(0, outcome.ExitCode);
        Assert.Contains(signal == "KILL" ? "Killed" : "another one is gone, or has let it wait for 3 s", outcome.Out + outcome.Error);
        int before = File.ReadAllLines(folder["c"]).Length;
        Assert.IsInRange(4, 160, before);
        string result = Timeless(MpiTool.Run(2, kept).Succeeds().Out);
        // A division that was cut short between its contestants is done again.
        Assert.IsInRange(1 + 160, 1 + 162, File.ReadAllLines(folder["c"]).Length);
        Assert.AreEqual(Timeless(Tool.Run(args).Succeeds().Out), result);
    }

    [TestMethod]
    public void One_that_fails_ends_all_in_a_sentence_each()
    {
        using TestFolder folder = new();
        // Each has tables of its own; those of the second have no label.
        string script = folder.Write("start.sh", "#!/bin/sh\nexec dotnet \"$1\" suite --data \"$2$PMI_RANK\" --steps 20 --hidden-layers 3 --divisions 2 --json\n");
        foreach (int rank in new[] { 0, 1 })
        {
            Directory.CreateDirectory(folder[$"t{rank}"]);
            File.WriteAllText(Path.Combine(folder[$"t{rank}"], "one.csv"), File.ReadAllText(folder.Regression(60)).Replace("a,b,y", rank == 0 ? "a,b,y" : "a,b,z", StringComparison.Ordinal));
        }
        Outcome outcome = RunningTool.Finish(MpiTool.Start(2, "1m", "/bin/sh", script, RunningTool.Path, folder["t"]));
        Assert.AreNotEqual(0, outcome.ExitCode);
        Assert.Contains("worker 1 of 2: ", outcome.Error);
        Assert.Contains("'y'", outcome.Error);
        Assert.Contains("worker 0 of 2: Worker 1 of 2 has failed, and all end with it", outcome.Error);
    }

    private static void AreSame(string[] args, int workers, TestFolder folder, params string[] files)
    {
        Outcome together = MpiTool.Run(workers, [.. args, .. files, "--checkpoint", folder["c"]]).Succeeds();
        Assert.AreEqual(Timeless(Tool.Run([.. args, .. files]).Succeeds().Out), Timeless(together.Out));
        // What has finished is not done again, by however many; but a comparison shows its first run.
        string[] lines = File.ReadAllLines(folder["c"]);
        Assert.AreEqual(Timeless(together.Out), Timeless(MpiTool.Run(3 - (workers % 2), [.. args, .. files, "--checkpoint", folder["c"]]).Succeeds().Out));
        Assert.IsInRange(lines.Length, lines.Length + 1, File.ReadAllLines(folder["c"]).Length);
    }

    private static string Tables(TestFolder folder)
    {
        Directory.CreateDirectory(folder["tables"]);
        foreach (string name in new[] { "one", "two" })
            File.Copy(folder.Regression(60, seed: name[0]), Path.Combine(folder["tables"], name + ".csv"));
        return folder["tables"];
    }

    /// <summary>Without what depends on clocks.</summary>
    private static string Timeless(string json) => Seconds().Replace(json, "");

    [GeneratedRegex("\"[A-Za-z]*[sS]econds[A-Za-z]*\": ?(\\[[^\\]]*\\]|[-0-9.eE+]+|null)")]
    private static partial Regex Seconds();
}
