using MLNetHyper.Engine;
using static TorchSharp.torch;

namespace MLNetHyper.Torch;

/// <summary>Trains multilayer perceptrons by libtorch on a GPU or the CPU. The weights come back to managed memory; nothing is left on the device.</summary>
public sealed class TorchEngine : NetworkEngine
{
    /// <summary>An engine on a device.</summary>
    /// <param name="device">The device. Default: the CPU, for comparisons; the managed engine is the faster one there.</param>
    /// <exception cref="TorchUnavailableException">libtorch, or the device, is not to be had.</exception>
    public TorchEngine(Device? device = null)
    {
        TorchRuntime.Require(device);
        Device = device ?? CPU;
    }

    /// <summary>Where it computes.</summary>
    public Device Device { get; }

    /// <inheritdoc/>
    public override string Name => DeviceMemory.NameOf(Device);

    /// <summary>The bytes that a training needs on the device, beside what libtorch takes for itself (for CUDA some hundred megabytes).</summary>
    /// <param name="architecture">The network.</param>
    /// <param name="training">The training rows.</param>
    /// <param name="validation">The validation rows, or null.</param>
    /// <param name="options">How to train.</param>
    /// <exception cref="ArgumentException">The options do not fit together.</exception>
    public static long EstimateBytes(Architecture architecture, ExampleSource<float> training, Examples<float>? validation, OnePassOptions options)
    {
        ArgumentNullException.ThrowIfNull(architecture);
        ArgumentNullException.ThrowIfNull(training);
        ArgumentNullException.ThrowIfNull(options);
        options.CheckTraining();
        return MemoryEstimate.Of(architecture, training, validation, options).Total;
    }

    /// <inheritdoc/>
    /// <exception cref="TorchMemoryException">The training does not fit into the device's memory.</exception>
    /// <exception cref="TorchUnavailableException">libtorch failed.</exception>
    public override LoopResult<DenseVector<float>> Train(Architecture architecture, ExampleSource<float> training, Examples<float>? validation, OnePassOptions options, IProgress<TrainingProgress>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(architecture);
        ArgumentNullException.ThrowIfNull(training);
        ArgumentNullException.ThrowIfNull(options);
        options.CheckTraining();
        MemoryEstimate estimate = MemoryEstimate.Of(architecture, training, validation, options);
        return new DeviceMemory(Device, estimate).Train(() =>
        {
            using var objective = new TorchNetworkObjective<float>(architecture, options.MemberCount > 1 ? options.MemberCount : null, Device, sharesValues: true);
            return OnePass.Train(objective, training, validation, options, progress, cancellation).On(ToManaged);
        });
    }

    private static DenseVector<float> ToManaged(TorchVector vector)
    {
        double[] values = new double[vector.Length];
        vector.CopyTo(values);
        var managed = new DenseVector<float>(vector.Length);
        managed.CopyFrom(values);
        return managed;
    }
}
