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

    /// <summary>The sum. Reading it may wait for the device.</summary>
    public abstract double Total { get; }

    /// <summary>Whether the sum is known, without waiting, not to be finite.</summary>
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
