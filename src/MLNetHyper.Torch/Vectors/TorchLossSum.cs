using MLNetHyper.Engine;
using TorchSharp;
using static TorchSharp.torch;

namespace MLNetHyper.Torch;

/// <summary>A sum of losses that stays on the device until it is read.</summary>
internal sealed class TorchLossSum(Device device) : LossSum, IDisposable
{
    private readonly Tensor _sum = zeros(1, dtype: ScalarType.Float64, device: device).DetachFromDisposeScope();

    public override double Total => _sum.ToDouble();

    // On the CPU nobody has to be waited for.
    public override bool IsKnownToBeLost => device.type == DeviceType.CPU && !double.IsFinite(Total);

    public override void Clear() => _sum.zero_();

    public override void Add(double loss)
    {
        using Scalar scalar = loss;
        _sum.add_(scalar);
    }

    internal void Add(Tensor loss) => _sum.add_(loss);

    public void Dispose() => _sum.Dispose();
}
