using System.Numerics;

namespace MLNetHyper.Tests.Onnx;

/// <summary>Operators that bring several values together along an axis.</summary>
internal static class ReductionOperators
{
    public static OnnxTensor Sum(OnnxCall call) => Reduce(call, values => values.Sum(), values => values.Sum());

    public static OnnxTensor Mean(OnnxCall call) => Reduce(call, values => values.Average(), null);

    public static OnnxTensor Max(OnnxCall call) => Reduce(call, values => values.Max(), values => values.Max());

    public static OnnxTensor ArgMax(OnnxCall call)
    {
        bool last = call.Flag("select_last_index", false);
        OnnxTensor data = call.Input(0);
        int axis = data.Axis(call.Attribute("axis", 0L));
        int[][] groups = Groups(data.Shape, [axis]);
        long[] places = data.Values switch
        {
            float[] values => Places(values, groups, last),
            double[] values => Places(values, groups, last),
            _ => throw call.Unsupported(data.ToString()),
        };
        return new(places, Shape(data.Shape, [axis], call.Flag("keepdims", true)));
    }

    /// <summary>Until version 13 everything from the axis on is one distribution.</summary>
    public static OnnxTensor Softmax(OnnxCall call)
    {
        OnnxTensor data = call.Input(0);
        int size = OnnxTensor.Count(data.Shape.AsSpan(data.Axis(call.Attribute("axis", 1L))));
        double[] rows = CastOperator.To(data, typeof(double)).As<double>();
        double[] result = [.. rows.Chunk(size).SelectMany(Softmax)];
        return data.Values is float[] or double[]? CastOperator.To(new(result, data.Shape), data.ElementType)
            : throw call.Unsupported(data.ToString());
    }

    public static double[] Softmax(double[] row)
    {
        double[] powers = Array.ConvertAll(row, value => Math.Exp(value - row.Max()));
        return Array.ConvertAll(powers, power => power / powers.Sum());
    }

    private static OnnxTensor Reduce(OnnxCall call, Func<IEnumerable<double>, double> real, Func<IEnumerable<long>, long>? whole)
    {
        OnnxTensor data = call.Input(0);
        int[] axes = call.Has("axes")
            ? [.. call.Attribute<long[]>("axes").Select(axis => data.Axis(axis))]
            : [.. Enumerable.Range(0, data.Shape.Length)];
        int[][] groups = Groups(data.Shape, axes);
        Array values = data.Values switch
        {
            float[] all => Array.ConvertAll(groups, group => (float)real(group.Select(i => (double)all[i]))),
            double[] all => Array.ConvertAll(groups, group => real(group.Select(i => all[i]))),
            _ when data.ElementType == typeof(long) && whole is not null
                => Array.ConvertAll(groups, group => whole(group.Select(i => data.As<long>()[i]))),
            _ => throw call.Unsupported(data.ToString()),
        };
        return new(values, Shape(data.Shape, axes, call.Flag("keepdims", true)));
    }

    private static long[] Places<T>(T[] values, int[][] groups, bool last) where T : INumber<T>
        => Array.ConvertAll(groups, group =>
        {
            int best = 0;
            for (int i = 1; i < group.Length; i++)
                if (values[group[i]] > values[group[best]] || (last && values[group[i]] == values[group[best]]))
                    best = i;
            return (long)best;
        });

    /// <summary>For every value of the result, the places of the values that go into it, in their order.</summary>
    private static int[][] Groups(int[] shape, int[] axes)
    {
        int[] kept = Shape(shape, axes, true), places = Broadcast.Places(kept, shape);
        var groups = new List<int>[OnnxTensor.Count(kept)];
        for (int i = 0; i < groups.Length; i++)
            groups[i] = [];
        for (int i = 0; i < places.Length; i++)
            groups[places[i]].Add(i);
        return Array.ConvertAll(groups, group => group.ToArray());
    }

    private static int[] Shape(int[] shape, int[] axes, bool keep) => keep
        ? [.. shape.Select((size, axis) => axes.Contains(axis) ? 1 : size)]
        : [.. shape.Where((_, axis) => !axes.Contains(axis))];
}
