using System.Text.Json;

namespace MLNetHyper.Cli.Tests;

[TestClass]
public sealed class VerifyTraceTests
{
    private static string Golden(string name) => Repository.PathTo("tests", "MLNetHyper.Engine.Tests", "golden", name);

    [TestMethod]
    public void Golden_traces_are_followed()
    {
        string[] files = [Golden("energy.neumann-lr-wd-momentum.json"), Golden("energy-classes.fixed.json")];
        // Found above the trace: the tests' current folder is nobody's business.
        JsonElement[] traces = [.. Tool.Run(["verify-trace", .. files, "--json"]).Succeeds().Json.GetProperty("files").EnumerateArray()];
        CollectionAssert.AreEqual(files, traces.Select(t => t.GetProperty("file").GetString()).ToArray());
        Assert.IsTrue(traces.All(t => t.GetProperty("maxRelativeDeviation").GetDouble() <= 1e-8 && t.GetProperty("quantities").EnumerateObject().Any()));
        Outcome text = Tool.Run("verify-trace", files[1], "--data-folder", Repository.PathTo("samples", "data")).Succeeds();
        Assert.Contains("energy-classes.fixed.json", text.Out);
        Assert.Contains("train", text.Out);
    }

    [TestMethod]
    public void A_deviating_trace_fails()
    {
        using TestFolder folder = new();
        string trace = File.ReadAllText(Golden("energy.fixed.json"));
        using JsonDocument json = JsonDocument.Parse(trace);
        JsonElement loss = json.RootElement.GetProperty("steps")[1].GetProperty("train");
        string file = folder.Write("off.json", trace.Replace(loss.GetRawText(), TestFolder.Number(loss.GetDouble() * 1.001), StringComparison.Ordinal));
        Outcome outcome = Tool.Run("verify-trace", file, "--data-folder", Repository.PathTo("samples", "data"));
        Assert.AreEqual(ExitCode.Failed, outcome.ExitCode, outcome.Error);
        Assert.Contains("NO", outcome.Out);
    }

    [TestMethod]
    public void What_cannot_be_read_is_bad_input_but_the_rest_is_still_verified()
    {
        using TestFolder folder = new();
        string bad = folder.Write("bad.json", "{}");
        Outcome outcome = Tool.Run("verify-trace", bad, folder["none.json"], Golden("energy-classes.fixed.json"), "--data-folder", Repository.PathTo("samples", "data"), "--json");
        Assert.AreEqual(ExitCode.BadInput, outcome.ExitCode);
        Assert.AreEqual(1, outcome.Json.GetProperty("files").GetArrayLength());
        Assert.Contains("bad.json", outcome.Error);
        Assert.Contains("none.json", outcome.Error);
        Tool.Run("verify-trace", bad, "--data-folder", folder["none"]).IsBadInput("--data-folder");
    }
}
