using System.Numerics.Tensors;

namespace MLNetHyper.Engine;

/// <summary>A sum of losses for each of several members.</summary>
internal sealed class MemberLossSum(int members) : LossSum
{
    internal double[] Totals { get; } = new double[members];

    public override double Total
    {
        get
        {
            double sum = 0;
            foreach (double total in Totals)
                sum += total;
            return sum;
        }
    }

    public override bool IsKnownToBeLost => Array.TrueForAll(Totals, total => !double.IsFinite(total));

    public override void Clear() => Array.Clear(Totals);

    /// <summary>A loss of all together counts for each by an equal part.</summary>
    public override void Add(double loss)
    {
        foreach (ref double total in Totals.AsSpan())
            total += loss / Totals.Length;
    }

    internal override void Add(ReadOnlySpan<double> losses) => TensorPrimitives.Add(Totals, losses, Totals);

    public override void CopyTo(Span<double> totals) => Totals.CopyTo(totals);
}
