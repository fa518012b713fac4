namespace MLNetHyper.Engine.Tests;

[TestClass]
public sealed class AllocationTests
{
    private static IEnumerable<object[]> MethodsAndRules => Methods.WithRules;

    [TestMethod]
    [DynamicData(nameof(MethodsAndRules))]
    public void Steps_and_hyperparameter_steps_allocate_nothing(string method, string rule)
    {
        foreach (Granularity granularity in Enum.GetValues<Granularity>())
        {
            if (!Methods.Create(method).Granularities.Contains(granularity))
                continue;
            LoopOptions options = Methods.Options(method, rule, granularity);
            AllocatesNothingPerStep(options, granularity.ToString());
        }
    }

    [TestMethod]
    public void Every_meta_optimizer_allocates_nothing()
    {
        foreach (MetaOptimizer optimizer in MetaOptimizers.All.Select(choice => MetaOptimizers.Create(choice.Name, 0.01)))
        {
            LoopOptions options = Methods.Options("neumann", "sgd") with { MetaOptimizer = optimizer };
            AllocatesNothingPerStep(options, optimizer.GetType().Name);
        }
    }

    /// <summary>Twice the steps allocate no more. The runtime itself may allocate at some first use, so that one of three times has to do.</summary>
    private static void AllocatesNothingPerStep(LoopOptions options, string what)
    {
        Allocated(options, 20);
        long more = long.MaxValue;
        for (int i = 0; i < 3 && more != 0; i++)
            more = Allocated(options, 100) - Allocated(options, 50);
        Assert.AreEqual(0, more, what);
    }

    private static long Allocated(LoopOptions options, int steps)
    {
        OnePassLoop<DenseVector<double>> loop = Loops.Create(Zoo.Create("tanh-net"), options with { Steps = steps });
        long before = GC.GetAllocatedBytesForCurrentThread();
        LoopResult<DenseVector<double>> result = loop.Run();
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.AreEqual(0, result.Rollbacks);
        return allocated;
    }
}
