namespace MLNetHyper.Torch.Tests;

/// <summary>The reference traces, followed by this engine's own networks and by modules under autograd.</summary>
[TestClass]
public sealed class GoldenTraceTests
{
    private const double Tolerance = 1e-8;

    private static readonly string _root = FindRoot();

    internal static IEnumerable<object[]> Traces =>
        Directory.GetFiles(Path.Combine(_root, "tests", "MLNetHyper.Engine.Tests", "golden"), "*.json").Order(StringComparer.Ordinal).Select(p => new object[] { Path.GetFileName(p) });

    [TestMethod]
    [DynamicData(nameof(Traces))]
    public void Network_follows(string trace) => Follow(trace, architecture => new TorchNetworkObjective<double>(architecture));

    [TestMethod]
    [DynamicData(nameof(Traces))]
    public void Module_follows(string trace) => Follow(trace, architecture => new ModuleNetwork(architecture));

    internal static void Follow<TObjective>(string trace, Func<Architecture, TObjective> create) where TObjective : INetworkObjective<TorchVector, double>, IDisposable
    {
        List<TObjective> created = [];
        TraceDeviation deviation = TraceVerifier.Verify<TorchVector>(Path.Combine(_root, "tests", "MLNetHyper.Engine.Tests", "golden", trace), Path.Combine(_root, "samples", "data"), architecture =>
        {
            created.Add(create(architecture));
            return created[^1];
        });
        foreach (TObjective objective in created)
            objective.Dispose();
        Assert.IsLessThan(Tolerance, deviation.MaxRelativeDeviation, string.Join(", ", deviation.Quantities.Select(d => $"{d.Key} {d.Value:E1}")));
        Console.WriteLine($"{trace}: {deviation.MaxRelativeDeviation:E1}");
    }

    private static string FindRoot()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "MLNetHyper.sln")))
                return folder.FullName;
        }
        throw new InvalidOperationException("MLNetHyper.sln is in no folder above the test assembly; run the tests from a build inside the checkout.");
    }
}
