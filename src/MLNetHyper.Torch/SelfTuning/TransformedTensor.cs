using MLNetHyper.Engine;
using static TorchSharp.torch;

namespace MLNetHyper.Torch;

/// <summary>The transforms of hyperparameters as operations that autograd differentiates.</summary>
internal static class TransformedTensor
{
    internal static Tensor ToRaw(this Transform transform, Tensor real)
    {
        if (transform == Transform.Identity)
            return real;
        if (transform == Transform.Log10)
            return real.log10();
        return real.log().sub(Constant(GreatestOf(transform), real).sub(real).log());
    }

    internal static Tensor ToReal(this Transform transform, Tensor raw)
    {
        if (transform == Transform.Identity)
            return raw;
        if (transform == Transform.Log10)
            return raw.mul(Constant(Math.Log(10), raw)).exp();
        return raw.sigmoid().mul(Constant(GreatestOf(transform), raw));
    }

    internal static Tensor Constant(double value, Tensor like) => tensor(value, dtype: like.dtype, device: like.device);

    private static double GreatestOf(Transform logit) => logit.ToReal(double.PositiveInfinity);
}
