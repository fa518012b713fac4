using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace MLNetHyper.Engine;

/// <summary>The managed engine's vector: one 64-byte aligned block of memory that never moves.</summary>
/// <typeparam name="T">float for speed, double for reference traces and finite differences.</typeparam>
public sealed unsafe class DenseVector<T> : IVector<DenseVector<T>> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly AlignedBuffer<T> _buffer;

    /// <summary>A vector of zeros.</summary>
    /// <param name="length">Number of elements, at least 1.</param>
    public DenseVector(int length)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(length, 1);
        _buffer = new AlignedBuffer<T>(length);
    }

    private DenseVector(AlignedBuffer<T> buffer) => _buffer = buffer;

    /// <inheritdoc/>
    public int Length => _buffer.Length;

    /// <summary>The elements.</summary>
    public Span<T> Span => _buffer.Span;

    internal T* Pointer => _buffer.Pointer;

    /// <summary>Some of the elements, in the same memory.</summary>
    /// <param name="start">The first one, at the beginning of a register.</param>
    /// <param name="length">How many. What fills up their last register is theirs.</param>
    internal DenseVector<T> Part(int start, int length) => new(_buffer.Part(start, length));

    /// <inheritdoc/>
    public DenseVector<T> CreateZero() => new(Length);

    /// <inheritdoc/>
    public void CopyFrom(DenseVector<T> source)
    {
        RequireSameLength(source);
        source.Span.CopyTo(Span);
    }

    /// <inheritdoc/>
    public void CopyFrom(DenseVector<T> source, int start, int length)
    {
        RequireSameLength(source);
        source.Span.Slice(start, length).CopyTo(Span.Slice(start, length));
    }

    /// <inheritdoc/>
    public void Fill(double value) => Span.Fill(T.CreateChecked(value));

    /// <inheritdoc/>
    public void Fill(double value, int start, int length) => Span.Slice(start, length).Fill(T.CreateChecked(value));

    /// <inheritdoc/>
    public void Scale(double a)
    {
        if (a == 0)
            Span.Clear();
        else
            TensorPrimitives.Multiply(Span, T.CreateChecked(a), Span);
    }

    /// <inheritdoc/>
    public void Combine(double a, double b, DenseVector<T> x)
    {
        T s = T.CreateChecked(a), t = T.CreateChecked(b);
        if (a == 0)
        {
            RequireSameLength(x);
            TensorPrimitives.Multiply(x.Span, t, Span);
        }
        else if (a == 1)
        {
            Run(x, x, new Elementwise<T>.Add(t));
        }
        else
        {
            Run(x, x, new Elementwise<T>.Combine(s, t));
        }
    }

    /// <inheritdoc/>
    public void Combine(double a, double b, DenseVector<T> x, double c, DenseVector<T> y)
    {
        T s = T.CreateChecked(a), t = T.CreateChecked(b), u = T.CreateChecked(c);
        if (a == 0)
            Run(x, y, new Elementwise<T>.Sum(t, u));
        else
            Run(x, y, new Elementwise<T>.CombineTwo(s, t, u));
    }

    /// <inheritdoc/>
    public void CombineInTurn(double a, double b, DenseVector<T> x, double c, DenseVector<T> y, double d, double e)
    {
        RequireSameLength(x);
        RequireSameLength(y);
        T s = T.CreateChecked(a), t = T.CreateChecked(b), u = T.CreateChecked(c), v = T.CreateChecked(d), w = T.CreateChecked(e);
        T* r = Pointer;
        T* p = x.Pointer;
        T* q = y.Pointer;
        for (nint i = 0, n = Length; i < n; i += Vector512<T>.Count)
        {
            Vector512<T> second = Vector512.Load(q + i);
            Vector512<T> first = (Vector512.Load(r + i) * s) + (Vector512.Load(p + i) * t) + (second * u);
            first.Store(r + i);
            ((second * v) + (first * w)).Store(q + i);
        }
        KeepAlive(this, x, y);
    }

    /// <inheritdoc/>
    public void CombineProduct(double a, double b, DenseVector<T> x, DenseVector<T> y)
    {
        T s = T.CreateChecked(a), t = T.CreateChecked(b);
        if (a == 0)
            Run(x, y, new Elementwise<T>.Product(t));
        else
            Run(x, y, new Elementwise<T>.CombineProduct(s, t));
    }

    /// <inheritdoc/>
    public void QuotientRoot(DenseVector<T> x, double a, DenseVector<T> y, double epsilon) =>
        Run(x, y, new Elementwise<T>.QuotientRoot(T.CreateChecked(a), T.CreateChecked(epsilon)));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void CombineMoments(double a, DenseVector<T> x, double b, DenseVector<T> y, double c, double epsilon, DenseVector<T> z)
    {
        RequireSameLength(x);
        RequireSameLength(y);
        RequireSameLength(z);
        var mean = new Elementwise<T>.Combine(T.CreateChecked(a), T.CreateChecked(1 - a));
        var square = new Elementwise<T>.CombineProduct(T.CreateChecked(b), T.CreateChecked(1 - b));
        var quotient = new Elementwise<T>.QuotientRoot(T.CreateChecked(c), T.CreateChecked(epsilon));
        T* m = Pointer, p = x.Pointer, s = y.Pointer, r = z.Pointer;
        for (nint i = 0, n = Length; i < n; i += Vector512<T>.Count)
        {
            Vector512<T> now = Vector512.Load(p + i), first = mean.Of(Vector512.Load(m + i), now, now), second = square.Of(Vector512.Load(s + i), now, now);
            first.Store(m + i);
            second.Store(s + i);
            quotient.Of(first, first, second).Store(r + i);
        }
        KeepAlive(this, x, y);
        GC.KeepAlive(z);
    }

    /// <inheritdoc/>
    public void Exp10() => TensorPrimitives.Exp10<T>(Span, Span);

    /// <inheritdoc/>
    public void Sigmoid() => TensorPrimitives.Sigmoid<T>(Span, Span);

    /// <inheritdoc/>
    public void Clamp(double lower, double upper) =>
        TensorPrimitives.Clamp(Span, T.CreateChecked(lower), T.CreateChecked(upper), Span);

    /// <inheritdoc/>
    public double Dot(DenseVector<T> x) => double.CreateChecked(TensorPrimitives.Dot<T>(Span, x.Span));

    /// <inheritdoc/>
    public double Dot(DenseVector<T> x, int start, int length) =>
        double.CreateChecked(TensorPrimitives.Dot<T>(Span.Slice(start, length), x.Span.Slice(start, length)));

    /// <inheritdoc/>
    public bool IsFinite() => IsFinite(0, Length);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public bool IsFinite(int start, int length)
    {
        _ = Span.Slice(start, length);
        T* p = Pointer + start;
        nint n = length, i = 0;
        // x - x is zero for finite x and NaN otherwise, and NaN survives every sum.
        Vector512<T> sum = Vector512<T>.Zero;
        for (; i <= n - Vector512<T>.Count; i += Vector512<T>.Count)
        {
            Vector512<T> x = Vector512.Load(p + i);
            sum += x - x;
        }
        T rest = Vector512.Sum(sum);
        for (; i < n; i++)
            rest += p[i] - p[i];
        KeepAlive(this);
        return rest == T.Zero;
    }

    /// <inheritdoc/>
    public void CopyTo(Span<double> destination)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(destination.Length, Length);
        TensorPrimitives.ConvertChecked<T, double>(Span, destination);
    }

    /// <inheritdoc/>
    public void CopyFrom(ReadOnlySpan<double> source)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(source.Length, Length);
        TensorPrimitives.ConvertChecked<double, T>(source, Span);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Run<TFunction>(DenseVector<T> x, DenseVector<T> y, TFunction f) where TFunction : struct, IElementwise<T>
    {
        RequireSameLength(x);
        RequireSameLength(y);
        T* r = Pointer, p = x.Pointer, q = y.Pointer;
        // Buffers are whole registers; what lies behind the last element is nobody's.
        for (nint i = 0, n = Length; i < n; i += Vector512<T>.Count)
            f.Of(Vector512.Load(r + i), Vector512.Load(p + i), Vector512.Load(q + i)).Store(r + i);
        KeepAlive(this, x, y);
    }

    // The loops read raw memory: a shorter argument would be read past its end.
    private void RequireSameLength(DenseVector<T> other)
    {
        if (other.Length != Length)
            throw new ArgumentException($"A vector of {Length} elements cannot be combined with one of {other.Length}.", nameof(other));
    }

    // A pointer keeps nothing alive: without this, the collector may free a vector whose last use is the running loop.
    private static void KeepAlive(DenseVector<T> x, DenseVector<T>? y = null, DenseVector<T>? z = null)
    {
        GC.KeepAlive(x);
        GC.KeepAlive(y);
        GC.KeepAlive(z);
    }
}
