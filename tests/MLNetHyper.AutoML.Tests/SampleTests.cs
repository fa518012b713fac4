using MLNetHyper.Samples.Tests;

[assembly: Parallelize(Workers = 2, Scope = ExecutionScope.MethodLevel)]

namespace MLNetHyper.AutoML.Tests;

/// <summary>The samples of one file that use AutoML run and print what their last comment says.</summary>
[TestClass]
public sealed class SampleTests
{
    public static IEnumerable<object[]> Samples => SampleFile.Names.Where(name => SampleFile.Read(name).UsesAutoML).Select(name => new object[] { name });

    [ClassInitialize]
    public static void Build(TestContext _)
    {
        SampleRun.Build("src/MLNetHyper.AutoML");
        NotebookRun.Pack("src/MLNetHyper.Reports", "src/MLNetHyper.Engine", "src/MLNetHyper.Search", "src/MLNetHyper.Bridge", "src/MLNetHyper", "src/MLNetHyper.AutoML");
    }

    [ClassCleanup]
    public static void CleanUp() => NotebookRun.CleanUp();

    [TestMethod]
    [DynamicData(nameof(Samples))]
    public void Sample_prints_what_its_last_comment_says(string name) => SampleRun.Check(name);

    [TestMethod]
    [DynamicData(nameof(Samples))]
    public void Notebook_runs_from_its_first_cell_to_a_picture_in_its_last(string name) => NotebookRun.Check(name);
}
