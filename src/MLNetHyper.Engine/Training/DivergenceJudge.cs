namespace MLNetHyper.Engine;

/// <summary>Says by a run's losses whether a window of it must be undone, and when to give up.</summary>
internal sealed class DivergenceJudge
{
    /// <summary>A window's loss this many times above the running reference counts as an explosion.</summary>
    private const double ExplosionFactor = 4;

    /// <summary>So many rollbacks with no good window between them, and the run has diverged for good.</summary>
    private const int GiveUpAfter = 20;

    private double _reference = double.NaN;
    private double _initialLoss = double.NaN;
    private int _inARow;
    private int _rollbacks;

    internal int Rollbacks => _rollbacks;

    internal bool GivesUp => _inARow >= GiveUpAfter;

    internal void Begin(double initialLoss)
    {
        if (double.IsFinite(initialLoss))
            _reference = _initialLoss = initialLoss;
    }

    // Small losses fluctuate by large factors; only what is also worse than the start has exploded.
    internal bool IsExplosion(double windowLoss) =>
        !double.IsFinite(windowLoss) || (windowLoss > ExplosionFactor * _reference && windowLoss > _initialLoss);

    internal void Accept(double windowLoss)
    {
        if (double.IsNaN(_initialLoss))
            _initialLoss = windowLoss;
        _reference = double.IsNaN(_reference) ? windowLoss : Math.Min(windowLoss, (0.9 * _reference) + (0.1 * windowLoss));
        _inARow = 0;
    }

    internal void RollBack()
    {
        _rollbacks++;
        _inARow++;
    }

    internal void Exchange(StateArchive archive)
    {
        archive.Value(ref _reference);
        archive.Value(ref _initialLoss);
        archive.Value(ref _inARow);
        archive.Value(ref _rollbacks);
    }
}
