namespace MLNetHyper.Torch.Tests;

/// <summary>Every operation of the vector, against the managed engine's.</summary>
[TestClass]
public sealed class TorchVectorTests
{
    private static readonly (string Name, Action<Operands> Apply)[] _operations =
    [
        ("copy", o => o.Do((r, x, y) => r.CopyFrom(x), (r, x, y) => r.CopyFrom(x))),
        ("fill", o => o.Do((r, x, y) => r.Fill(2.5), (r, x, y) => r.Fill(2.5))),
        ("scale", o => o.Do((r, x, y) => r.Scale(-1.5), (r, x, y) => r.Scale(-1.5))),
        ("scale by zero", o => o.Do((r, x, y) => r.Scale(0), (r, x, y) => r.Scale(0))),
        ("combine", o => o.Do((r, x, y) => r.Combine(0.5, -2, x), (r, x, y) => r.Combine(0.5, -2, x))),
        ("combine onto nothing", o => o.Do((r, x, y) => r.Combine(0, -2, x), (r, x, y) => r.Combine(0, -2, x))),
        ("combine with itself", o => o.Do((r, x, y) => r.Combine(0.5, -2, r), (r, x, y) => r.Combine(0.5, -2, r))),
        ("combine two", o => o.Do((r, x, y) => r.Combine(0.5, -2, x, 3, y), (r, x, y) => r.Combine(0.5, -2, x, 3, y))),
        ("combine two onto nothing", o => o.Do((r, x, y) => r.Combine(0, -2, x, 3, y), (r, x, y) => r.Combine(0, -2, x, 3, y))),
        ("combine two with itself", o => o.Do((r, x, y) => r.Combine(0.5, -2, x, 3, r), (r, x, y) => r.Combine(0.5, -2, x, 3, r))),
        ("combine in turn", o => o.Do((r, x, y) => ((IVector<TorchVector>)r).CombineInTurn(0.9, 1, x, 1e-2, y, 1, -0.1), (r, x, y) => r.CombineInTurn(0.9, 1, x, 1e-2, y, 1, -0.1))),
        ("product", o => o.Do((r, x, y) => r.CombineProduct(0.5, -2, x, y), (r, x, y) => r.CombineProduct(0.5, -2, x, y))),
        ("product onto nothing", o => o.Do((r, x, y) => r.CombineProduct(0, -2, x, y), (r, x, y) => r.CombineProduct(0, -2, x, y))),
        ("product with itself", o => o.Do((r, x, y) => r.CombineProduct(0, 1, x, r), (r, x, y) => r.CombineProduct(0, 1, x, r))),
        ("product with itself added", o => o.Do((r, x, y) => r.CombineProduct(2, 3, r, y), (r, x, y) => r.CombineProduct(2, 3, r, y))),
        ("quotient", o => o.Do((r, x, y) => r.QuotientRoot(x, 2, y, 1e-8), (r, x, y) => r.QuotientRoot(x, 2, y, 1e-8))),
        ("quotient by zero", o => o.Do((r, x, y) => { y.Fill(0); r.QuotientRoot(x, 2, y, 0); }, (r, x, y) => { y.Fill(0); r.QuotientRoot(x, 2, y, 0); })),
        ("moments", o => o.Do((r, x, y) => ((IVector<TorchVector>)r).CombineMoments(0.9, x, 0.95, y, 1.5, 1e-8, x), (r, x, y) => r.CombineMoments(0.9, x, 0.95, y, 1.5, 1e-8, x))),
        ("power of ten", o => o.Do((r, x, y) => r.Exp10(), (r, x, y) => r.Exp10())),
        ("sigmoid", o => o.Do((r, x, y) => r.Sigmoid(), (r, x, y) => r.Sigmoid())),
        ("clamp", o => o.Do((r, x, y) => r.Clamp(-0.3, 0.4), (r, x, y) => r.Clamp(-0.3, 0.4))),
        ("limit the norm", o => o.Do((r, x, y) => new NormClipping(0.01).Apply(r), (r, x, y) => new NormClipping(0.01).Apply(r))),
        ("limit a norm below it", o => o.Do((r, x, y) => new NormClipping(1e6).Apply(r), (r, x, y) => new NormClipping(1e6).Apply(r))),
    ];

    private static IEnumerable<object[]> Operations => _operations.Select(o => new object[] { o.Name });

    [TestMethod]
    [DynamicData(nameof(Operations))]
    public void Operation_is_that_of_the_managed_vector(string name)
    {
        foreach (int length in (int[])[1, 2, 3, 17, 256])
        {
            using var operands = new Operands(length);
            _operations.Single(o => o.Name == name).Apply(operands);
            operands.AssertEqual(name);
        }
    }

