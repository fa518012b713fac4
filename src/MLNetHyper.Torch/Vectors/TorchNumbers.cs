using System.Numerics;
using static TorchSharp.torch;

namespace MLNetHyper.Torch;

/// <summary>Between .NET's numbers and libtorch's.</summary>
internal static class TorchNumbers
{
    internal static ScalarType TypeOf<T>() where T : unmanaged =>
        typeof(T) == typeof(float) ? ScalarType.Float32
        : typeof(T) == typeof(double) ? ScalarType.Float64
        : throw new NotSupportedException($"Networks compute in float or double, not {typeof(T).Name}.");

    internal static Tensor ToTensor<T>(T[] values, long[] shape, Device device) where T : unmanaged, IBinaryFloatingPointIeee754<T> => values switch
    {
        float[] singles => tensor(singles, shape, dtype: ScalarType.Float32, device: device),
        double[] doubles => tensor(doubles, shape, dtype: ScalarType.Float64, device: device),
        _ => throw new NotSupportedException($"Networks compute in float or double, not {typeof(T).Name}."),
    };
}
