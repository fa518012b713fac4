namespace MLNetHyper.Engine;

/// <summary>
/// A sum of losses. An engine whose device computes behind the caller's back leaves it there until somebody asks, so that the
/// caller is not held up at every step.
/// </summary>
public abstract class LossSum
{
    /// <summary>Starts again at zero.</summary>
    public abstract void Clear();

    /// <summary>Adds a loss that is known.</summary>
    public abstract void Add(double loss);

    /// <summary>Adds each model's loss.</summary>
    internal virtual void Add(ReadOnlySpan<double> losses)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(losses.Length, 1);
        Add(losses[0]);
    }

    /// <summary>The sum over all models. Reading it may wait for the device.</summary>
    public abstract double Total { get; }

    /// <summary>Copies each model's sum. Reading them may wait for the device.</summary>
    public virtual void CopyTo(Span<double> totals)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(totals.Length, 1);
        totals[0] = Total;
    }

    /// <summary>Whether it is known, without waiting, that no model's sum is finite.</summary>
    public abstract bool IsKnownToBeLost { get; }
}

/// <summary>The sum of losses that are known at once.</summary>
internal sealed class ImmediateLossSum : LossSum
{
    private double _total;

    public override double Total => _total;

    public override bool IsKnownToBeLost => !double.IsFinite(_total);

    public override void Clear() => _total = 0;

    public override void Add(double loss) => _total += loss;
}
