namespace MLNetHyper.Tests.Onnx;

/// <summary>Products of matrices, summed as double and rounded once: what a runtime's order of sums scatters around.</summary>
internal static class MatrixOperators
{
    public static OnnxTensor Gemm(OnnxCall call)
    {
        OnnxTensor a = call.Input(0), b = call.Input(1);
        double alpha = call.Attribute("alpha", 1f), beta = call.Attribute("beta", 1f);
        OnnxTensor product = Multiply(call, a, b, call.Flag("transA", false), call.Flag("transB", false));
        double[] values = Array.ConvertAll(product.As<double>(), value => alpha * value);
        if (call.Optional(2) is OnnxTensor c)
        {
            if (c.ElementType != a.ElementType || !Broadcast.Shape(c.Shape, product.Shape).SequenceEqual(product.Shape))
                throw new ArgumentException($"Gemm adds {c} to [{string.Join(", ", product.Shape)}].");
            double[] addend = CastOperator.To(c, typeof(double)).As<double>();
            int[] places = Broadcast.Places(c.Shape, product.Shape);
            for (int i = 0; i < values.Length; i++)
                values[i] += beta * addend[places[i]];
        }

        return CastOperator.To(new(values, product.Shape), a.ElementType);
    }

    public static OnnxTensor MatMul(OnnxCall call)
        => CastOperator.To(Multiply(call, call.Input(0), call.Input(1), false, false), call.Input(0).ElementType);

    private static OnnxTensor Multiply(OnnxCall call, OnnxTensor a, OnnxTensor b, bool transposeA, bool transposeB)
    {
        if (a.Shape.Length != 2 || b.Shape.Length != 2 || a.ElementType != b.ElementType || a.Values is not (float[] or double[]))
            throw call.Unsupported($"{a} times {b}");
        (int rows, int inner) = transposeA ? (a.Shape[1], a.Shape[0]) : (a.Shape[0], a.Shape[1]);
        (int depth, int columns) = transposeB ? (b.Shape[1], b.Shape[0]) : (b.Shape[0], b.Shape[1]);
        if (inner != depth)
            throw new ArgumentException($"{a} times {b} does not fit.");
        double[] left = CastOperator.To(a, typeof(double)).As<double>(), right = CastOperator.To(b, typeof(double)).As<double>();
        double[] product = new double[rows * columns];
        for (int i = 0; i < rows; i++)
            for (int j = 0; j < columns; j++)
                for (int k = 0; k < inner; k++)
                    product[(i * columns) + j] += left[transposeA ? (k * rows) + i : (i * inner) + k]
                        * right[transposeB ? (j * inner) + k : (k * columns) + j];
        return new(product, rows, columns);
    }
}
