using System.Globalization;
using System.Numerics;

namespace MLNetHyper.Tests.Onnx;

/// <summary>Cast, version 9.</summary>
internal static class CastOperator
{
    public static OnnxTensor Cast(OnnxCall call) => To(call.Input(0), OnnxTensor.TypeOf(call.Attribute<long>("to")));

    public static OnnxTensor To(OnnxTensor tensor, Type type)
    {
        Array values = tensor.ElementType == type ? tensor.Values
            : type == typeof(float) ? Numbers<float>(tensor)
            : type == typeof(double) ? Numbers<double>(tensor)
            : type == typeof(int) ? Numbers<int>(tensor)
            : type == typeof(long) ? Numbers<long>(tensor)
            : type == typeof(uint) ? Numbers<uint>(tensor)
            : type == typeof(ulong) ? Numbers<ulong>(tensor)
            : type == typeof(bool) ? Array.ConvertAll(Numbers<double>(tensor), value => value != 0)
            : type == typeof(string) ? Texts(tensor)
            : throw Unsupported(tensor, type);
        return new(values, tensor.Shape);
    }

    /// <summary>Fractions are cut off; what does not fit is undefined in ONNX, and an exception here.</summary>
    private static T[] Numbers<T>(OnnxTensor tensor) where T : INumber<T> => tensor.Values switch
    {
        float[] values => Array.ConvertAll(values, T.CreateChecked),
        double[] values => Array.ConvertAll(values, T.CreateChecked),
        string[] values => Array.ConvertAll(values, value => T.Parse(value, NumberStyles.Float, CultureInfo.InvariantCulture)),
        bool[] values => Array.ConvertAll(values, value => value ? T.One : T.Zero),
        // By the exact type, since a C# pattern takes an array of uint for one of int.
        _ when tensor.ElementType == typeof(int) => Array.ConvertAll(tensor.As<int>(), T.CreateChecked),
        _ when tensor.ElementType == typeof(uint) => Array.ConvertAll(tensor.As<uint>(), T.CreateChecked),
        _ when tensor.ElementType == typeof(long) => Array.ConvertAll(tensor.As<long>(), T.CreateChecked),
        _ when tensor.ElementType == typeof(ulong) => Array.ConvertAll(tensor.As<ulong>(), T.CreateChecked),
        _ => throw Unsupported(tensor, typeof(T)),
    };

    /// <summary>Integers only: of a fraction the specification leaves the digits open.</summary>
    private static string[] Texts(OnnxTensor tensor) => tensor.ElementType switch
    {
        Type type when type == typeof(int) || type == typeof(long) || type == typeof(uint) => Array.ConvertAll(
            Numbers<long>(tensor), value => value.ToString(CultureInfo.InvariantCulture)),
        _ => throw Unsupported(tensor, typeof(string)),
    };

    private static NotSupportedException Unsupported(OnnxTensor tensor, Type type)
        => new($"A cast of {tensor.ElementType.Name} to {type.Name} is not supported.");
}
