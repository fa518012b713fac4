using MLNetHyper.Engine;
using MLNetHyper.Torch;
using TorchSharp;

[assembly: NetworkEngineProvider(typeof(TorchEngineProvider))]

namespace MLNetHyper.Torch;

/// <summary>How the trainers, which know nothing of TorchSharp, come by its engine.</summary>
internal sealed class TorchEngineProvider : NetworkEngineProvider
{
    /// <summary>For those who have found it by the assembly's attribute.</summary>
    public TorchEngineProvider()
    {
    }

    public override int CountCudaDevices()
    {
        TorchRuntime.Require();
        return TorchRuntime.IsCudaAvailable ? torch.cuda.device_count() : 0;
    }

    public override NetworkEngine CreateCuda(int index) => new TorchEngine(new torch.Device(DeviceType.CUDA, index));
}
