using System.Numerics;
using System.Runtime.Intrinsics;

namespace MLNetHyper.Engine;

/// <summary>The kernels as compiled for registers of one width. All widths compute the same, but for rounding.</summary>
/// <typeparam name="T">float or double.</typeparam>
internal abstract class Kernels<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Environment variable with a number of bits that registers are not to exceed, for measurements and tests.</summary>
    internal const string BitsVariable = "MLNETHYPER_VECTOR_BITS";

    /// <summary>The widest first, since a kernel's time goes with the number of its registers. Narrower processors run those of 256 bits in pieces.</summary>
    internal static IReadOnlyList<Kernels<T>> All { get; } =
    [
        new Of<Lanes512<T>, Vector512<T>>(512, Vector512.IsHardwareAccelerated),
        new Of<Lanes256<T>, Vector256<T>>(256, isSupported: true),
    ];

    /// <summary>The first of the list that this process may use.</summary>
    internal static Kernels<T> Best => All.First(kernels => kernels.IsSupported && !(kernels.Bits > Limit));

    private static int? Limit => int.TryParse(Environment.GetEnvironmentVariable(BitsVariable), out int bits) ? Math.Max(bits, 256) : null;

    /// <summary>The registers' width.</summary>
    internal abstract int Bits { get; }

    /// <summary>Whether the processor has such registers; without, it computes the same slowly.</summary>
    internal abstract bool IsSupported { get; }

    /// <summary>How many numbers a register holds.</summary>
    internal abstract int LaneCount { get; }

    internal abstract ILinearization<DenseVector<T>> CreateLinearization(NetworkShape shape, Tiling tiling, WorkerTeam team, Regularizers<T>? regularizers, bool withProducts);

    /// <summary>Calls what is written for any register type with this one.</summary>
    internal abstract void Accept(IKernelVisitor<T> visitor);

    private sealed class Of<L, V>(int bits, bool isSupported) : Kernels<T> where L : struct, ILanes<V, T> where V : struct
    {
        internal override int Bits => bits;

        internal override bool IsSupported => isSupported;

        internal override int LaneCount => L.Count;

        internal override ILinearization<DenseVector<T>> CreateLinearization(NetworkShape shape, Tiling tiling, WorkerTeam team, Regularizers<T>? regularizers, bool withProducts) =>
            new NetworkLinearization<L, V, T>(shape, tiling, team, regularizers, withProducts);

        internal override void Accept(IKernelVisitor<T> visitor) => visitor.Visit<L, V>();
    }
}

/// <summary>Something written for any register type.</summary>
/// <typeparam name="T">float or double.</typeparam>
internal interface IKernelVisitor<T> where T : unmanaged
{
    /// <summary>Called with one of them.</summary>
    /// <typeparam name="L">What can be done with the registers.</typeparam>
    /// <typeparam name="V">The register type.</typeparam>
    void Visit<L, V>() where L : struct, ILanes<V, T> where V : struct;
}
