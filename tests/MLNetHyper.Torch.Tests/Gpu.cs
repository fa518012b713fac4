namespace MLNetHyper.Torch.Tests;

/// <summary>What tests on a GPU begin with, so that they count as skipped where there is none.</summary>
internal static class Gpu
{
    internal static void Require()
    {
        if (!TorchRuntime.IsCudaAvailable)
            Assert.Inconclusive("There is no CUDA device here, or the libtorch of this build has no CUDA.");
    }
}
