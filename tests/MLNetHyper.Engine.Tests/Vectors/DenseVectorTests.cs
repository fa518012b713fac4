using System.Numerics;

namespace MLNetHyper.Engine.Tests;

/// <summary>Every operation of <see cref="DenseVector{T}"/> in float, at every length, against an obvious loop.</summary>
[TestClass]
public sealed class DenseVectorSingleTests : DenseVectorTests<float>;

/// <summary>The same in double.</summary>
[TestClass]
public sealed class DenseVectorDoubleTests : DenseVectorTests<double>;

/// <summary>The operations' contract, written once for both element types.</summary>
public abstract class DenseVectorTests<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    // Past four full registers of float, so that every remainder meets none, one and several full registers.
    private const int MaxLength = 256;

    // Exp10, Sigmoid and Dot may order or approximate their sums otherwise than a loop does: 64 units in the last place,
    // relative to the largest intermediate result. Everything else has to agree in every bit.
    private static readonly double _tolerance = 64 * double.CreateChecked(T.BitIncrement(T.One) - T.One);

    private static readonly T _nan = T.NaN;

    private static T Of(double value) => T.CreateChecked(value);

    private static DenseVector<T> Random(int length, int seed)
    {
        var random = new Random((seed * 1000) + length);
        var vector = new DenseVector<T>(length);
        foreach (ref T element in vector.Span)
            element = Of((random.NextDouble() * 4) - 2);
        return vector;
    }

    private static DenseVector<T> Full(int length, T value)
    {
        var vector = new DenseVector<T>(length);
        vector.Span.Fill(value);
        return vector;
    }

    private static void ForEveryLength(Action<int> test)
    {
        for (int length = 1; length <= MaxLength; length++)
            test(length);
    }

    /// <summary>Runs an operation on random vectors, then on every aliasing of them, and compares with the reference elementwise.</summary>
    /// <param name="operation">On the receiver and two arguments.</param>
    /// <param name="reference">The receiver's new element from the old elements of the three.</param>
    /// <param name="tolerance">Relative to the larger of 1 and the expected value; 0 asks for equal bits.</param>
    private static void Check(Action<DenseVector<T>, DenseVector<T>, DenseVector<T>> operation, Func<T, T, T, T> reference, double tolerance = 0)
    {
        // Which of three vectors takes which role: all apart, x is the receiver, y is, both are, x and y are one.
        int[][] aliasings = [[0, 1, 2], [0, 0, 2], [0, 1, 0], [0, 0, 0], [0, 1, 1]];
        ForEveryLength(length =>
        {
            foreach (int[] roles in aliasings)
            {
                DenseVector<T>[] vectors = [Random(length, 1), Random(length, 2), Random(length, 3)];
                DenseVector<T> receiver = vectors[roles[0]], x = vectors[roles[1]], y = vectors[roles[2]];
                T[] expected = new T[length];
                for (int i = 0; i < length; i++)
                    expected[i] = reference(receiver.Span[i], x.Span[i], y.Span[i]);
                T[] untouched = vectors[1].Span.ToArray();
                operation(receiver, x, y);
                AreClose(expected, receiver.Span, tolerance, $"length {length}, roles {string.Join(' ', roles)}");
                AreClose(untouched, vectors[1].Span, 0, $"argument of length {length}");
            }
        });
    }

    private static void AreClose(ReadOnlySpan<T> expected, ReadOnlySpan<T> actual, double tolerance, string what)
    {
        Assert.AreEqual(expected.Length, actual.Length, what);
        for (int i = 0; i < expected.Length; i++)
        {
            double e = double.CreateChecked(expected[i]), a = double.CreateChecked(actual[i]);
            bool same = e.Equals(a) || Math.Abs(e - a) <= tolerance * Math.Max(1, Math.Abs(e));
            // The message only where it is needed: building a million of them takes longer than the operations.
            if (!same)
                Assert.Fail($"{what}, element {i}: expected {e:R}, was {a:R}");
        }
    }

    [TestMethod]
    [DataRow(0.0, 0.7)]
    [DataRow(1.0, -0.3)]
    [DataRow(0.9, 1.0)]
    [DataRow(-1.5, 0.0)]
    public void Combine_with_one(double a, double b) =>
        Check((r, x, _) => r.Combine(a, b, x), (r, x, _) => a == 0 ? x * Of(b) : (r * Of(a)) + (x * Of(b)));

    [TestMethod]
    [DataRow(0.0, 0.7, -0.1)]
    [DataRow(1.0, -0.3, 1.0)]
    [DataRow(0.9, 1.0, 0.2)]
    public void Combine_with_two(double a, double b, double c) =>
        Check((r, x, y) => r.Combine(a, b, x, c, y),
            (r, x, y) => a == 0 ? (x * Of(b)) + (y * Of(c)) : (r * Of(a)) + (x * Of(b)) + (y * Of(c)));

    [TestMethod]
    [DataRow(0.0, 0.7)]
    [DataRow(1.0, -0.3)]
    [DataRow(0.99, 0.01)]
    public void CombineProduct(double a, double b) =>
        Check((r, x, y) => r.CombineProduct(a, b, x, y),
            (r, x, y) => a == 0 ? x * y * Of(b) : (r * Of(a)) + (x * y * Of(b)));

    [TestMethod]
    [DataRow(1.0, 1e-3)]
    [DataRow(0.25, 0.0)]
    public void QuotientRoot(double a, double epsilon) =>
        Check((r, x, y) => r.QuotientRoot(x, a, y, epsilon), (_, x, y) =>
        {
            T denominator = T.Sqrt(y > T.Zero ? Of(a) * y : T.Zero) + Of(epsilon);
            return denominator == T.Zero ? T.Zero : x / denominator;
        });

    /// <summary>In one pass to the bit what it is in three, also where the quotient takes the place of the gradient.</summary>
    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public void CombineMoments(bool inPlace) => ForEveryLength(length =>
    {
        DenseVector<T> m = Random(length, 1), x = Random(length, 2), s = Random(length, 3), z = inPlace ? x : Random(length, 4);
        DenseVector<T> mean = Random(length, 1), given = Random(length, 2), square = Random(length, 3), quotient = Random(length, 4);
        m.CombineMoments(0.9, x, 0.95, s, 1.5, 1e-8, z);
        mean.Combine(0.9, 1 - 0.9, given);
        square.CombineProduct(0.95, 1 - 0.95, given, given);
        quotient.QuotientRoot(mean, 1.5, square, 1e-8);
        CollectionAssert.AreEqual(mean.Span.ToArray(), m.Span.ToArray());
        CollectionAssert.AreEqual(square.Span.ToArray(), s.Span.ToArray());
        CollectionAssert.AreEqual(quotient.Span.ToArray(), z.Span.ToArray());
    });

    [TestMethod]
    [DataRow(0.0)]
    [DataRow(1.0)]
    [DataRow(-0.3)]
    public void Scale(double a) => Check((r, _, _) => r.Scale(a), (r, _, _) => a == 0 ? T.Zero : r * Of(a));

    [TestMethod]
    public void Exp10() => Check((r, _, _) => r.Exp10(), (r, _, _) => Of(Math.Pow(10, double.CreateChecked(r))), _tolerance);

    [TestMethod]
    public void Sigmoid() => Check((r, _, _) => r.Sigmoid(), (r, _, _) => Of(1 / (1 + Math.Exp(-double.CreateChecked(r)))), _tolerance);

    [TestMethod]
    public void Clamp() => Check((r, _, _) => r.Clamp(-0.5, 1), (r, _, _) => r < Of(-0.5) ? Of(-0.5) : r > T.One ? T.One : r);

    [TestMethod]
    public void Copy_and_fill()
    {
        Check((r, x, _) => r.CopyFrom(x), (_, x, _) => x);
        Check((r, _, _) => r.Fill(0.375), (_, _, _) => Of(0.375));
        ForEveryLength(length =>
        {
            DenseVector<T> zero = Random(length, 1).CreateZero();
            AreClose(new T[length], zero.Span, 0, "CreateZero");

            DenseVector<T> partly = Random(length, 1);
            T[] expected = partly.Span.ToArray();
            int start = length / 3, count = length / 2;
            Array.Fill(expected, Of(7), start, count);
            partly.Fill(7, start, count);
            AreClose(expected, partly.Span, 0, $"Fill of {count} of {length}");

            DenseVector<T> source = Random(length, 4);
            double[] doubles = new double[length];
            source.CopyTo(doubles);
            DenseVector<T> back = source.CreateZero();
            back.CopyFrom(doubles);
            AreClose(source.Span, back.Span, 0, "through double");
        });
    }

    [TestMethod]
    public void Dot_of_all_and_of_a_part() => ForEveryLength(length =>
    {
        DenseVector<T> x = Random(length, 1), y = Random(length, 2);
        int start = length / 3, count = length / 2;
        double whole = 0, part = 0, scale = 1;
        for (int i = 0; i < length; i++)
        {
            double product = double.CreateChecked(x.Span[i]) * double.CreateChecked(y.Span[i]);
            whole += product;
            scale += Math.Abs(product);
            if (i >= start && i < start + count)
                part += product;
        }
        Assert.AreEqual(whole, x.Dot(y), _tolerance * scale, $"length {length}");
        Assert.AreEqual(part, x.Dot(y, start, count), _tolerance * scale, $"{count} of {length}");
        Assert.IsTrue(x.Dot(x) >= 0);
    });

    [TestMethod]
    public void IsFinite_sees_every_element() => ForEveryLength(length =>
    {
        DenseVector<T> x = Full(length, Of(1e38));
        Assert.IsTrue(x.IsFinite(), $"length {length}");
        foreach (T bad in (T[])[_nan, T.PositiveInfinity, T.NegativeInfinity])
        {
            for (int i = 0; i < length; i++)
            {
                T old = x.Span[i];
                x.Span[i] = bad;
                if (x.IsFinite())
                    Assert.Fail($"{bad} at {i} of {length}");
                x.Span[i] = old;
            }
        }
    });

    [TestMethod]
    public void A_zero_factor_does_not_read_the_old_elements() => ForEveryLength(length =>
    {
        DenseVector<T> x = Random(length, 1), y = Random(length, 2), r = Full(length, _nan);
        r.Scale(0);
        AreClose(new T[length], r.Span, 0, "Scale");
        foreach (Action<DenseVector<T>> operation in (Action<DenseVector<T>>[])
            [v => v.Combine(0, 2, x), v => v.Combine(0, 2, x, 3, y), v => v.CombineProduct(0, 2, x, y)])
        {
            r.Fill(double.NaN);
            operation(r);
            Assert.IsTrue(r.IsFinite(), $"length {length}");
        }
    });

    [TestMethod]
    public void QuotientRoot_hides_no_NaN()
    {
        DenseVector<T> one = Full(9, T.One), nan = Full(9, _nan), r = one.CreateZero();
        r.QuotientRoot(one, 1, nan, 0);
        Assert.IsFalse(r.IsFinite());
        r.QuotientRoot(nan, 1, one, 0);
        Assert.IsFalse(r.IsFinite());
        // A square that rounding left slightly negative counts as zero.
        r.QuotientRoot(one, 1, Full(9, -T.Epsilon), 0);
        AreClose(new T[9], r.Span, 0, "negative y");
    }

    [TestMethod]
    public unsafe void Memory_is_aligned_and_zero() => ForEveryLength(length =>
    {
        var vector = new DenseVector<T>(length);
        fixed (T* first = vector.Span)
            Assert.AreEqual(0, (nint)first % 64, $"length {length}");
        Assert.AreEqual(length, vector.Length);
        Assert.IsFalse(vector.Span.ContainsAnyExcept(T.Zero));
    });

    [TestMethod]
    public void Lengths_that_differ_are_refused()
    {
        DenseVector<T> three = new(3), four = new(4);
        Action[] misuses =
        [
            () => _ = new DenseVector<T>(0),
            () => three.CopyFrom(four),
            () => four.CopyFrom(three),
            () => four.Combine(1, 1, three),
            () => four.Combine(0, 1, three),
            () => four.Combine(1, 1, four, 1, three),
            () => four.CombineProduct(1, 1, three, four),
            () => four.QuotientRoot(four, 1, three, 1),
            () => four.CombineMoments(1, three, 1, four, 1, 1, four),
            () => four.CombineMoments(1, four, 1, three, 1, 1, four),
            () => four.CombineMoments(1, four, 1, four, 1, 1, three),
            () => four.Dot(three),
            () => three.Dot(three, 2, 2),
            () => three.Fill(1, 2, 2),
            () => three.CopyTo(new double[4]),
            () => three.CopyFrom(new double[2]),
        ];
        for (int i = 0; i < misuses.Length; i++)
        {
            Exception? thrown = null;
            try
            {
                misuses[i]();
            }
            catch (ArgumentException e)
            {
                thrown = e;
            }
            Assert.IsNotNull(thrown, $"misuse {i}");
        }
    }

    [TestMethod]
    public void Operations_allocate_nothing()
    {
        const int Length = 77;
        DenseVector<T> x = Random(Length, 1), y = Random(Length, 2), r = Random(Length, 3);
        double[] doubles = new double[Length];
        double sum = 0;
        void Everything()
        {
            r.CopyFrom(x);
            r.Fill(0.5);
            r.Fill(0.25, 3, 5);
            r.Scale(0.5);
            r.Combine(0, 1, x);
            r.Combine(1, 0.5, x);
            r.Combine(0.5, 0.5, x, 0.5, y);
            r.CombineProduct(0.5, 0.5, x, y);
            r.QuotientRoot(x, 1, y, 1e-8);
            r.CombineMoments(0.5, x, 0.5, y, 1, 1e-8, x);
            r.Clamp(-1, 1);
            r.Exp10();
            r.Sigmoid();
            sum += r.Dot(x) + r.Dot(x, 2, 5) + (r.IsFinite() ? 1 : 0);
            r.CopyTo(doubles);
            r.CopyFrom(doubles);
        }

        Everything();
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 100; i++)
            Everything();
        Assert.AreEqual(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.IsTrue(double.IsFinite(sum));
    }

    [TestMethod]
    public void Segments_have_their_own_products_and_values()
    {
        IVector<DenseVector<T>> x = Random(10, 1);
        DenseVector<T> y = Random(10, 2);
        TensorSegment[] segments = [new("a", 0, 3, 1), new("b", 3, 1, 1), new("c", 4, 6, 1)];
        double[] products = new double[3];
        x.Dots(y, segments, products);
        for (int k = 0; k < segments.Length; k++)
            Assert.AreEqual(x.Dot(y, segments[k].Start, segments[k].Length), products[k]);
        x.Fill([1, 2, 3], segments);
        CollectionAssert.AreEqual((T[])[Of(1), Of(1), Of(1), Of(2), Of(3), Of(3), Of(3), Of(3), Of(3), Of(3)], ((DenseVector<T>)x).Span.ToArray());
    }

    [TestMethod]
    public void Norm_is_limited_and_shorter_vectors_stay()
    {
        DenseVector<T> x = Full(4, Of(3));
        new NormClipping(6.1).Apply(x);
        Assert.AreEqual(Of(3), x.Span[2]);
        new NormClipping(2).Apply(x);
        Assert.AreEqual(1, double.CreateChecked(x.Span[2]), 1e-6);
    }

    [TestMethod]
    public void A_norm_that_is_no_finite_number_does_not_become_a_gradient_of_zero()
    {
        // The last is a norm that overflows, though every element is finite.
        T largest = typeof(T) == typeof(float) ? T.CreateChecked(1e30) : T.CreateChecked(1e300);
        foreach (T element in new[] { _nan, T.PositiveInfinity, T.NegativeInfinity, largest })
        {
            DenseVector<T> lost = Full(40, Of(1));
            lost.Span[3] = element;
            new NormClipping(1).Apply(lost);
            Assert.IsFalse(lost.IsFinite(), $"{element}");
            DenseVector<T> change = Full(40, Of(1)), gradient = Full(40, Of(1));
            gradient.Span[3] = element;
            new NormClipping(1).Differentiate([change], gradient, []);
            Assert.IsFalse(change.IsFinite(), $"{element}");
        }
    }
}
