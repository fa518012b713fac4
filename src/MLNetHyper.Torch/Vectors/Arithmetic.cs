using TorchSharp;
using static TorchSharp.torch;

namespace MLNetHyper.Torch;

/// <summary>
/// Arithmetic with numbers. TorchSharp makes a native scalar for every number, and lets the collector free it while libtorch
/// still reads it (seen with 0.107 as well: wrong sums and exceptions while another thread collects); here each lives until it has been read.
/// </summary>
internal static class Arithmetic
{
    private static readonly Scalar _one = 1.0;
    private static readonly Scalar _zero = 0.0;

    /// <summary>A new tensor of squares. TorchSharp's own passes the exponent as a number that may be collected meanwhile.</summary>
    internal static Tensor Squared(this Tensor tensor) => tensor.mul(tensor);

    /// <summary>A new tensor, <c>tensor + x</c>.</summary>
    internal static Tensor Sum(this Tensor tensor, Tensor x) => tensor.add(x, _one);

    /// <summary><c>tensor ← tensor + x</c>.</summary>
    internal static Tensor Plus(this Tensor tensor, Tensor x) => tensor.add_(x, _one);

    /// <summary><c>tensor ← tensor + x</c>.</summary>
    internal static Tensor Plus(this Tensor tensor, double x)
    {
        using Scalar scalar = x;
        return tensor.add_(scalar, _one);
    }

    /// <summary><c>tensor ← tensor + factor·x</c>.</summary>
    internal static Tensor Plus(this Tensor tensor, Tensor x, double factor)
    {
        using Scalar scalar = factor;
        return tensor.add_(x, scalar);
    }

    /// <summary><c>tensor ← tensor + factor·x∘y</c>.</summary>
    internal static Tensor PlusProduct(this Tensor tensor, Tensor x, Tensor y, double factor = 1)
    {
        using Scalar scalar = factor;
        return tensor.addcmul_(x, y, scalar);
    }

    /// <summary><c>tensor ← tensor·factor</c>.</summary>
    internal static Tensor Times(this Tensor tensor, double factor)
    {
        using Scalar scalar = factor;
        return tensor.mul_(scalar);
    }

    /// <summary>Sets every element. (Not <c>zero_</c> for zeros: it makes another tensor besides.)</summary>
    internal static Tensor Become(this Tensor tensor, double value)
    {
        // Beyond single precision lies infinity; libtorch would take it for a mistake.
        using Scalar scalar = tensor.dtype == ScalarType.Float32 ? (float)value : value;
        return tensor.fill_(scalar);
    }

    /// <summary>Clamps every element.</summary>
    internal static Tensor Within(this Tensor tensor, double lower, double upper)
    {
        using Scalar least = lower, greatest = upper;
        return tensor.clamp_(least, greatest);
    }

    /// <summary>Sets the elements to zero where <paramref name="x"/> is.</summary>
    internal static Tensor ZeroWhereZero(this Tensor tensor, Tensor x)
    {
        using Tensor mask = x.eq(_zero);
        return tensor.masked_fill_(mask, _zero);
    }
}
