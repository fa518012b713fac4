namespace MLNetHyper.Tests.Onnx;

/// <summary>Numbers, truth values or texts in row-major order.</summary>
internal sealed class OnnxTensor
{
    /// <summary>ONNX's numbers for its element types, and ours for them.</summary>
    private static readonly Dictionary<long, Type> _elementTypes = new()
    {
        [1] = typeof(float),
        [2] = typeof(byte),
        [3] = typeof(sbyte),
        [4] = typeof(ushort),
        [5] = typeof(short),
        [6] = typeof(int),
        [7] = typeof(long),
        [8] = typeof(string),
        [9] = typeof(bool),
        [11] = typeof(double),
        [12] = typeof(uint),
        [13] = typeof(ulong),
    };

    public OnnxTensor(Array values, params int[] shape)
    {
        if (!_elementTypes.ContainsValue(values.GetType().GetElementType()!))
            throw new NotSupportedException($"A tensor of {values.GetType().GetElementType()!.Name} is not supported.");
        if (values.Length != Count(shape))
            throw new ArgumentException($"{values.Length} values do not fill the shape [{string.Join(", ", shape)}].");
        (Values, Shape) = (values, shape);
    }

    public Array Values { get; }

    public int[] Shape { get; }

    public Type ElementType => Values.GetType().GetElementType()!;

    public static Type TypeOf(long number) => _elementTypes.TryGetValue(number, out Type? type)
        ? type
        : throw new NotSupportedException($"The ONNX element type {number} is not supported.");

    public static int Count(ReadOnlySpan<int> shape)
    {
        int count = 1;
        foreach (int size in shape)
            count = checked(count * size);
        return count;
    }

    /// <summary>The values. An exact match, since C# would let a cast take an array of uint for one of int.</summary>
    public T[] As<T>() => ElementType == typeof(T)
        ? (T[])Values
        : throw new NotSupportedException($"A tensor of {typeof(T).Name} was expected, not of {ElementType.Name}.");

    public OnnxTensor Reshape(params int[] shape) => new(Values, shape);

    /// <summary>An axis as a number from 0, which the specification also lets count from the end.</summary>
    public int Axis(long axis, int? rank = null)
    {
        int bound = rank ?? Shape.Length;
        return axis >= -bound && axis < bound
            ? (int)(axis < 0 ? axis + bound : axis)
            : throw new ArgumentException($"Axis {axis} of a tensor with {bound} axes.");
    }

    public override string ToString() => $"{ElementType.Name}[{string.Join(", ", Shape)}]";
}
