using System.Globalization;
using MLNetHyper.Engine;
using static TorchSharp.torch;
using ExternalException = System.Runtime.InteropServices.ExternalException;

namespace MLNetHyper.Torch;

/// <summary>Trains multilayer perceptrons by libtorch on a GPU or the CPU. The weights come back to managed memory; nothing is left on the device.</summary>
public sealed class TorchEngine : NetworkEngine
{
    private static readonly string[] _outOfMemory = ["out of memory", "can't allocate memory", "not enough memory"];

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
    public override string Name => IsOnHost ? "cpu (libtorch)" : string.Create(CultureInfo.InvariantCulture, $"cuda:{Math.Max(0, Device.index)}");

    private bool IsOnHost => Device.type == TorchSharp.DeviceType.CPU;

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
        if (IsOnHost && FreeBytes() is { } free && estimate.Total > free)
            throw new TorchMemoryException(Explain(estimate, $"of which {MemoryEstimate.Text(free)} are free"), estimate.Total);
        try
        {
            using var objective = new TorchNetworkObjective<float>(architecture, Device);
            LoopResult<TorchVector> result = OnePass.Train(objective, training, validation, options, progress, cancellation);
            DenseVector<float> best = ToManaged(result.Weights);
            return new(result.Status, best, ReferenceEquals(result.FinalWeights, result.Weights) ? best : ToManaged(result.FinalWeights),
                result.BestStep, result.BestValidationLoss, result.Steps, result.GradientEvaluations, result.Elapsed, result.Rollbacks, result.Trajectory, result.Warnings);
        }
        catch (Exception e) when (OfLibtorch(e) is { } failure)
        {
            throw Translate(failure, estimate);
        }
    }

    /// <summary>The exception of libtorch that is, or is behind, another; null if there is none.</summary>
    internal static ExternalException? OfLibtorch(Exception? e) => e is null or NetworkEngineException ? null : e as ExternalException ?? OfLibtorch(e.InnerException);

    /// <summary>Whether libtorch found no memory, in the words of its allocators for CUDA and the CPU.</summary>
    internal static bool IsOutOfMemory(ExternalException failure) =>
        _outOfMemory.Any(words => failure.Message.Contains(words, StringComparison.OrdinalIgnoreCase));

    internal NetworkEngineException Translate(ExternalException failure, MemoryEstimate estimate)
    {
        string said = failure.Message.Split('\n')[0].TrimEnd('.', '\r');
        return IsOutOfMemory(failure)
            ? new TorchMemoryException(Explain(estimate, $"which ran out: {said}"), estimate.Total, failure)
            : new TorchUnavailableException($"libtorch failed on {Name}: {said}. Train on another device, or with the managed engine.", failure);
    }

    private string Explain(MemoryEstimate estimate, string memory) =>
        $"This training does not fit into the memory of {Name}, {memory}. It needs {estimate}. Choose a smaller batch, a smaller network or another method, or train with the managed engine.";

    private static DenseVector<float> ToManaged(TorchVector vector)
    {
        double[] values = new double[vector.Length];
        vector.CopyTo(values);
        var managed = new DenseVector<float>(vector.Length);
        managed.CopyFrom(values);
        return managed;
    }

    /// <summary>The host's free memory, or the container's; null where the runtime does not know.</summary>
    private static long? FreeBytes()
    {
        GCMemoryInfo memory = GC.GetGCMemoryInfo();
        return memory.TotalAvailableMemoryBytes > 0 ? Math.Max(0, memory.TotalAvailableMemoryBytes - memory.MemoryLoadBytes) : null;
    }
}
