using BenchmarkDotNet.Attributes;
using MLNetHyper.Engine;

namespace Benchmarks;

/// <summary>The vector operations that a training step is made of, from one that fits L1 to one that does not fit L2.</summary>
public class DenseVectorBenchmarks
{
    private DenseVector<float> _x = null!;
    private DenseVector<float> _y = null!;
    private DenseVector<float> _z = null!;

    [Params(501, 39_760, 1_000_000)]
    public int Length { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        _x = new DenseVector<float>(Length);
        _y = new DenseVector<float>(Length);
        _z = new DenseVector<float>(Length);
        _x.Fill(1);
        _y.Fill(0.5);
        _z.Fill(0.25);
    }

    /// <summary>The coefficients sum to less than one, so that repeating it neither overflows nor reaches subnormals.</summary>
    [Benchmark]
    public void Combine() => _x.Combine(0.5, 0.25, _y);

    [Benchmark]
    public void CombineTwo() => _x.Combine(0.5, 0.25, _y, 0.125, _z);

    [Benchmark]
    public double Dot() => _x.Dot(_y);
}
