namespace MLNetHyper.Tests.Onnx;

/// <summary>NumPy's broadcasting, which ONNX calls multidirectional.</summary>
internal static class Broadcast
{
    public static OnnxTensor Map<TIn, TOut>(OnnxTensor a, OnnxTensor b, Func<TIn, TIn, TOut> function)
    {
        int[] shape = Shape(a.Shape, b.Shape), first = Places(a.Shape, shape), second = Places(b.Shape, shape);
        TIn[] left = a.As<TIn>(), right = b.As<TIn>();
        var values = new TOut[first.Length];
        for (int i = 0; i < values.Length; i++)
            values[i] = function(left[first[i]], right[second[i]]);
        return new(values, shape);
    }

    public static int[] Shape(params int[][] shapes)
    {
        int[] result = new int[shapes.Max(shape => shape.Length)];
        Array.Fill(result, 1);
        foreach (int[] shape in shapes)
        {
            for (int i = 1; i <= shape.Length; i++)
            {
                ref int size = ref result[^i];
                size = size == 1 || size == shape[^i] ? shape[^i] : shape[^i] == 1
                    ? size
                    : throw new ArgumentException($"The shapes {string.Join(" and ", shapes.Select(s => $"[{string.Join(", ", s)}]"))} do not fit.");
            }
        }

        return result;
    }

    /// <summary>For every value of the larger shape, the place of its source in the smaller.</summary>
    public static int[] Places(int[] from, int[] to)
    {
        int[] places = new int[OnnxTensor.Count(to)];
        for (int i = 0; i < places.Length; i++)
        {
            int rest = i, stride = 1;
            for (int axis = 1; axis <= from.Length; axis++)
            {
                places[i] += from[^axis] == 1 ? 0 : rest % to[^axis] * stride;
                rest /= to[^axis];
                stride *= from[^axis];
            }
        }

        return places;
    }
}
