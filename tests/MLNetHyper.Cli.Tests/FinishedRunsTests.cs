using System.Text.Json;

namespace MLNetHyper.Cli.Tests;

/// <summary>What had finished when a comparison or a suite was interrupted is not done again, and the result is that of an uninterrupted one.</summary>
[TestClass]
public sealed class FinishedRunsTests
{
    [TestMethod]
    public void A_comparison_goes_on_where_it_was_interrupted()
    {
        using TestFolder folder = new();
        string[] command = ["compare", "--data", folder.Regression(60), "--label", "y", "--steps", "20", "--hidden-layers", "3", "--repeats", "3", "--multiples", "1,2", "--searches", "random", "--json"];
        Interrupted(folder, command, json => json.GetProperty("entries").EnumerateArray().Select(entry => $"{entry.GetProperty("method")} {entry.GetProperty("budget")} {entry.GetProperty("seed")} {entry.GetProperty("testError")} {entry.GetProperty("setting")}"), again: 1);
    }

    [TestMethod]
    public void A_suite_goes_on_where_it_was_interrupted()
    {
        using TestFolder folder = new();
        Directory.CreateDirectory(folder["tables"]);
        foreach (string name in new[] { "one", "two" })
            File.Copy(folder.Regression(60, seed: name.Length + name[0]), Path.Combine(folder["tables"], name + ".csv"));
        string[] command = ["suite", "--data", folder["tables"], "--divisions", "3", "--contestants", "one-pass,untuned", "--steps", "20", "--hidden-layers", "3", "--json"];
        Interrupted(folder, command, json => json.GetProperty("tables").EnumerateArray().SelectMany(table => table.GetProperty("contestants").EnumerateObject().Select(contestant => $"{table.GetProperty("name")} {contestant.Name} {contestant.Value.GetProperty("errors")}")), again: 1);
    }

    [TestMethod]
    public void Finished_runs_of_others_are_refused()
    {
        using TestFolder folder = new();
        string data = folder.Regression(60);
        string[] command = ["compare", "--data", data, "--label", "y", "--steps", "20", "--hidden-layers", "3", "--repeats", "1", "--multiples", "1", "--searches", "random", "--json", "--checkpoint", folder["c"]];
        Tool.Run(command).Succeeds();
        Tool.Run([.. command, "--seed", "1"]).IsBadInput("--checkpoint", "another command");
        Tool.Run([.. command, "--report", folder["r.html"], "--parallelism", "1"]).Succeeds();
        File.AppendAllText(data, "0.5,0.5,10.5\n");
        Tool.Run(command).IsBadInput("other data");
        File.WriteAllText(folder["c"], "a,b\n");
        Tool.Run(command).IsBadInput("not a file of finished runs");
        Assert.AreEqual("a,b\n", File.ReadAllText(folder["c"]));
    }

    [TestMethod]
    public void Who_interrupts_is_told_how_to_go_on()
    {
        using TestFolder folder = new();
        string[] command = ["compare", "--data", folder.Regression(60), "--label", "y", "--json"];
        Outcome without = Tool.Run(new CancellationToken(true), command), with = Tool.Run(new CancellationToken(true), [.. command, "--checkpoint", folder["c"]]);
        Assert.AreEqual(ExitCode.Canceled, without.ExitCode);
        Assert.Contains("With --checkpoint FILE", without.Error);
        Assert.AreEqual(ExitCode.Canceled, with.ExitCode);
        Assert.Contains("the same command goes on", with.Error);
    }

    [TestMethod]
    public void A_run_that_was_cut_short_has_not_finished()
    {
        using TestFolder folder = new();
        string[] command = ["compare", "--data", folder.Regression(60), "--label", "y", "--hidden-layers", "3", "--repeats", "2", "--multiples", "1", "--searches", "random", "--parallelism", "2", "--json", "--checkpoint", folder["c"]];
        using var source = new CancellationTokenSource();
        Task canceling = Task.Run(() =>
        {
            RunningTool.Await(folder["c"]);
            source.Cancel();
        });
        Assert.AreEqual(ExitCode.Canceled, Tool.Run(source.Token, [.. command, "--steps", "100000000"]).ExitCode);
        canceling.Wait();
        Assert.HasCount(1, File.ReadAllLines(folder["c"]));
    }

    /// <summary>Cuts the file of an uninterrupted command off within a line, as a power cut would, and runs the command again.</summary>
    private static void Interrupted(TestFolder folder, string[] command, Func<JsonElement, IEnumerable<string>> results, int again)
    {
        string[] whole = [.. results(Tool.Run(command).Succeeds().Json)];
        command = [.. command, "--checkpoint", folder["c"]];
        CollectionAssert.AreEqual(whole, results(Tool.Run(command).Succeeds().Json).ToArray());
        string[] lines = File.ReadAllLines(folder["c"]);
        int kept = 1 + ((lines.Length - 1) / 2);
        File.WriteAllText(folder["c"], string.Concat(lines[..kept].Select(line => line + "\n")) + lines[kept][..(lines[kept].Length / 2)]);
        CollectionAssert.AreEqual(whole, results(Tool.Run(command).Succeeds().Json).ToArray());
        string[] resumed = File.ReadAllLines(folder["c"]);
        CollectionAssert.AreEqual(lines[..kept], resumed[..kept]);
        Assert.IsLessThanOrEqualTo(lines.Length + again, resumed.Length);
    }
}
