using System.Globalization;
using MLNetHyper.Engine;

namespace MLNetHyper;

/// <summary>Where a network trains. Scoring always runs on the CPU in managed code, so a saved model needs no particular device.</summary>
/// <remarks>
/// GPUs take two more packages in the application: MLNetHyper.Torch, and TorchSharp-cuda-linux or TorchSharp-cuda-windows for libtorch
/// itself. Without them everything else works as it does with them. Two devices give models that agree within rounding, not bit by bit.
/// </remarks>
public sealed record Device
{
    private Device(string name, int? cudaIndex = null) => (Name, CudaIndex) = (name, cudaIndex);

    /// <summary>
    /// Whatever is expected to be fastest (default): the first GPU where MLNetHyper.Torch and CUDA are there and a step takes at least
    /// 2·10⁹ floating-point operations, else the managed engine. That figure is an estimate, not yet measured. Should the GPU fail, training starts
    /// again with the managed engine, with a warning in the log, which also says what was chosen and why.
    /// </summary>
    public static Device Auto { get; } = new("auto");

    /// <summary>The managed SIMD engine.</summary>
    public static Device Cpu { get; } = new("cpu");

    /// <summary>The device's name, as log lines say it.</summary>
    public string Name { get; }

    internal int? CudaIndex { get; }

    /// <summary>Where engines for GPUs come from, in place of MLNetHyper.Torch; for tests.</summary>
    internal NetworkEngineProvider? Provider { get; init; }

    /// <summary>An NVIDIA GPU. Where it cannot be used, <c>Fit</c> throws a <see cref="NetworkEngineException"/> that says what to install.</summary>
    /// <param name="index">Which one, from 0.</param>
    public static Device Cuda(int index = 0) => index >= 0
        ? new(string.Create(CultureInfo.InvariantCulture, $"cuda:{index}"), index)
        : throw new ArgumentOutOfRangeException(nameof(index), index, "CUDA devices are counted from 0.");

    /// <inheritdoc/>
    public override string ToString() => Name;
}
