namespace MLNetHyper.Engine;

/// <summary>
/// Watches the training loss window by window. Where it is not finite, explodes or creeps far above the start, the weights go back
/// to the last snapshot that has proved itself, the state starts from zero and the learning rate is halved.
/// </summary>
internal sealed class DivergenceGuard<TVector> where TVector : class, IVector<TVector>
{
    private readonly DivergenceJudge _judge = new();
    private readonly TVector _snapshot;
    private readonly TVector _candidate;

    internal DivergenceGuard(TVector weights)
    {
        _snapshot = weights.CreateZero();
        _snapshot.CopyFrom(weights);
        _candidate = weights.CreateZero();
        _candidate.CopyFrom(weights);
    }

    internal int Rollbacks => _judge.Rollbacks;

    internal bool GivesUp => _judge.GivesUp;

    /// <summary>The weights that a rollback goes back to.</summary>
    internal TVector Snapshot => _snapshot;

    /// <inheritdoc cref="DivergenceJudge.Begin"/>
    internal void Begin(double initialLoss, double nothing) => _judge.Begin(initialLoss, nothing);

    /// <inheritdoc cref="DivergenceJudge.IsWorseThanStart"/>
    internal bool IsWorseThanStart(double loss) => _judge.IsWorseThanStart(loss);

    /// <summary>Whether a window with this mean loss must be undone.</summary>
    internal bool IsExplosion(double windowLoss, TVector weights) => _judge.IsExplosion(windowLoss) || !weights.IsFinite();

    internal void Accept(double windowLoss, TVector weights)
    {
        _judge.Accept(windowLoss);
        if (_judge.IsWorseThanStart(windowLoss))
        {
            // Rather the old snapshot than weights on their way down.
            _candidate.CopyFrom(_snapshot);
            return;
        }
        // A window's mean hides a fall that began with its last step, so weights are trusted one window later: training went on
        // from the candidate and was good.
        _snapshot.CopyFrom(_candidate);
        _candidate.CopyFrom(weights);
    }

    internal void RollBack(TVector weights, TVector[] state)
    {
        weights.CopyFrom(_snapshot);
        _candidate.CopyFrom(_snapshot);
        foreach (TVector s in state)
            s.Fill(0);
        _judge.RollBack();
    }

    internal void Exchange(StateArchive archive)
    {
        archive.Vector(_snapshot);
        archive.Vector(_candidate);
        _judge.Exchange(archive);
    }
}
