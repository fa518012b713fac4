[assembly: Parallelize(Workers = 2, Scope = ExecutionScope.MethodLevel)]

namespace MLNetHyper.Samples.Tests;

/// <summary>The samples of one file run and print what their last comment says; those with AutoML are among the tests of AutoML.</summary>
[TestClass]
public sealed class SampleTests
{
    public static IEnumerable<object[]> Samples => SampleFile.Names.Where(name => !SampleFile.Read(name).UsesAutoML).Select(name => new object[] { name });

    [ClassInitialize]
    public static void Build(TestContext _)
    {
        SampleRun.Build("src/MLNetHyper", "src/MLNetHyper.Torch");
        NotebookRun.Pack("src/MLNetHyper.Reports", "src/MLNetHyper.Engine", "src/MLNetHyper.Search", "src/MLNetHyper.Bridge", "src/MLNetHyper", "src/MLNetHyper.Torch");
    }

    [ClassCleanup]
    public static void CleanUp() => NotebookRun.CleanUp();

    [TestMethod]
    [DynamicData(nameof(Samples))]
    public void Sample_prints_what_its_last_comment_says(string name) => SampleRun.Check(name);

    [TestMethod]
    [DynamicData(nameof(Samples))]
    public void Notebook_runs_from_its_first_cell_to_a_picture_in_its_last(string name) => NotebookRun.Check(name);

    [TestMethod]
    public void Every_sample_has_a_row_in_the_readme()
    {
        string readme = File.ReadAllText(Repository.PathTo("samples", "README.md"));
        IEnumerable<string> links = [.. SampleFile.Names.Select(name => $"| [{name}]({name}.cs) | "), .. Directory.GetFiles(Repository.PathTo("samples"), "*.*proj", SearchOption.AllDirectories).Select(file => $"| [{Path.GetFileNameWithoutExtension(file)}](")];
        foreach (string link in links)
            Assert.Contains(link, readme);
    }
}
