using MLNetHyper.Engine;

namespace MLNetHyper.Torch;

/// <summary>A training does not fit into a device's memory. The message says what it needs for what, and what to do.</summary>
public sealed class TorchMemoryException : NetworkEngineException
{
    /// <summary>It does not fit.</summary>
    /// <param name="message">What is needed for what, and what to do.</param>
    /// <param name="estimatedBytes">The bytes that it was estimated to need.</param>
    /// <param name="inner">What caused it.</param>
    public TorchMemoryException(string message, long estimatedBytes, Exception? inner = null) : base(message, inner) => EstimatedBytes = estimatedBytes;

    /// <summary>The bytes that the training was estimated to need on the device, beside what libtorch takes for itself.</summary>
    public long EstimatedBytes { get; }
}
