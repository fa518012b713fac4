namespace MLNetHyper.Samples.Tests;

/// <summary>The documentation becomes a web site in which no link is broken.</summary>
[TestClass]
public sealed class SiteTests
{
    // Of its warnings, those that readers would meet. Others name types of packages that are documented elsewhere.
    private static readonly string[] _faults = ["InvalidFileLink", "InvalidBookmark", "InvalidTocInclude", "error:"];

    [TestMethod]
    public void Site_builds_and_no_link_in_it_is_broken()
    {
        if (Command.Run("dotnet", ["docfx", "--version"]) is { ExitCode: not 0 } missing)
            Assert.Inconclusive($"Skipped: docfx is not here; dotnet tool restore installs it. {missing.Error}");
        string log = Dotnet.Run("docfx", "docfx.json", "--logLevel", "warning");

        string[] broken = [.. log.Split('\n').Where(line => _faults.Any(fault => line.Contains(fault, StringComparison.Ordinal)))];
        Assert.IsEmpty(broken, string.Join('\n', broken));
        Assert.Contains("OnePassSgd", File.ReadAllText(Repository.PathTo("artifacts", "site", "README.html")));
        Assert.IsTrue(File.Exists(Repository.PathTo("artifacts", "site", "api", "MLNetHyper.OnePassSgdRegressionTrainer.html")), "the trainer has a page");
    }
}
