using System.Text.RegularExpressions;

[assembly: Parallelize(Workers = 2, Scope = ExecutionScope.MethodLevel)]

namespace MLNetHyper.Samples.Tests;

/// <summary>The samples of one file run and print what their last comment says.</summary>
[TestClass]
public sealed partial class SampleTests
{
    public static IEnumerable<object[]> Samples => SampleFile.Names.Select(name => new object[] { name });

    // Once and in Release, whatever configuration these tests have: so do the samples. They may then leave it alone, and run side by side.
    [ClassInitialize]
    public static void Build(TestContext _)
    {
        foreach (string project in (string[])["src/MLNetHyper.AutoML", "src/MLNetHyper.Torch"])
            Dotnet.Run("build", project, "-c", "Release", "--nologo", "-v", "q", "-tl:off", "-nodeReuse:false");
    }

    [TestMethod]
    [DynamicData(nameof(Samples))]
    public void Sample_prints_what_its_last_comment_says(string name)
    {
        string output = Dotnet.Run("run", "-p:BuildProjectReferences=false", $"samples/{name}.cs");
        SampleFile sample = SampleFile.Read(name);
        if (Acceptance.IsOn)
        {
            sample = sample with { Expected = output };
            sample.Write();
            Notebook.Of(sample).Write();
            return;
        }
        if (Form(output) != Form(sample.Expected))
            Assert.Fail($"""
                samples/{name}.cs does not print what its last comment says. Set the environment variable {Acceptance.Variable}=1, run this test again and commit the files. It printed:
                {output}
                """);
    }

    [TestMethod]
    public void Every_sample_has_a_row_in_the_readme()
    {
        string readme = File.ReadAllText(Repository.PathTo("samples", "README.md"));
        IEnumerable<string> links = [.. SampleFile.Names.Select(name => $"| [{name}]({name}.cs) | "), .. Directory.GetFiles(Repository.PathTo("samples"), "*.*proj", SearchOption.AllDirectories).Select(file => $"| [{Path.GetFileNameWithoutExtension(file)}](")];
        foreach (string link in links)
            Assert.Contains(link, readme);
    }

    /// <summary>
    /// Digits differ between processors, widths of columns and the number of lines about progress with them.
    /// </summary>
    private static string Form(string text)
    {
        string last = "";
        return string.Join('\n', Number().Replace(text, "#").Split('\n').Select(line => Spaces().Replace(line, " ").Trim()).Where(line => line != last && (last = line) is not null));
    }

    [GeneratedRegex(@"-?\b\d[\d,.]*(e[-+]?\d+)?", RegexOptions.IgnoreCase)]
    private static partial Regex Number();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();
}
