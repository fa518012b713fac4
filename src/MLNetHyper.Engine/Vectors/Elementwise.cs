using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace MLNetHyper.Engine;

/// <summary>A function of the elements of three vectors at one place, <c>r ← f(r, p, q)</c>, a register at a time.</summary>
internal interface IElementwise<T>
{
    Vector512<T> Of(Vector512<T> r, Vector512<T> p, Vector512<T> q);
}

/// <summary>The elementwise functions that <see cref="DenseVector{T}"/> needs and TensorPrimitives does not fuse.</summary>
internal static class Elementwise<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary><c>r + t·p</c>.</summary>
    internal readonly struct Add(T t) : IElementwise<T>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector512<T> Of(Vector512<T> r, Vector512<T> p, Vector512<T> q) => r + (p * t);
    }

    /// <summary><c>s·r + t·p</c>.</summary>
    internal readonly struct Combine(T s, T t) : IElementwise<T>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector512<T> Of(Vector512<T> r, Vector512<T> p, Vector512<T> q) => (r * s) + (p * t);
    }

    /// <summary><c>t·p + u·q</c>.</summary>
    internal readonly struct Sum(T t, T u) : IElementwise<T>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector512<T> Of(Vector512<T> r, Vector512<T> p, Vector512<T> q) => (p * t) + (q * u);
    }

    /// <summary><c>s·r + t·p + u·q</c>.</summary>
    internal readonly struct CombineTwo(T s, T t, T u) : IElementwise<T>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector512<T> Of(Vector512<T> r, Vector512<T> p, Vector512<T> q) => (r * s) + (p * t) + (q * u);
    }

    /// <summary><c>t·p∘q</c>.</summary>
    internal readonly struct Product(T t) : IElementwise<T>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector512<T> Of(Vector512<T> r, Vector512<T> p, Vector512<T> q) => p * q * t;
    }

    /// <summary><c>s·r + t·p∘q</c>.</summary>
    internal readonly struct CombineProduct(T s, T t) : IElementwise<T>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector512<T> Of(Vector512<T> r, Vector512<T> p, Vector512<T> q) => (r * s) + (p * q * t);
    }

    /// <summary><c>p / (√(s·q) + ε)</c>, zero where the denominator is. Only an exact zero is replaced: a NaN has to reach the divergence guard.</summary>
    internal readonly struct QuotientRoot(T s, T epsilon) : IElementwise<T>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector512<T> Of(Vector512<T> r, Vector512<T> p, Vector512<T> q)
        {
            Vector512<T> zero = Vector512<T>.Zero, denominator = Vector512.Sqrt(Vector512.Max(q * s, zero)) + Vector512.Create(epsilon);
            return Vector512.ConditionalSelect(Vector512.Equals(denominator, zero), zero, p / denominator);
        }
    }
}
