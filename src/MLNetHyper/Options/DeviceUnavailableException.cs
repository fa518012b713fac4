using MLNetHyper.Engine;

namespace MLNetHyper;

/// <summary>The device that was asked for needs a package that the application does not have, or that cannot be loaded. The message says which.</summary>
public sealed class DeviceUnavailableException : NetworkEngineException
{
    internal DeviceUnavailableException(string message, Exception? inner) : base(message, inner)
    {
    }
}
