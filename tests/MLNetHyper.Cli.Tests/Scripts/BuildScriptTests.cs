using System.Diagnostics;
using System.Text.RegularExpressions;

namespace MLNetHyper.Cli.Tests;

/// <summary>What build.sh and build.ps1 make of feeds that lack packages: they build the parts that can be built, and say the rest in a sentence.</summary>
[TestClass]
public sealed class BuildScriptTests
{
    public static IEnumerable<object[]> Scripts => [["build.sh"], ["build.ps1"]];

    [TestMethod]
    [DynamicData(nameof(Scripts))]
    public void A_feed_with_everything_leaves_nothing_out(string script)
    {
        using CheckoutWithFeed checkout = new((_, version) => version);
        Outcome outcome = Restore(checkout, script);
        Assert.AreEqual(0, outcome.ExitCode, outcome.Out + outcome.Error);
        Assert.AreEqual("", outcome.Out.Trim());
    }

    [TestMethod]
    [DataRow("Microsoft.ML.AutoML", "build.sh", "AutoML")]
    [DataRow("Microsoft.ML", "build.ps1", "Trainers AutoML")]
    [DataRow("TorchSharp", "build.sh", "Trainers")]
    [DataRow("MPI.NET", "build.ps1", "Mpi")]
    public void What_needs_an_absent_package_is_left_out_and_the_rest_is_built(string absent, string script, string parts)
    {
        using CheckoutWithFeed checkout = new((package, version) => package == absent ? null : version);
        Outcome outcome = Restore(checkout, script);
        Assert.AreEqual(0, outcome.ExitCode, outcome.Out + outcome.Error);
        string[] paragraphs = outcome.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.HasCount(parts.Split(' ').Length, paragraphs, outcome.Out);
        foreach ((string part, string paragraph) in parts.Split(' ').Zip(paragraphs))
        {
            Assert.StartsWith("LEFT OUT: ", paragraph);
            Assert.Contains(part == "Trainers" ? "MLNetHyper.Torch" : $"MLNetHyper.{part}", paragraph);
            Assert.MatchesRegex($@"do not carry: .*\b{absent}(,| \(|\.)", paragraph);
            Assert.Contains("dotnet nuget add source", paragraph);
        }
        Assert.IsTrue(File.Exists(checkout["artifacts/obj/MLNetHyper.Engine/project.assets.json"]));
    }

    [TestMethod]
    [DynamicData(nameof(Scripts))]
    public void A_feed_with_a_later_patch_builds_with_that(string script)
    {
        string later = PackageVersions.Of("Microsoft.ML") + "9";
        using CheckoutWithFeed checkout = new((package, version) => package == "Microsoft.ML" ? later : version);
        Outcome outcome = Restore(checkout, script);
        Assert.AreEqual(0, outcome.ExitCode, outcome.Out + outcome.Error);
        Assert.AreEqual($"These feeds carry later versions than the pinned ones, which were taken: Microsoft.ML {later}.", outcome.Out.Trim());
    }

    [TestMethod]
    public void A_version_beyond_the_range_is_no_version()
    {
        using CheckoutWithFeed checkout = new((package, version) => package == "Microsoft.ML" ? "6.0.0" : version);
        Outcome outcome = Restore(checkout, "build.sh");
        Assert.AreEqual(0, outcome.ExitCode, outcome.Out + outcome.Error);
        Assert.Contains("Microsoft.ML (>= ", outcome.Out);
    }

    [TestMethod]
    [DynamicData(nameof(Scripts))]
    public void Any_other_fault_is_one_sentence_and_the_path_of_the_log(string script)
    {
        using CheckoutWithFeed checkout = new((_, version) => version);
        checkout.Edit("src/MLNetHyper/MLNetHyper.csproj", "\"Microsoft.ML\" />", "\"Microsoft.ML\" Version=\"1.0.0\" />");
        Outcome outcome = Restore(checkout, script);
        Assert.AreEqual(1, outcome.ExitCode, outcome.Out + outcome.Error);
        string[] paragraphs = outcome.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.HasCount(2, paragraphs, outcome.Out);
        foreach ((string part, string paragraph) in new[] { "Trainers", "AutoML" }.Zip(paragraphs))
            Assert.MatchesRegex($@"^LEFT OUT: .* Restoring failed: .*NU\d{{4}}.*\. The whole log: artifacts/restore-{part}\.log$", paragraph);
    }

    [TestMethod]
    [DynamicData(nameof(Scripts))]
    public void A_feed_that_is_not_there_is_a_sentence_too(string script)
    {
        using CheckoutWithFeed checkout = new((_, _) => null);
        checkout.UseFeed(checkout["nowhere"]);
        Outcome outcome = Restore(checkout, script);
        Assert.AreEqual(1, outcome.ExitCode);
        string[] lines = (outcome.Out + outcome.Error).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.HasCount(5, lines, outcome.Out + outcome.Error);
        Assert.MatchesRegex(@"NU1301.*The whole log: artifacts/restore-Mpi\.log$", lines[0]);
        Assert.AreEqual("Nothing can be built here.", lines[4]);
    }

    /// <summary>The scripts build the parts, and tests run where their project is built: each project is in one part, and none is in no part.</summary>
    [TestMethod]
    public void Every_project_of_the_solution_is_in_one_part()
    {
        string[] parts = [.. new[] { "Mpi", "Engine", "Trainers", "AutoML" }.SelectMany(part => ProjectsOf($"MLNetHyper.{part}.slnf")).Order(StringComparer.Ordinal)];
        CollectionAssert.AreEqual(ProjectsOf("MLNetHyper.sln").Order(StringComparer.Ordinal).ToArray(), parts);
    }

    private static IEnumerable<string> ProjectsOf(string solution) =>
        Regex.Matches(File.ReadAllText(Repository.PathTo(solution)), """[^"]+\.[cf]sproj""").Select(match => match.Value.Replace("\\\\", "\\", StringComparison.Ordinal));

    private static Outcome Restore(CheckoutWithFeed checkout, string script) => script switch
    {
        "build.sh" when OperatingSystem.IsWindows() => throw new AssertInconclusiveException("Skipped: build.sh is for systems with bash; build.ps1 is tested here."),
        "build.sh" => checkout.Restore("bash", checkout[script]),
        _ => checkout.Restore("dotnet", ["tool", "run", "pwsh", "--", "-NoProfile", "-File", _hasPowerShell.Value ? checkout[script] : throw new AssertInconclusiveException("Skipped: PowerShell is not here; dotnet tool restore installs it.")]),
    };

    private static readonly Lazy<bool> _hasPowerShell = new(() =>
    {
        using Process process = Process.Start(new ProcessStartInfo("dotnet", ["tool", "run", "pwsh", "--", "-Version"]) { WorkingDirectory = Repository.PathTo(), RedirectStandardOutput = true, RedirectStandardError = true })!;
        process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0;
    });
}
