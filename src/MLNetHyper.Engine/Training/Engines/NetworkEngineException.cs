namespace MLNetHyper.Engine;

/// <summary>An engine cannot do its work here: its device, its native libraries or the memory are missing or fail. The message says what to do.</summary>
public abstract class NetworkEngineException : Exception
{
    /// <summary>Something is missing or fails.</summary>
    /// <param name="message">What, and what to do.</param>
    /// <param name="inner">What caused it.</param>
    protected NetworkEngineException(string message, Exception? inner = null) : base(message, inner) { }
}
