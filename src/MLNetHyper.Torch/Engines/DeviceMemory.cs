using System.Globalization;
using MLNetHyper.Engine;
using TorchSharp;
using static TorchSharp.torch;
using ExternalException = System.Runtime.InteropServices.ExternalException;

namespace MLNetHyper.Torch;

/// <summary>Trains only what fits, and says what was needed where libtorch found that it does not.</summary>
internal sealed class DeviceMemory(Device device, MemoryEstimate estimate)
{
    private static readonly string[] _outOfMemory = ["out of memory", "can't allocate memory", "not enough memory"];

    internal static string NameOf(Device device) =>
        device.type == DeviceType.CPU ? "cpu (libtorch)" : string.Create(CultureInfo.InvariantCulture, $"cuda:{Math.Max(0, device.index)}");

    /// <param name="train">What trains.</param>
    /// <param name="isOwnNetwork">Whether libtorch's other failures are not the caller's to see, as those of a module of his own are.</param>
    /// <exception cref="TorchMemoryException">It does not fit.</exception>
    /// <exception cref="TorchUnavailableException">libtorch failed otherwise.</exception>
    internal T Train<T>(Func<T> train, bool isOwnNetwork = true)
    {
        RequireFree();
        try
        {
            return train();
        }
        catch (Exception e) when (OfLibtorch(e) is { } failure && (isOwnNetwork || IsOutOfMemory(failure)))
        {
            throw Translate(failure);
        }
    }

    /// <summary>The exception of libtorch that is, or is behind, another; null if there is none.</summary>
    internal static ExternalException? OfLibtorch(Exception? e) => e is null or Engine.NetworkEngineException ? null : e as ExternalException ?? OfLibtorch(e.InnerException);

    /// <summary>Whether libtorch found no memory, in the words of its allocators for CUDA and the CPU.</summary>
    internal static bool IsOutOfMemory(ExternalException failure) =>
        _outOfMemory.Any(words => failure.Message.Contains(words, StringComparison.OrdinalIgnoreCase));

    internal Engine.NetworkEngineException Translate(ExternalException failure)
    {
        string said = failure.Message.Split('\n')[0].TrimEnd('.', '\r');
        return IsOutOfMemory(failure)
            ? new TorchMemoryException(Explain($"which ran out: {said}"), estimate.Total, failure)
            : new TorchUnavailableException($"libtorch failed on {NameOf(device)}: {said}. Train on another device, or with the managed engine.", failure);
    }

    // TorchSharp cannot ask a GPU for its memory.
    private void RequireFree()
    {
        if (device.type == DeviceType.CPU && FreeBytes() is { } free && estimate.Total > free)
            throw new TorchMemoryException(Explain($"of which {ByteText.Of(free)} are free"), estimate.Total);
    }

    private string Explain(string memory) =>
        $"This training does not fit into the memory of {NameOf(device)}, {memory}. It needs {estimate}. Choose a smaller batch, a smaller network or another method, or train with the managed engine.";

    /// <summary>The host's free memory, or the container's; null where the runtime does not know.</summary>
    private static long? FreeBytes()
    {
        GCMemoryInfo memory = GC.GetGCMemoryInfo();
        return memory.TotalAvailableMemoryBytes > 0 ? Math.Max(0, memory.TotalAvailableMemoryBytes - memory.MemoryLoadBytes) : null;
    }
}
