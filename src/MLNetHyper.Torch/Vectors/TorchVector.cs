using MLNetHyper.Engine;
using TorchSharp;
using static TorchSharp.torch;

namespace MLNetHyper.Torch;

/// <summary>The TorchSharp engine's vector: one flat tensor on a device. The objective that made it disposes of it.</summary>
public sealed class TorchVector : IVector<TorchVector>
{
    private readonly VectorPool _pool;

    internal TorchVector(VectorPool pool, long length)
    {
        _pool = pool;
        Tensor = pool.Zeros(length);
        Length = checked((int)length);
    }

    /// <inheritdoc/>
    public int Length { get; }

    /// <summary>The elements: a tensor of one dimension that needs no gradient. Change them in place only.</summary>
    public Tensor Tensor { get; }

    /// <inheritdoc/>
    public TorchVector CreateZero() => _pool.Create(Length);

    /// <inheritdoc/>
    public void CopyFrom(TorchVector source) => Tensor.copy_(Checked(source));

    /// <inheritdoc/>
    public void Fill(double value) => Tensor.Become(value);

    /// <inheritdoc/>
    public void Fill(double value, int start, int length)
    {
        using Tensor part = Tensor.narrow(0, start, length);
        part.Become(value);
    }

    /// <inheritdoc/>
    public void Fill(ReadOnlySpan<double> values, IReadOnlyList<TensorSegment> segments)
    {
        if (Rows(segments) is not { } rows)
        {
            for (int k = 0; k < segments.Count; k++)
                Fill(values[k], segments[k].Start, segments[k].Length);
            return;
        }
        using DisposeScope scope = NewDisposeScope();
        Tensor.view(rows, -1).copy_(tensor(values.ToArray(), [rows, 1], dtype: ScalarType.Float64, device: CPU));
    }

    /// <inheritdoc/>
    public void Scale(double a)
    {
        if (a == 0)
            Fill(0);
        else if (a != 1)
            Tensor.Times(a);
    }

    /// <inheritdoc/>
    public void Combine(double a, double b, TorchVector x)
    {
        if (a == 0)
        {
            Tensor.copy_(Checked(x));
            Scale(b);
            return;
        }
        if (a != 1 && x == this)
        {
            Tensor.Times(a + b);
            return;
        }
        Scale(a);
        Tensor.Plus(Checked(x), b);
    }

    /// <inheritdoc/>
    public void Combine(double a, double b, TorchVector x, double c, TorchVector y)
    {
        if (x == this || y == this)
        {
            using DisposeScope scope = NewDisposeScope();
            Tensor sum = Checked(x).clone().Times(b).Plus(Checked(y), c);
            Scale(a);
            Tensor.Plus(sum);
            return;
        }
        Combine(a, b, x);
        Tensor.Plus(Checked(y), c);
    }

    /// <inheritdoc/>
    public void CombineProduct(double a, double b, TorchVector x, TorchVector y)
    {
        if (a == 0 && x != this && y != this)
        {
            Tensor.copy_(Checked(x)).mul_(Checked(y));
            Scale(b);
            return;
        }
        if (x == this || y == this)
        {
            using Tensor product = Checked(x).mul(Checked(y));
            product.Times(b);
            Scale(a);
            Tensor.Plus(product);
            return;
        }
        Scale(a);
        Tensor.PlusProduct(Checked(x), Checked(y), b);
    }

