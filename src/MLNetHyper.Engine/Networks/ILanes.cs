using System.Numerics;

namespace MLNetHyper.Engine;

/// <summary>
/// One vector register's worth of numbers. Kernels are written once over this interface and the JIT compiles them for 512-bit or
/// 256-bit registers; <see cref="Vector{T}"/> would stop at 256 bits.
/// </summary>
/// <remarks>
/// Kernels ask to be compiled with all optimizations at once. Compiled in haste first, as is usual, each of these calls stays one, and a short training is over before that ends: with one processor
/// the JIT waits for a second and more.
/// </remarks>
/// <typeparam name="V">The register type.</typeparam>
/// <typeparam name="T">float or double.</typeparam>
internal unsafe interface ILanes<V, T> where V : struct where T : unmanaged
{
    static abstract int Count { get; }

    /// <summary>Whether there are 32 registers, as with AVX-512, for a kernel's tile; otherwise 16.</summary>
    static abstract bool HasManyRegisters { get; }

    static abstract V Zero { get; }

    static abstract V Create(T value);

    static abstract V Load(T* source);

    static abstract void Store(V value, T* destination);

    static abstract V Add(V x, V y);

    static abstract V Subtract(V x, V y);

    static abstract V Multiply(V x, V y);

    static abstract V Divide(V x, V y);

    /// <summary><c>x·y + z</c>, rounded once.</summary>
    static abstract V MultiplyAdd(V x, V y, V z);

    /// <summary>The larger; <paramref name="y"/> where either is not a number.</summary>
    static abstract V Max(V x, V y);

    /// <summary>The smaller; <paramref name="y"/> where either is not a number.</summary>
    static abstract V Min(V x, V y);

    static abstract V Abs(V x);

    /// <summary>The exponential; it may end at the largest and smallest normal numbers instead of infinity and zero.</summary>
    static abstract V Exp(V x);

    static abstract V Log(V x);

    /// <summary><paramref name="value"/> where <paramref name="x"/> is positive, zero elsewhere.</summary>
    static abstract V WherePositive(V x, V value);

    /// <summary><paramref name="value"/> where <paramref name="x"/> equals <paramref name="y"/>, zero elsewhere.</summary>
    static abstract V WhereEqual(V x, V y, V value);

    static abstract T Sum(V x);

    /// <summary>Four sums at once, which cost hardly more than one.</summary>
    static abstract void Sum(V x, V y, V z, V w, T* sums);
}
