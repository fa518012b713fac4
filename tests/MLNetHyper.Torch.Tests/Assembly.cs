using MLNetHyper.TestSupport;

namespace MLNetHyper.Torch.Tests;

/// <summary>Before all tests and after.</summary>
[TestClass]
public sealed class Assembly
{
    private static TemporaryFiles? _temporary;

    /// <summary>TorchSharp runs for real wherever it can, here and in the processes that tests start.</summary>
    [AssemblyInitialize]
    public static void Begin(TestContext _)
    {
        Environment.SetEnvironmentVariable(PatchedCopy.Variable, "1");
        TorchRuntime.UsePatchedCopy = true;
        // Or a test that begins with a tensor, should it be the first, would look for the library as it is.
        TorchRuntime.Require();
        _temporary = new();
    }

    [AssemblyCleanup]
    public static void End() => _temporary?.Dispose();

    [TestMethod]
    public void What_tests_leave_behind_is_named()
    {
        string before = Path.GetTempPath();
        TemporaryFiles temporary = new();
        string left = Directory.CreateTempSubdirectory("left-").FullName;
        InvalidOperationException told = Assert.ThrowsExactly<InvalidOperationException>(temporary.Dispose);
        Assert.Contains(Path.GetFileName(left), told.Message);
        Assert.IsFalse(Directory.Exists(left));
        Assert.AreEqual(before, Path.GetTempPath());
        new TemporaryFiles().Dispose();
    }
}
