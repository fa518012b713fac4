using MLNetHyper.Engine;

namespace MLNetHyper.Torch;

/// <summary>libtorch, or the device that was asked for, cannot be used here. The message says what is missing and how to get it.</summary>
public sealed class TorchUnavailableException : NetworkEngineException
{
    /// <summary>Something is missing.</summary>
    /// <param name="message">What is missing, and what to do.</param>
    /// <param name="inner">What caused it.</param>
    public TorchUnavailableException(string message, Exception? inner = null) : base(message, inner) { }
}
