using System.Reflection;
using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;

namespace MLNetHyper.Torch;

/// <summary>Whether libtorch and its devices are there. Looked for once, when first asked for.</summary>
public static class TorchRuntime
{
    /// <summary>The TorchSharp that this was built and tested with.</summary>
    internal static string TorchSharpVersion { get; } = Metadata("TorchSharp");

    /// <summary>The libtorch that belongs to it.</summary>
    internal static string LibtorchVersion { get; } = Metadata("libtorch");

    private static readonly Lock _choice = new();
    private static bool? _usePatchedCopy = PatchedCopy.Allows(Environment.GetEnvironmentVariable(PatchedCopy.Variable));
    private static readonly Lazy<Exception?> _cpuFault = new(() => Fault(FindLibtorch));
    private static readonly Lazy<Exception?> _cudaFault = new(() => Fault(FindCuda));

    /// <summary>Whether libtorch can be loaded.</summary>
    public static bool IsAvailable => _cpuFault.Value is null;

    /// <summary>Whether libtorch can be loaded and sees a CUDA device.</summary>
    public static bool IsCudaAvailable => IsAvailable && _cudaFault.Value is null;

    /// <summary>
    /// Whether, on a Linux whose C++ library is older than TorchSharp's native library asks for, a copy of that may be loaded in which
    /// this one demand is marked as not binding. The copy is kept in the user's cache folder, for the user alone; what it must hold is computed from the original
    /// at every start. Without effect where the original can be loaded. Default: what the environment variable
    /// <c>MLNETHYPER_TORCH_PATCHED_COPY</c> says, 1 or 0; without it false.
    /// </summary>
    /// <exception cref="InvalidOperationException">Changed after libtorch was looked for.</exception>
    public static bool UsePatchedCopy
    {
        get => _usePatchedCopy is true;
        set
        {
            lock (_choice)
            {
                if (_cpuFault.IsValueCreated && value != UsePatchedCopy)
                    throw new InvalidOperationException($"libtorch has been looked for already, and is so once in a process. Set {nameof(TorchRuntime)}.{nameof(UsePatchedCopy)} before anything else of {nameof(MLNetHyper)}.{nameof(Torch)} and TorchSharp is used.");
                _usePatchedCopy = value;
            }
        }
    }

    /// <summary>The first GPU where CUDA is available, else the CPU.</summary>
    /// <exception cref="TorchUnavailableException">There is no libtorch.</exception>
    public static Device PreferredDevice
    {
        get
        {
            Require();
            return IsCudaAvailable ? CUDA : CPU;
        }
    }

    /// <summary>Throws unless a device can be used.</summary>
    /// <param name="device">The device; null for the CPU.</param>
    /// <exception cref="TorchUnavailableException">It cannot; the message says what to install.</exception>
    public static void Require(Device? device = null)
    {
        if (_cpuFault.Value is { } fault)
            throw fault is TorchUnavailableException explained ? new TorchUnavailableException(explained.Message, explained.InnerException) : Unavailable("libtorch could not be loaded", fault);
        if (device?.type != DeviceType.CUDA)
            return;
        if (_cudaFault.Value is { } missing)
            throw Unavailable("no CUDA device could be used", missing);
        if (device.index >= cuda.device_count())
            throw new TorchUnavailableException($"There is no CUDA device {device.index}: this machine has {cuda.device_count()}, counted from 0. Choose one of these.");
    }

    private static string Metadata(string key) => typeof(TorchRuntime).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == key).Value!;

    private static TorchUnavailableException Unavailable(string what, Exception cause)
    {
        string system = $"{RuntimeInformation.OSDescription} ({RuntimeInformation.RuntimeIdentifier})";
        string cudaPackage = OperatingSystem.IsWindows() ? "TorchSharp-cuda-windows" : "TorchSharp-cuda-linux";
        return new($"{Capitalized(what)} on {system}: {cause.Message.Split('\n')[0].TrimEnd('.', '\r')}. Add the package TorchSharp-cpu {TorchSharpVersion} to the application for the CPU, or {cudaPackage} {TorchSharpVersion} for NVIDIA GPUs (libtorch {LibtorchVersion}; the GPU also needs its driver), and build again; or use the managed engine, which needs neither.", cause);
    }

    private static string Capitalized(string text) => char.ToUpperInvariant(text[0]) + text[1..];

    private static Exception? Fault(Action find)
    {
        try
        {
            find();
            return null;
        }
        // Whatever a broken native library does to its caller, it is broken.
        catch (Exception e)
        {
            return e.InnerException is DllNotFoundException or BadImageFormatException ? e.InnerException : e;
        }
    }

    private static void FindLibtorch()
    {
        TorchLibrary.Load(_usePatchedCopy);
        InitializeDeviceType(DeviceType.CPU);
        using Tensor probe = zeros(1);
    }

    private static void FindCuda()
    {
        if (!TryInitializeDeviceType(DeviceType.CUDA))
            throw new PlatformNotSupportedException("the libtorch that was loaded has no CUDA, or finds no NVIDIA GPU with a driver");
        using Tensor probe = zeros(1, device: CUDA);
    }
}
