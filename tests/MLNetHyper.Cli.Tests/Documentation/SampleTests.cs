using System.Globalization;

namespace MLNetHyper.Cli.Tests;

[TestClass]
public sealed class SampleTests
{
    [TestMethod]
    [DataRow("QuickStart", "RMSE", 0.8)]
    [DataRow("OwnUpdateRule", "RMSE", 1.0)]
    [DataRow("OwnModel", "->", 0.6)]
    public void Samples_run_and_learn(string line, string before, double largest)
    {
        string output = Sample.Run(line).Succeeds().Out;
        // The word is followed by the error that it names; predicting the mean would give 10, or 0.75 for the model's own loss.
        string value = output[(output.IndexOf(before, StringComparison.Ordinal) + before.Length)..].TrimStart().Split([' ', '\n', ':'])[0];
        Assert.IsInRange(0, largest, double.Parse(value, CultureInfo.InvariantCulture), output);
    }

    [TestMethod]
    [DataRow("Reporting", "Wrote comparison.html and run.html")]
    [DataRow("MethodComparison samples/data/energy.csv y 2 --steps 200", "| augmented-neumann | ")]
    public void Samples_run(string line, string promised) => Assert.Contains(promised, Sample.Run(line).Succeeds().Out);

    [TestMethod]
    public void The_sample_of_searches_that_Optuna_conducts_runs()
    {
        Outcome outcome = Sample.Run("OptunaSearches");
        if (outcome.Error.Contains("is conducted by Optuna", StringComparison.Ordinal))
            Assert.Inconclusive("Skipped: no Python on this machine has Optuna (Debian: python3-optuna, PyPI: optuna).");
        string output = outcome.Succeeds().Out;
        foreach (string name in new[] { "extrapolated ", "plain ", "tpe ", "bohb " })
            Assert.Contains(name, output);
    }
}
