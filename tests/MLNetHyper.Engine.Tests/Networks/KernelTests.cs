using System.Numerics;
using System.Runtime.Intrinsics;

namespace MLNetHyper.Engine.Tests;

[TestClass]
public sealed unsafe class KernelTests
{
    [TestMethod]
    public void Matrix_products_equal_plain_loops_at_every_length()
    {
        for (int length = 1; length <= 256; length++)
        {
            // The other sizes go through all remainders of the tiles.
            int rows = 1 + (length % 13), inner = 1 + (length % 11);
            foreach (Kernels<float> kernels in Kernels<float>.All)
                kernels.Accept(new ProductCheck<float>(rows, inner, length, 1e-5, 1e-4));
            foreach (Kernels<double> kernels in Kernels<double>.All)
                kernels.Accept(new ProductCheck<double>(rows, inner, length, 1e-13, 1e-13));
        }
    }

    /// <summary>Many rows are multiplied by panels, whose last ones have fewer columns and are shorter.</summary>
    [TestMethod]
    public void Matrix_products_of_many_rows_equal_plain_loops()
    {
        foreach (int rows in new[] { 15, 16, 17, 41 })
        {
            foreach (int inner in new[] { 1, 2, 9, 24, 25, 26, 33, 50 })
            {
                foreach (int length in new[] { 1, 24, 255, 256, 257, 521 })
                {
                    foreach (Kernels<float> kernels in Kernels<float>.All)
                        kernels.Accept(new ProductCheck<float>(rows, inner, length, 1e-4, 3e-4));
                    foreach (Kernels<double> kernels in Kernels<double>.All)
                        kernels.Accept(new ProductCheck<double>(rows, inner, length, 1e-12, 1e-12));
                }
            }
        }
    }

    [TestMethod]
    [DataRow(Activation.Tanh)]
    [DataRow(Activation.Gelu)]
    public void Smooth_activations_are_finite_and_right_everywhere(Activation activation)
    {
        foreach (Kernels<double> kernels in Kernels<double>.All)
            kernels.Accept(new ActivationCheck<double>(activation, 1e-13));
        foreach (Kernels<float> kernels in Kernels<float>.All)
            kernels.Accept(new ActivationCheck<float>(activation, 1e-6));
    }

    [TestMethod]
    public void The_widest_registers_come_first_and_the_first_that_fits_is_taken()
    {
        int[] bits = [.. Kernels<float>.All.Select(kernels => kernels.Bits)];
        CollectionAssert.AreEqual(bits.OrderDescending().ToArray(), bits);
        Assert.IsTrue(Kernels<float>.All[^1].IsSupported, "there is one for every processor");
        Assert.IsTrue(Kernels<float>.All.All(kernels => kernels.LaneCount == kernels.Bits / 32));
        string? before = Environment.GetEnvironmentVariable(Kernels<float>.BitsVariable);
        try
        {
            Environment.SetEnvironmentVariable(Kernels<float>.BitsVariable, null);
            Assert.AreSame(Kernels<float>.All.First(kernels => kernels.IsSupported), Kernels<float>.Best);
            Environment.SetEnvironmentVariable(Kernels<float>.BitsVariable, "256");
            Assert.AreEqual(256, Kernels<float>.Best.Bits);
        }
        finally
        {
            Environment.SetEnvironmentVariable(Kernels<float>.BitsVariable, before);
        }
    }