    [TestMethod]
    public void Reductions_are_those_of_the_managed_vector()
    {
        foreach (int length in (int[])[2, 6, 40])
        {
            using var o = new Operands(length);
            Assert.AreEqual(o.Dense[0].Dot(o.Dense[1]), o.Torch[0].Dot(o.Torch[1]), 1e-12);
            Assert.AreEqual(o.Dense[0].Dot(o.Dense[1], 1, length - 1), o.Torch[0].Dot(o.Torch[1], 1, length - 1), 1e-12);
            foreach (TensorSegment[] segments in Divisions(length))
            {
                double[] expected = new double[segments.Length], actual = new double[segments.Length];
                ((IVector<DenseVector<double>>)o.Dense[0]).Dots(o.Dense[1], segments, expected);
                o.Torch[0].Dots(o.Torch[1], segments, actual);
                for (int k = 0; k < expected.Length; k++)
                    Assert.AreEqual(expected[k], actual[k], 1e-12);
            }
        }
    }

    [TestMethod]
    public void Segments_are_filled_with_their_values()
    {
        foreach (TensorSegment[] segments in Divisions(6))
        {
            using var o = new Operands(6);
            double[] values = [.. segments.Select((_, k) => k + 0.5)];
            ((IVector<DenseVector<double>>)o.Dense[0]).Fill(values, segments);
            o.Torch[0].Fill(values, segments);
            o.AssertEqual("fill");
        }
    }

    [TestMethod]
    [DataRow(double.NaN)]
    [DataRow(double.PositiveInfinity)]
    [DataRow(double.NegativeInfinity)]
    public void Elements_that_are_not_finite_are_noticed_and_vanish_only_where_they_should(double bad)
    {
        using var o = new Operands(5);
        Assert.IsTrue(o.Torch[0].IsFinite());
        o.Torch[0].Fill(bad, 3, 1);
        Assert.IsFalse(o.Torch[0].IsFinite());
        o.Torch[0].Combine(1, 1, o.Torch[1]);
        Assert.IsFalse(o.Torch[0].IsFinite());
        o.Torch[0].Scale(0);
        Assert.IsTrue(o.Torch[0].IsFinite());
        o.Torch[0].Fill(bad);
        o.Torch[0].Combine(0, 1, o.Torch[1], 1, o.Torch[2]);
        Assert.IsTrue(o.Torch[0].IsFinite());
    }

    [TestMethod]
    public void Vectors_of_other_lengths_are_refused()
    {
        using var pool = new VectorPool(CPU, ScalarType.Float64);
        ArgumentException e = Assert.ThrowsExactly<ArgumentException>(() => pool.Create(3).CopyFrom(pool.Create(4)));
        StringAssert.Contains(e.Message, "3 elements cannot be combined with one of 4");
    }

    private static TensorSegment[][] Divisions(int length) =>
    [
        [new("all", 0, length, 1)],
        [new("one", 0, 1, 1), new("rest", 1, length - 1, 1)],
        [new("half", 0, length / 2, 1), new("half", length / 2, length / 2, 1)],
    ];

    /// <summary>Three vectors on each engine with the same elements.</summary>
    private sealed class Operands : IDisposable
    {
        private readonly VectorPool _pool = new(CPU, ScalarType.Float64);

        internal Operands(int length)
        {
            var random = new Random(length);
            for (int k = 0; k < 3; k++)
            {
                double[] values = [.. Enumerable.Range(0, length).Select(_ => (2 * random.NextDouble()) - 1)];
                Torch[k] = _pool.Create(length);
                Torch[k].CopyFrom(values);
                Dense[k] = new(length);
                Dense[k].CopyFrom(values);
            }
        }

        internal TorchVector[] Torch { get; } = new TorchVector[3];

        internal DenseVector<double>[] Dense { get; } = new DenseVector<double>[3];

        internal void Do(Action<TorchVector, TorchVector, TorchVector> onTorch, Action<DenseVector<double>, DenseVector<double>, DenseVector<double>> onDense)
        {
            onTorch(Torch[0], Torch[1], Torch[2]);
            CombineDense(onDense);
        }

        internal void AssertEqual(string what)
        {
            double[] actual = new double[Dense[0].Length];
            for (int k = 0; k < 3; k++)
            {
                Torch[k].CopyTo(actual);
                for (int i = 0; i < actual.Length; i++)
                    Assert.AreEqual(Dense[k].Span[i], actual[i], 1e-13 * Math.Max(1, Math.Abs(actual[i])), $"{what}, length {actual.Length}, vector {k}, element {i}");
            }
        }

        public void Dispose() => _pool.Dispose();

        private void CombineDense(Action<DenseVector<double>, DenseVector<double>, DenseVector<double>> action) => action(Dense[0], Dense[1], Dense[2]);
    }
}
