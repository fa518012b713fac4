using MLNetHyper.Engine;
using TorchSharp;
using static TorchSharp.torch;

namespace MLNetHyper.Torch;

/// <summary>A sum of losses, one for each member of a population, that stays on the device until it is read.</summary>
internal sealed class TorchLossSum(Device device, int members = 1) : LossSum, IDisposable
{
    private readonly Tensor _sums = zeros(members, dtype: ScalarType.Float64, device: device).DetachFromDisposeScope();

    /// <summary>The sum over all members.</summary>
    public override double Total
    {
        get
        {
            using Tensor total = _sums.sum();
            return total.ToDouble();
        }
    }

    // On the CPU nobody has to be waited for.
    public override bool IsKnownToBeLost
    {
        get
        {
            if (device.type != DeviceType.CPU || double.IsFinite(Total))
                return false;
            using Tensor finite = _sums.isfinite(), any = finite.any();
            return !any.ToBoolean();
        }
    }

    public override void Clear() => _sums.Become(0);

    /// <summary>Adds a loss of all members together.</summary>
    public override void Add(double loss) => _sums.Plus(loss / members);

    internal override void Add(ReadOnlySpan<double> losses)
    {
        using Tensor added = tensor(losses.ToArray(), device: device);
        Add(added);
    }

    internal void Add(Tensor losses) => _sums.Plus(losses);

    public override void CopyTo(Span<double> totals)
    {
        using Tensor onHost = _sums.cpu();
        onHost.data<double>().CopyTo(totals);
    }

    public void Dispose() => _sums.Dispose();
}