    private sealed class ProductCheck<T>(int rows, int inner, int length, double tolerance, double ofSums) : IKernelVisitor<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        public void Visit<L, V>() where L : struct, ILanes<V, T> where V : struct
        {
            CheckMultiply<L, V, T>(rows, inner, length, tolerance);
            CheckTransposed<L, V, T>(rows, inner, length, ofSums);
        }
    }

    private sealed class ActivationCheck<T>(Activation activation, double tolerance) : IKernelVisitor<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        public void Visit<L, V>() where L : struct, ILanes<V, T> where V : struct => CheckActivation<L, V, T>(activation, tolerance);
    }

    private static void CheckActivation<L, V, T>(Activation activation, double tolerance)
        where L : struct, ILanes<V, T> where V : struct where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        double[] inputs = [.. Enumerable.Range(-4000, 8001).Select(i => i / 100.0), 1e4, -1e4, 1e30, -1e30, 1e300, -1e300];
        // What float rounds is what it is asked about.
        T[] rounded = [.. inputs.Select(T.CreateSaturating)];
        int length = (inputs.Length + L.Count - 1) / L.Count * L.Count;
        AlignedBuffer<T> z = new(length), slope = new(length), bend = new(length), alone = new(length);
        rounded.CopyTo(z.Span);
        rounded.CopyTo(alone.Span);
        ActivationKernels<L, V, T>.Apply(activation, z.Pointer, slope.Pointer, bend.Pointer, length);
        ActivationKernels<L, V, T>.Apply(activation, alone.Pointer, null, null, length);
        for (int i = 0; i < inputs.Length; i++)
        {
            if (!T.IsFinite(rounded[i]))
                continue;
            (double value, double first, double second) = Derivatives(activation, double.CreateChecked(rounded[i]));
            Assert.AreEqual(value, double.CreateChecked(z.Span[i]), tolerance * (1 + Math.Abs(value)), $"{typeof(L)} at {inputs[i]}");
            Assert.AreEqual(z.Span[i], alone.Span[i]);
            Assert.IsTrue(T.IsFinite(slope.Span[i]) && T.IsFinite(bend.Span[i]));
            if (Math.Abs(inputs[i]) > 40)
                continue;
            Assert.AreEqual(first, double.CreateChecked(slope.Span[i]), 20 * tolerance, $"slope of {typeof(L)} at {inputs[i]}");
            Assert.AreEqual(second, double.CreateChecked(bend.Span[i]), 20 * tolerance, $"bend of {typeof(L)} at {inputs[i]}");
        }
    }

    /// <summary>An activation's value and its first two derivatives.</summary>
    private static (double Value, double First, double Second) Derivatives(Activation activation, double x)
    {
        if (activation == Activation.Tanh)
        {
            double tanh = Math.Tanh(x), by = 1 - (tanh * tanh);
            return (tanh, by, -2 * tanh * by);
        }
        double c = Math.Sqrt(2 / Math.PI), u = c * (x + (0.044715 * x * x * x)), u1 = c * (1 + (3 * 0.044715 * x * x)), u2 = c * 6 * 0.044715 * x;
        double t = Math.Tanh(u), s = 1 - (t * t);
        double slope = s == 0 ? 0 : s * u1, bend = s == 0 ? 0 : s * (u2 - (2 * t * u1 * u1));
        return (0.5 * x * (1 + t), (0.5 * (1 + t)) + (s == 0 ? 0 : 0.5 * x * slope), slope + (s == 0 ? 0 : 0.5 * x * bend));
    }

    private static void CheckMultiply<L, V, T>(int rows, int inner, int columns, double tolerance)
        where L : struct, ILanes<V, T> where V : struct where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int stride = (columns + L.Count - 1) / L.Count * L.Count;
        Random random = new(columns);
        // The left factor lies transposed, and the result's rows follow each other without a gap.
        AlignedBuffer<T> a = Draw<T>(random, rows * inner), b = Draw<T>(random, inner * stride), bias = Draw<T>(random, rows);
        AlignedBuffer<T> c = new((rows * columns) + 1);
        T guard = c.Span[^1] = T.CreateChecked(7);
        for (int pass = 0; pass < 2; pass++)
        {
            Multiply<L, V, T>.Run(
                rows, inner, columns, a.Pointer, 1, rows, b.Pointer, stride, c.Pointer, columns, pass == 0 ? bias.Pointer : null, pass == 1);
            for (int i = 0; i < rows * columns; i++)
            {
                int r = i / columns;
                double sum = 0;
                for (int k = 0; k < inner; k++)
                    sum += double.CreateChecked(a.Span[(k * rows) + r]) * double.CreateChecked(b.Span[(k * stride) + (i % columns)]);
                double expected = double.CreateChecked(bias.Span[r]) + ((pass + 1) * sum);
                Assert.AreEqual(expected, double.CreateChecked(c.Span[i]), tolerance, $"{rows}×{inner}×{columns}");
            }
        }
        Assert.AreEqual(guard, c.Span[^1]);
    }

    private static void CheckTransposed<L, V, T>(int rows, int columns, int length, double tolerance)
        where L : struct, ILanes<V, T> where V : struct where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int stride = (length + L.Count - 1) / L.Count * L.Count;
        Random random = new(length);
        AlignedBuffer<T> a = Draw<T>(random, rows * stride), b = Draw<T>(random, columns * stride), bias = Draw<T>(random, rows);
        AlignedBuffer<T> c = new(rows * columns), last = new(rows);
        AlignedBuffer<T> lanes = new(rows * columns * L.Count);
        MultiplyTransposed<L, V, T>.Run(
            rows, columns, stride, a.Pointer, stride, b.Pointer, stride, new(c.Pointer, columns - 1, last.Pointer, bias.Pointer));
        MultiplyTransposed<L, V, T>.Run(
            rows, columns, stride, a.Pointer, stride, b.Pointer, stride, new(c.Pointer, columns - 1, last.Pointer, null, accumulate: true));
        LaneSums<L, V, T>.Run(rows, columns, stride, a.Pointer, stride, b.Pointer, stride, lanes.Pointer, accumulate: false);
        LaneSums<L, V, T>.Run(rows, columns, stride, a.Pointer, stride, b.Pointer, stride, lanes.Pointer, accumulate: true);
        for (int r = 0; r < rows; r++)
        {
            for (int k = 0; k < columns; k++)
            {
                double sum = 0;
                for (int i = 0; i < stride; i++)
                    sum += double.CreateChecked(a.Span[(r * stride) + i]) * double.CreateChecked(b.Span[(k * stride) + i]);
                T actual = k == columns - 1 ? last.Span[r] : c.Span[(r * (columns - 1)) + k];
                string what = $"{rows}×{columns}×{length}";
                Assert.AreEqual((2 * sum) + double.CreateChecked(bias.Span[r]), double.CreateChecked(actual), tolerance, what);
                double lane = double.CreateChecked(L.Sum(L.Load(lanes.Pointer + (((r * columns) + k) * L.Count))));
                Assert.AreEqual(2 * sum, lane, tolerance, what);
            }
        }
    }

    private static AlignedBuffer<T> Draw<T>(Random random, int count) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        AlignedBuffer<T> buffer = new(count);
        for (int i = 0; i < count; i++)
            buffer.Span[i] = T.CreateChecked((2 * random.NextDouble()) - 1);
        return buffer;
    }
}
