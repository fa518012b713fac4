using System.Diagnostics;

namespace MLNetHyper.Cli.Tests;

/// <summary>Which repository packages name: that of the workflow that makes them, and no private one.</summary>
[TestClass]
public sealed class PackageAddressTests
{
    [TestMethod]
    [DataRow("owner/name", "https://github.com/owner/name", "true")]
    [DataRow("", "", "")]
    public void A_workflows_repository_and_no_other(string repository, string address, string published)
    {
        Assert.AreEqual(address, Property("PackageProjectUrl", repository));
        Assert.AreEqual(published, Property("PublishRepositoryUrl", repository));
    }

    private static string Property(string name, string repository)
    {
        var start = new ProcessStartInfo("dotnet", ["msbuild", Repository.PathTo("src", "MLNetHyper.Reports"), $"-getProperty:{name}"]) { RedirectStandardOutput = true };
        start.Environment["GITHUB_SERVER_URL"] = "https://github.com";
        start.Environment["GITHUB_REPOSITORY"] = repository;
        using Process process = Process.Start(start)!;
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.AreEqual(0, process.ExitCode, output);
        return output.Trim();
    }
}
