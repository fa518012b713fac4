namespace MLNetHyper.Engine;

/// <summary>
/// Watches the training loss window by window. Where it is not finite or explodes, the weights go back to the last snapshot that
/// has proved itself, the state starts from zero and the learning rate is halved.
/// </summary>
internal sealed class DivergenceGuard<TVector> where TVector : class, IVector<TVector>
{
    /// <summary>A window's loss this many times above the running reference counts as an explosion.</summary>
    private const double ExplosionFactor = 4;

    /// <summary>So many rollbacks with no good window between them, and the run has diverged for good.</summary>
    private const int GiveUpAfter = 20;

    private readonly TVector _snapshot;
    private readonly TVector _candidate;
    private double _reference = double.NaN;
    private double _initialLoss = double.NaN;
    private int _inARow;

    internal DivergenceGuard(TVector weights)
    {
        _snapshot = weights.CreateZero();
        _snapshot.CopyFrom(weights);
        _candidate = weights.CreateZero();
        _candidate.CopyFrom(weights);
    }

    internal int Rollbacks;

    internal bool GivesUp => _inARow >= GiveUpAfter;

    /// <summary>Gives the loss before the first step, which the first window is judged by.</summary>
    internal void Begin(double initialLoss)
    {
        if (double.IsFinite(initialLoss))
            _reference = _initialLoss = initialLoss;
    }

    /// <summary>Whether a window with this mean loss must be undone.</summary>
    internal bool IsExplosion(double windowLoss, TVector weights)
    {
        if (!double.IsFinite(windowLoss) || !weights.IsFinite())
            return true;
        // Small losses fluctuate by large factors; only what is also worse than the start has exploded.
        return windowLoss > ExplosionFactor * _reference && windowLoss > _initialLoss;
    }

    internal void Accept(double windowLoss, TVector weights)
    {
        if (double.IsNaN(_initialLoss))
            _initialLoss = windowLoss;
        _reference = double.IsNaN(_reference) ? windowLoss : Math.Min(windowLoss, (0.9 * _reference) + (0.1 * windowLoss));
        // A window's mean hides a fall that began with its last step, so weights are trusted one window later: training went on
        // from the candidate and was good.
        _snapshot.CopyFrom(_candidate);
        _candidate.CopyFrom(weights);
        _inARow = 0;
    }

    internal void RollBack(TVector weights, TVector[] state)
    {
        weights.CopyFrom(_snapshot);
        _candidate.CopyFrom(_snapshot);
        foreach (TVector s in state)
            s.Fill(0);
        Rollbacks++;
        _inARow++;
    }

    internal void Exchange(StateArchive archive)
    {
        archive.Vector(_snapshot);
        archive.Vector(_candidate);
        archive.Value(ref _reference);
        archive.Value(ref _initialLoss);
        archive.Value(ref _inARow);
        archive.Value(ref Rollbacks);
    }
}
