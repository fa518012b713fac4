using System.Numerics;

namespace MLNetHyper.Tests.Onnx;

/// <summary>Operators that treat every value by itself.</summary>
internal static class ElementwiseOperators
{
    internal interface IArithmetic
    {
        T Apply<T>(T a, T b) where T : INumber<T>;
    }

    public static Func<OnnxCall, OnnxTensor> Binary<TArithmetic>() where TArithmetic : struct, IArithmetic
        => call => Apply<TArithmetic>(call, call.Input(0), call.Input(1));

    /// <summary>Operators for any number of inputs: Sum, Max, Min.</summary>
    public static Func<OnnxCall, OnnxTensor> Variadic<TArithmetic>() where TArithmetic : struct, IArithmetic
        => call => call.Inputs.Aggregate((a, b) => Apply<TArithmetic>(call, a, b));

    /// <summary>Functions are evaluated as double and rounded once, which is as near as a float can be.</summary>
    public static Func<OnnxCall, OnnxTensor> Unary(Func<double, double> function) => call => call.Input(0) switch
    {
        { Values: float[] values } tensor => new(Array.ConvertAll(values, value => (float)function(value)), tensor.Shape),
        { Values: double[] values } tensor => new(Array.ConvertAll(values, value => function(value)), tensor.Shape),
        OnnxTensor tensor => throw call.Unsupported(tensor.ToString()),
    };

    public static OnnxTensor Not(OnnxCall call)
        => new(Array.ConvertAll(call.Input(0).As<bool>(), value => !value), call.Input(0).Shape);

    public static OnnxTensor IsNaN(OnnxCall call)
        => new(Array.ConvertAll(call.Input(0).As<float>(), float.IsNaN), call.Input(0).Shape);

    public static Func<OnnxCall, OnnxTensor> Compare(Func<int, bool> holds) => call => call.Input(0).ElementType switch
    {
        // Numbers are compared as such, so that NaN is neither greater, nor less, nor equal.
        Type type when type == typeof(float) => Compare<float>(call, holds),
        Type type when type == typeof(double) => Compare<double>(call, holds),
        Type type when type == typeof(int) => Compare<int>(call, holds),
        Type type when type == typeof(long) => Compare<long>(call, holds),
        Type type => throw call.Unsupported(type.Name),
    };

    public static OnnxTensor Clip(OnnxCall call)
    {
        OnnxTensor result = call.Input(0);
        foreach (OnnxTensor? bound in (OnnxTensor?[])[call.Optional(1), call.Optional(2)])
            if (bound is { Shape.Length: not 0 })
                throw new ArgumentException($"Clip: a bound is {bound}, not a scalar.");
        if (call.Optional(1) is OnnxTensor least)
            result = Apply<Greatest>(call, result, least);
        return call.Optional(2) is OnnxTensor most ? Apply<Least>(call, result, most) : result;
    }

    public static OnnxTensor Where(OnnxCall call)
    {
        OnnxTensor condition = call.Input(0), x = call.Input(1), y = call.Input(2);
        int[] shape = Broadcast.Shape(condition.Shape, x.Shape, y.Shape);
        int[] conditions = Broadcast.Places(condition.Shape, shape);
        int[] first = Broadcast.Places(x.Shape, shape), second = Broadcast.Places(y.Shape, shape);
        if (x.ElementType != y.ElementType)
            throw new ArgumentException($"Where chooses between {x} and {y}.");
        var values = Array.CreateInstance(x.ElementType, conditions.Length);
        for (int i = 0; i < conditions.Length; i++)
        {
            bool choice = condition.As<bool>()[conditions[i]];
            Array.Copy(choice ? x.Values : y.Values, choice ? first[i] : second[i], values, i, 1);
        }

        return new(values, shape);
    }

    private static OnnxTensor Compare<T>(OnnxCall call, Func<int, bool> holds) where T : INumber<T>
        => Broadcast.Map(call.Input(0), call.Input(1), (T a, T b) => !T.IsNaN(a) && !T.IsNaN(b) && holds(a.CompareTo(b)));

    private static OnnxTensor Apply<TArithmetic>(OnnxCall call, OnnxTensor a, OnnxTensor b) where TArithmetic : struct, IArithmetic
    {
        TArithmetic arithmetic = default;
        return a.ElementType switch
        {
            Type type when type == typeof(float) => Broadcast.Map<float, float>(a, b, arithmetic.Apply),
            Type type when type == typeof(double) => Broadcast.Map<double, double>(a, b, arithmetic.Apply),
            Type type when type == typeof(int) => Broadcast.Map<int, int>(a, b, arithmetic.Apply),
            Type type when type == typeof(long) => Broadcast.Map<long, long>(a, b, arithmetic.Apply),
            Type type when type == typeof(uint) => Broadcast.Map<uint, uint>(a, b, arithmetic.Apply),
            Type type when type == typeof(ulong) => Broadcast.Map<ulong, ulong>(a, b, arithmetic.Apply),
            Type type => throw call.Unsupported(type.Name),
        };
    }

    internal struct Plus : IArithmetic
    {
        public readonly T Apply<T>(T a, T b) where T : INumber<T> => a + b;
    }

    internal struct Minus : IArithmetic
    {
        public readonly T Apply<T>(T a, T b) where T : INumber<T> => a - b;
    }

    internal struct Times : IArithmetic
    {
        public readonly T Apply<T>(T a, T b) where T : INumber<T> => a * b;
    }

    internal struct Over : IArithmetic
    {
        public readonly T Apply<T>(T a, T b) where T : INumber<T> => a / b;
    }

    internal struct Greatest : IArithmetic
    {
        public readonly T Apply<T>(T a, T b) where T : INumber<T> => T.Max(a, b);
    }

    internal struct Least : IArithmetic
    {
        public readonly T Apply<T>(T a, T b) where T : INumber<T> => T.Min(a, b);
    }
}
