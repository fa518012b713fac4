namespace MLNetHyper.Engine;

/// <summary>Says by a run's losses whether a window of it must be undone, and when to give up.</summary>
internal sealed class DivergenceJudge
{
    /// <summary>A window's loss this many times above the running reference counts as an explosion.</summary>
    private const double ExplosionFactor = 4;

    /// <summary>A reference this many times above the start counts as one, too: it was reached window by window.</summary>
    private const double CreepFactor = 2;

    /// <summary>So many rollbacks with no good window between them, and the run has diverged for good.</summary>
    private const int GiveUpAfter = 20;

    private double _reference = double.NaN;
    private double _start = double.NaN;
    private double _nothing = double.NaN;
    private int _inARow;
    private int _rollbacks;

    internal int Rollbacks => _rollbacks;

    internal bool GivesUp => _inARow >= GiveUpAfter;

    /// <summary>Gives the losses before the first step.</summary>
    /// <param name="initialLoss">Of the initial weights.</param>
    /// <param name="nothing">Of weights of zero, which make a network a constant: of knowing nothing.</param>
    internal void Begin(double initialLoss, double nothing)
    {
        _reference = _start = double.IsFinite(initialLoss) ? initialLoss : double.NaN;
        _nothing = double.IsFinite(nothing) ? nothing : double.NaN;
        _inARow = _rollbacks = 0;
    }

    // Small losses fluctuate by large factors; only what is also worse than the start has exploded.
    internal bool IsExplosion(double windowLoss) =>
        !double.IsFinite(windowLoss) || (IsWorseThanStart(windowLoss) && (windowLoss > ExplosionFactor * _reference || Follow(windowLoss) > CreepFactor * _start));

    /// <summary>Whether a run with this loss has lost all that it had learned.</summary>
    internal bool IsWorseThanStart(double loss) => !double.IsFinite(loss) || loss > _start;

    internal void Accept(double windowLoss)
    {
        if (double.IsNaN(_start))
            _start = windowLoss;
        // A start far worse than a constant is none to fall back to, once the run has got over it.
        if (windowLoss <= _nothing)
            _start = Math.Min(_start, _nothing);
        _reference = Follow(windowLoss);
        _inARow = 0;
    }

    internal void RollBack()
    {
        // The weights are those of a window that was no worse than the start.
        _reference = Math.Min(_reference, _start);
        _rollbacks++;
        _inARow++;
    }

    /// <summary>The running reference after a window: it falls at once, and rises slowly.</summary>
    private double Follow(double windowLoss) => double.IsNaN(_reference) ? windowLoss : Math.Min(windowLoss, (0.9 * _reference) + (0.1 * windowLoss));

    internal void Serialize(StateArchive archive)
    {
        archive.Value(ref _reference);
        archive.Value(ref _start);
        archive.Value(ref _nothing);
        archive.Value(ref _inARow);
        archive.Value(ref _rollbacks);
    }
}
