namespace MLNetHyper.Torch.Cli;

/// <summary>The published experiments that this engine adds to those of the managed one.</summary>
public static class TorchExperiments
{
    /// <summary>
    /// All experiments. Those of the managed engine train all their initializations at once where there is a CUDA device; <c>ptb</c>,
    /// <c>cifar-10</c> and <c>cifar-10-wrn</c> need libtorch, and in practice a GPU.
    /// </summary>
    public static IReadOnlyList<PaperExperiment> All { get; } =
        [.. PaperExperiment.Managed.Select(managed => new PopulationExperiment(managed)), new PtbExperiment(), new CifarExperiment(), new WideResNetExperiment()];
}
