namespace MLNetHyper.Tests.Onnx;

/// <summary>Operators that move values and leave them as they are.</summary>
internal static class ShapeOperators
{
    public static OnnxTensor Reshape(OnnxCall call)
    {
        OnnxTensor data = call.Input(0);
        int[] shape = Array.ConvertAll(call.Input(1).As<long>(), size => checked((int)size));
        for (int i = 0; i < shape.Length; i++)
            shape[i] = shape[i] == 0 ? data.Shape[i] : shape[i];
        int free = Array.IndexOf(shape, -1);
        if (free >= 0)
        {
            shape[free] = 1;
            shape[free] = data.Values.Length / OnnxTensor.Count(shape);
        }

        return data.Reshape(shape);
    }

    public static OnnxTensor Squeeze(OnnxCall call)
    {
        OnnxTensor data = call.Input(0);
        int[] all = [.. Enumerable.Range(0, data.Shape.Length)];
        int[] axes = call.Has("axes")
            ? [.. call.Attribute<long[]>("axes").Select(axis => data.Axis(axis))]
            : [.. all.Where(axis => data.Shape[axis] == 1)];
        if (axes.Any(axis => data.Shape[axis] != 1))
            throw new ArgumentException($"Squeeze: {data} has more than one value along the axes {string.Join(", ", axes)}.");
        return data.Reshape([.. all.Except(axes).Select(axis => data.Shape[axis])]);
    }

    public static OnnxTensor Unsqueeze(OnnxCall call)
    {
        OnnxTensor data = call.Input(0);
        long[] axes = call.Attribute<long[]>("axes");
        List<int> shape = [.. data.Shape];
        foreach (int axis in axes.Select(axis => data.Axis(axis, data.Shape.Length + axes.Length)).Order())
            shape.Insert(axis, 1);
        return data.Reshape([.. shape]);
    }

    public static OnnxTensor Concat(OnnxCall call)
    {
        OnnxTensor[] parts = call.Inputs;
        int axis = parts[0].Axis(call.Attribute<long>("axis"));
        int[] shape = [.. parts[0].Shape];
        shape[axis] = parts.Sum(part => part.Shape[axis]);
        if (parts.Any(part => part.Shape.Length != shape.Length || part.ElementType != parts[0].ElementType
            || part.Shape.Where((size, i) => i != axis && size != shape[i]).Any()))
            throw new ArgumentException($"Concat along the axis {axis} of {string.Join(", ", parts.AsEnumerable())}.");
        var values = Array.CreateInstance(parts[0].ElementType, OnnxTensor.Count(shape));
        for (int at = 0, row = 0; at < values.Length; row++)
        {
            foreach (OnnxTensor part in parts)
            {
                int run = OnnxTensor.Count(part.Shape.AsSpan(axis));
                Array.Copy(part.Values, row * run, values, at, run);
                at += run;
            }
        }

        return new(values, shape);
    }

    public static OnnxTensor Gather(OnnxCall call)
    {
        OnnxTensor data = call.Input(0), indices = CastOperator.To(call.Input(1), typeof(long));
        int axis = data.Axis(call.Attribute("axis", 0L)), size = data.Shape[axis];
        int outer = OnnxTensor.Count(data.Shape.AsSpan(0, axis)), run = OnnxTensor.Count(data.Shape.AsSpan(axis + 1));
        int[] shape = [.. data.Shape[..axis], .. indices.Shape, .. data.Shape[(axis + 1)..]];
        var values = Array.CreateInstance(data.ElementType, OnnxTensor.Count(shape));
        int at = 0;
        for (int i = 0; i < outer; i++)
        {
            foreach (long index in indices.As<long>())
            {
                Array.Copy(data.Values, ((i * size) + Index(index, size)) * run, values, at, run);
                at += run;
            }
        }

        return new(values, shape);
    }

    public static OnnxTensor GatherElements(OnnxCall call)
    {
        OnnxTensor data = call.Input(0), indices = CastOperator.To(call.Input(1), typeof(long));
        int axis = data.Axis(call.Attribute("axis", 0L));
        int[] shape = indices.Shape, places = indices.As<long>().Select(index => Index(index, data.Shape[axis])).ToArray();
        if (shape.Length != data.Shape.Length)
            throw new ArgumentException($"GatherElements of {data} by {indices}.");
        var values = Array.CreateInstance(data.ElementType, places.Length);
        for (int i = 0; i < places.Length; i++)
        {
            int rest = i, stride = 1, from = 0;
            for (int k = shape.Length - 1; k >= 0; k--)
            {
                from += (k == axis ? places[i] : rest % shape[k]) * stride;
                rest /= shape[k];
                stride *= data.Shape[k];
            }

            Array.Copy(data.Values, from, values, i, 1);
        }

        return new(values, shape);
    }

    private static int Index(long index, int size) => index >= -size && index < size
        ? (int)(index < 0 ? index + size : index)
        : throw new ArgumentException($"The index {index} among {size}.");
}
