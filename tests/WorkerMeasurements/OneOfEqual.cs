using MLNetHyper.Engine;

namespace MLNetHyper.WorkerMeasurements;

/// <summary>The first of workers who all come to the same.</summary>
internal sealed class OneOfEqual(int count) : Workers
{
    public override int Rank => 0;

    public override int Count => count;

    public override void Sum(Span<double> numbers)
    {
        foreach (ref double number in numbers)
            number *= count;
    }

    public override void Broadcast(Span<byte> bytes) { }

    public override byte[][] Exchange(IReadOnlyList<byte[]> messages) => [.. messages];
}
