using System.Diagnostics.CodeAnalysis;

namespace MLNetHyper.Engine;

/// <summary>
/// Makes the engines of another assembly, which names its provider by <see cref="NetworkEngineProviderAttribute"/>. Those who want such
/// an engine need not reference that assembly, nor any native library that it stands on.
/// </summary>
internal abstract class NetworkEngineProvider
{
    /// <summary>How many CUDA devices there are; 0 where the libraries work but there is none.</summary>
    /// <exception cref="NetworkEngineException">The engine's native libraries are missing or broken.</exception>
    public abstract int CountCudaDevices();

    /// <summary>An engine that trains on a CUDA device.</summary>
    /// <param name="index">Which device, from 0.</param>
    /// <exception cref="NetworkEngineException">The native libraries or that device are missing or broken.</exception>
    public abstract NetworkEngine CreateCuda(int index);
}

/// <summary>Names an assembly's provider of engines.</summary>
/// <param name="provider">A class derived from <see cref="NetworkEngineProvider"/> that has a constructor without parameters.</param>
[AttributeUsage(AttributeTargets.Assembly)]
internal sealed class NetworkEngineProviderAttribute([DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicParameterlessConstructor)] Type provider) : Attribute
{
    /// <summary>The provider.</summary>
    [DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicParameterlessConstructor)]
    public Type Provider { get; } = provider;
}
