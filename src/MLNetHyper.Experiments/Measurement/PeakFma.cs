using System.Diagnostics;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace MLNetHyper.Experiments;

/// <summary>Measures how many floating-point operations one core can do at best, as a yardstick for the kernels.</summary>
public static class PeakFma
{
    private const int Rounds = 20_000;
    private const int Accumulators = 12;

    /// <summary>
    /// The rate of independent fused multiply-adds in the widest registers that the engine uses, the best of several runs of about
    /// a millisecond: two operations each, in 10⁹ per second.
    /// </summary>
    /// <typeparam name="T">float or double.</typeparam>
    public static double MeasureGflops<T>() where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var run = new Run<T>();
        Kernels<T>.Best.Accept(run);
        return run.Gflops;
    }

    private sealed class Run<T> : IKernelVisitor<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        internal double Gflops { get; private set; }

        public void Visit<L, V>() where L : struct, ILanes<V, T> where V : struct => Gflops = Measure<L, V, T>();
    }

    private static double Measure<L, V, T>()
        where L : struct, ILanes<V, T> where V : struct where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        double best = double.PositiveInfinity;
        // The first runs compile; the clock then needs a while to rise.
        for (int run = 0; run < 300; run++)
        {
            long start = Stopwatch.GetTimestamp();
            T sum = Chains<L, V, T>(T.CreateChecked(0.5));
            if (!T.IsFinite(sum))
                throw new UnreachableException("The sums converge.");
            best = Math.Min(best, Stopwatch.GetElapsedTime(start).TotalSeconds);
        }
        return 2.0 * Rounds * Accumulators * L.Count / best * 1e-9;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static T Chains<L, V, T>(T factor)
        where L : struct, ILanes<V, T> where V : struct where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        V x = L.Create(factor);
        V a = x, b = x, c = x, d = x, e = x, f = x, g = x, h = x, i = x, j = x, k = x, l = x;
        for (int round = 0; round < Rounds; round++)
        {
            a = L.MultiplyAdd(a, x, x);
            b = L.MultiplyAdd(b, x, x);
            c = L.MultiplyAdd(c, x, x);
            d = L.MultiplyAdd(d, x, x);
            e = L.MultiplyAdd(e, x, x);
            f = L.MultiplyAdd(f, x, x);
            g = L.MultiplyAdd(g, x, x);
            h = L.MultiplyAdd(h, x, x);
            i = L.MultiplyAdd(i, x, x);
            j = L.MultiplyAdd(j, x, x);
            k = L.MultiplyAdd(k, x, x);
            l = L.MultiplyAdd(l, x, x);
        }
        V sum = L.Add(L.Add(L.Add(a, b), L.Add(c, d)), L.Add(L.Add(e, f), L.Add(g, h)));
        return L.Sum(L.Add(sum, L.Add(L.Add(i, j), L.Add(k, l))));
    }
}
