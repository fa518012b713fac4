using System.Reflection;
using System.Runtime.InteropServices;
using MLNetHyper.Engine;

namespace MLNetHyper;

/// <summary>The package with engines for GPUs, if the application has it. Looked for by name, once: nothing here refers to it or to TorchSharp.</summary>
internal static class TorchPackage
{
    internal const string Name = "MLNetHyper.Torch";

    /// <summary>The TorchSharp that the package is built with.</summary>
    internal static string TorchSharpVersion { get; } = typeof(TorchPackage).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == "TorchSharp").Value!;

    private static readonly Lazy<(NetworkEngineProvider? Provider, Exception? Fault)> _found = new(Find);

    /// <summary>The package's engines; null if the application does not have it.</summary>
    /// <exception cref="DeviceUnavailableException">The package is there but cannot be loaded.</exception>
    internal static NetworkEngineProvider? Provider => _found.Value switch
    {
        ({ } provider, _) => provider,
        (_, null or FileNotFoundException) => null,
        (_, { } fault) => throw Unusable(fault),
    };

    /// <summary>What to tell those who asked for a device by name.</summary>
    internal static DeviceUnavailableException Missing(Device device) =>
        new($"The device {device} needs the package {Name}, which this application does not have. {Remedy}", _found.Value.Fault);

    /// <summary>Whatever goes wrong in what the package is made of, it is the package that does not work.</summary>
    internal static NetworkEngineException Unusable(Exception fault) => fault as NetworkEngineException
        ?? new DeviceUnavailableException($"The package {Name} cannot be used: {fault.Message.Split('\n')[0].TrimEnd('.', '\r')}. {Remedy}", fault);

    private static string Remedy =>
        $"On {RuntimeInformation.OSDescription} ({RuntimeInformation.RuntimeIdentifier}), add {Name} {typeof(Device).Assembly.GetName().Version?.ToString(3)} and {(OperatingSystem.IsWindows() ? "TorchSharp-cuda-windows" : "TorchSharp-cuda-linux")} {TorchSharpVersion} to the application for an NVIDIA GPU with its driver, and build again; or set Device to Auto or Cpu, which need neither.";

    private static (NetworkEngineProvider?, Exception?) Find()
    {
        try
        {
            NetworkEngineProviderAttribute named = Assembly.Load(Name).GetCustomAttribute<NetworkEngineProviderAttribute>()
                ?? throw new InvalidOperationException($"{Name} is of another version than MLNetHyper");
            return ((NetworkEngineProvider)Activator.CreateInstance(named.Provider)!, null);
        }
        // Missing, of another version, for another processor: whatever it is, the managed engine works.
        catch (Exception e)
        {
            return (null, e);
        }
    }
}
