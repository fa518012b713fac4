using System.Globalization;
using System.Text.RegularExpressions;

namespace MLNetHyper.Mpi.Tests;

[TestClass]
public sealed partial class SampleTests
{
    [TestMethod]
    [DataRow(1)]
    [DataRow(2)]
    public void The_sample_trains_with_any_number_of_workers(int workers)
    {
        string program = Repository.PathTo("artifacts", "bin", "Workers", "release", "Workers.dll");
        if (!File.Exists(program))
            Assert.Inconclusive("Skipped: the sample was built in another configuration than Release.");
        Outcome outcome = RunningTool.Finish(MpiTool.Start(workers, "2m", "/bin/sh", "-c", $"cd '{Repository.PathTo(".")}' && exec dotnet '{program}'"));
        Assert.AreEqual(0, outcome.ExitCode, outcome.Error);
        string[] lines = outcome.Out.TrimEnd().Split('\n');
        Assert.HasCount(3, lines, outcome.Out);
        foreach (string line in lines)
        {
            Match match = Line().Match(line);
            Assert.AreEqual($"{workers}", match.Groups["workers"].Value, line);
            // The deviation of the label is 0.26.
            Assert.IsLessThan(0.1, double.Parse(match.Groups["rmse"].Value, CultureInfo.InvariantCulture), line);
        }
    }

    [GeneratedRegex(@"^(?<workers>\d+) workers, averaged every \S+ steps: RMSE (?<rmse>[\d.]+) on")]
    private static partial Regex Line();
}