    /// <inheritdoc/>
    public void QuotientRoot(TorchVector x, double a, TorchVector y, double epsilon)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor denominator = Checked(y).clone().Times(a).Within(0, double.PositiveInfinity).sqrt_().Plus(epsilon);
        // Only an exact zero is replaced: a NaN has to reach the divergence guard.
        Tensor.copy_(Checked(x).div(denominator).ZeroWhereZero(denominator));
    }

    /// <inheritdoc/>
    public void Exp10()
    {
        Tensor.Times(Math.Log(10));
        Tensor.exp_();
    }

    /// <inheritdoc/>
    public void Sigmoid() => Tensor.sigmoid_();

    /// <inheritdoc/>
    public void Clamp(double lower, double upper) => Tensor.Within(lower, upper);

    /// <inheritdoc/>
    public double Dot(TorchVector x)
    {
        using Tensor product = Tensor.dot(Checked(x));
        return product.ToDouble();
    }

    /// <inheritdoc/>
    public double Dot(TorchVector x, int start, int length)
    {
        using DisposeScope scope = NewDisposeScope();
        return Tensor.narrow(0, start, length).dot(Checked(x).narrow(0, start, length)).ToDouble();
    }

    /// <inheritdoc/>
    public void Dots(TorchVector x, IReadOnlyList<TensorSegment> segments, Span<double> products)
    {
        if (segments.Count == 1 && segments[0].Length == Length)
        {
            products[0] = Dot(x);
            return;
        }
        using DisposeScope scope = NewDisposeScope();
        Tensor all = Tensor.mul(Checked(x));
        Tensor sums = Rows(segments) is { } rows
            ? all.view(rows, -1).sum(1)
            : stack(segments.Select(s => all.narrow(0, s.Start, s.Length).sum()));
        sums.to_type(ScalarType.Float64).cpu().data<double>().CopyTo(products);
    }

    /// <inheritdoc/>
    public void LimitNorm(double limit, double epsilon)
    {
        // Without waiting for the norm. An infinite one less itself is NaN, which zero, its inverse, must not hide.
        using DisposeScope scope = NewDisposeScope();
        Tensor norm = Tensor.norm(), lost = norm.sub(norm);
        Tensor.mul_(norm.Plus(epsilon).reciprocal_().Times(limit).Within(0, 1).add_(lost));
    }

    /// <inheritdoc/>
    public bool IsFinite()
    {
        using DisposeScope scope = NewDisposeScope();
        // x - x is zero for finite x and NaN otherwise, and NaN survives every sum.
        return Tensor.sub(Tensor).sum().ToDouble() == 0;
    }

    /// <inheritdoc/>
    public bool IsFinite(int start, int length)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor part = Tensor.narrow(0, start, length);
        return part.sub(part).sum().ToDouble() == 0;
    }

    /// <inheritdoc/>
    public void AreFinite(IReadOnlyList<TensorSegment> segments, Span<bool> finite)
    {
        if (Rows(segments) is not { } rows)
        {
            for (int k = 0; k < segments.Count; k++)
                finite[k] = IsFinite(segments[k].Start, segments[k].Length);
            return;
        }
        using DisposeScope scope = NewDisposeScope();
        double[] sums = Tensor.sub(Tensor).view(rows, -1).sum(1).to_type(ScalarType.Float64).cpu().data<double>().ToArray();
        for (int k = 0; k < rows; k++)
            finite[k] = sums[k] == 0;
    }

    /// <inheritdoc/>
    public void CopyFrom(TorchVector source, int start, int length)
    {
        using Tensor from = Checked(source).narrow(0, start, length), to = Tensor.narrow(0, start, length);
        to.copy_(from);
    }

    /// <inheritdoc/>
    public void CopyFrom(TorchVector source, IReadOnlyList<TensorSegment> segments, ReadOnlySpan<bool> chosen)
    {
        if (!chosen.Contains(true))
            return;
        if (Rows(segments) is { } rows && chosen.Contains(false))
        {
            using DisposeScope scope = NewDisposeScope();
            Tensor mask = tensor(chosen.ToArray(), [rows, 1], device: Tensor.device);
            Tensor.copy_(where(mask, Checked(source).view(rows, -1), Tensor.view(rows, -1)).view(-1));
            return;
        }
        for (int k = 0; k < segments.Count; k++)
        {
            if (chosen[k])
                CopyFrom(source, segments[k].Start, segments[k].Length);
        }
    }

    /// <inheritdoc/>
    public void CopyTo(Span<double> destination)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(destination.Length, Length);
        using DisposeScope scope = NewDisposeScope();
        Tensor.to_type(ScalarType.Float64).cpu().data<double>().CopyTo(destination);
    }

    /// <inheritdoc/>
    public void CopyFrom(ReadOnlySpan<double> source)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(source.Length, Length);
        using Tensor values = tensor(source.ToArray(), dtype: ScalarType.Float64, device: CPU);
        Tensor.copy_(values);
    }

    /// <summary>The number of segments where they are equally long and cover the vector in turn, as members of a population do; else null.</summary>
    private int? Rows(IReadOnlyList<TensorSegment> segments)
    {
        int length = segments[0].Length;
        if ((long)length * segments.Count != Length)
            return null;
        for (int k = 0; k < segments.Count; k++)
        {
            if (segments[k].Length != length || segments[k].Start != k * length)
                return null;
        }
        return segments.Count;
    }

    private Tensor Checked(TorchVector other) => other.Length == Length
        ? other.Tensor
        : throw new ArgumentException($"A vector of {Length} elements cannot be combined with one of {other.Length}.", nameof(other));
}
