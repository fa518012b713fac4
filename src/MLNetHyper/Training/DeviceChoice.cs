using System.Globalization;
using MLNetHyper.Engine;

namespace MLNetHyper;

/// <summary>Which engine trains, and why.</summary>
/// <param name="Engine">The engine.</param>
/// <param name="Reason">Why this one, as the rest of a sentence.</param>
/// <param name="Fault">Why a better one cannot be used, to be warned of; null if nothing is wrong.</param>
/// <param name="MayFallBack">Whether the managed engine may take over if this one fails.</param>
internal sealed record DeviceChoice(NetworkEngine Engine, string Reason, NetworkEngineException? Fault = null, bool MayFallBack = false)
{
    /// <summary>
    /// The floating-point operations of all members' gradients from which on a GPU is expected to pay. A step launches some tens of kernels: 0.2 to 0.4 ms on an H200
    /// whatever the network's size, and 0.8 to 2 ms with 4 to 200 members (docs/results); one core of the managed engine takes that long for 10⁷ operations, so that sixteen could at best do sixteen times as many.
    /// </summary>
    internal const double GpuFromFlops = 2e8;

    /// <summary>The engine of a device that was asked for by name; null where the choice is free.</summary>
    /// <exception cref="NetworkEngineException">It cannot be used here.</exception>
    internal static NetworkEngine? Named(Device device)
    {
        if (device.CudaIndex is not { } index)
            return device.Name == Device.Cpu.Name ? NetworkEngine.Managed : null;
        NetworkEngineProvider provider = device.Provider ?? TorchPackage.Provider ?? throw TorchPackage.Missing(device);
        return Guarded(() => provider.CreateCuda(index));
    }

    /// <summary>Chooses for a network and a batch size.</summary>
    /// <param name="device">What the user asked for.</param>
    /// <param name="named">What <see cref="Named"/> gave for it.</param>
    /// <param name="architecture">The network.</param>
    /// <param name="options">How it trains.</param>
    /// <param name="batchSize">The examples of a step.</param>
    internal static DeviceChoice For(Device device, NetworkEngine? named, Architecture architecture, OnePassOptions options, int batchSize)
    {
        if (named is not null)
            return new(named, "as asked for");
        if (options.Regularization.Hyperparameters.Count > 0)
            return new(NetworkEngine.Managed, "label smoothing and input noise are the managed engine's");
        double flops = options.MemberCount * new NetworkObjective<float>(architecture).GradientFlops(batchSize);
        string step = string.Create(CultureInfo.InvariantCulture, $"a step of {flops / 1e9:G2} GFLOP");
        if (flops < GpuFromFlops)
            return new(NetworkEngine.Managed, $"{step} is small");
        try
        {
            if ((device.Provider ?? TorchPackage.Provider) is not { } provider)
                return new(NetworkEngine.Managed, $"{step} might be faster on a GPU, but the package {TorchPackage.Name} is not installed");
            return Guarded(provider.CountCudaDevices) == 0
                ? new(NetworkEngine.Managed, $"{step} might be faster on a GPU, but there is no CUDA device")
                : new(Guarded(() => provider.CreateCuda(0)), $"{step} is worth a GPU", MayFallBack: true);
        }
        catch (NetworkEngineException e)
        {
            return new(NetworkEngine.Managed, $"{step} might be faster on a GPU, but none can be used", e);
        }
    }

    private static T Guarded<T>(Func<T> ask)
    {
        try
        {
            return ask();
        }
        // TorchSharp itself may be missing, of another version or broken, and then throws what it likes.
        catch (Exception e)
        {
            throw TorchPackage.Unusable(e);
        }
    }
}
