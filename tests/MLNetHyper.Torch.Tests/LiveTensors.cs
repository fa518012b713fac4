namespace MLNetHyper.Torch.Tests;

/// <summary>How many tensors there are.</summary>
internal static class LiveTensors
{
    /// <summary>
    /// The count from which a test begins. What earlier tests left to the collector goes first, or it would go while the test runs and be missed at
    /// its end. The count at the end is <see cref="Tensor.TotalCount"/> itself: a collection there would hide what was not disposed of.
    /// </summary>
    public static long CountSettled()
    {
        for (int i = 0; i < 2; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }
        return Tensor.TotalCount;
    }
}
