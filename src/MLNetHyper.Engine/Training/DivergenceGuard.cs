namespace MLNetHyper.Engine;

/// <summary>
/// Watches the training losses window by window, one judgment for each model. Where a loss is not finite, explodes or creeps far above
/// the start, that model's weights can go back to the last snapshot that has proved itself.
/// </summary>
internal sealed class DivergenceGuard<TVector> where TVector : class, IVector<TVector>
{
    private readonly IReadOnlyList<TensorSegment> _models;
    private readonly DivergenceJudge[] _judges;
    private readonly TVector _snapshot;
    private readonly TVector _candidate;
    private readonly bool[] _good;
    private readonly bool[] _bad;

    internal DivergenceGuard(TVector weights, IReadOnlyList<TensorSegment> models)
    {
        _models = models;
        _judges = [.. models.Select(_ => new DivergenceJudge())];
        _good = new bool[models.Count];
        _bad = new bool[models.Count];
        _snapshot = weights.CreateZero();
        _snapshot.CopyFrom(weights);
        _candidate = weights.CreateZero();
        _candidate.CopyFrom(weights);
    }

    /// <summary>Whether all models are beyond help.</summary>
    internal bool GivesUp => Array.TrueForAll(_judges, judge => judge.GivesUp);

    /// <summary>The weights that a rollback goes back to.</summary>
    internal TVector Snapshot => _snapshot;

    internal int Rollbacks(int model) => _judges[model].Rollbacks;

    internal bool HasGivenUp(int model) => _judges[model].GivesUp;

    /// <inheritdoc cref="DivergenceJudge.Begin"/>
    internal void Begin(TVector weights, double[] initialLosses, double[] nothing)
    {
        Trust(weights);
        for (int k = 0; k < _judges.Length; k++)
            _judges[k].Begin(initialLosses[k], nothing[k]);
    }

    /// <summary>Takes weights for those that a rollback goes back to.</summary>
    internal void Trust(TVector weights)
    {
        _snapshot.CopyFrom(weights);
        _candidate.CopyFrom(weights);
    }

    /// <inheritdoc cref="DivergenceJudge.IsWorseThanStart"/>
    internal bool IsWorseThanStart(int model, double loss) => _judges[model].IsWorseThanStart(loss);

    /// <summary>Says of which models a window with these mean losses must be undone.</summary>
    internal void Judge(double[] windowLosses, TVector weights, bool[] fallen)
    {
        weights.AreFinite(_models, fallen);
        for (int k = 0; k < fallen.Length; k++)
            fallen[k] = !fallen[k] || _judges[k].IsExplosion(windowLosses[k]);
    }

    /// <summary>Trusts the weights of one window ago, and remembers these.</summary>
    internal void Accept(double[] windowLosses, TVector weights, bool[] fallen)
    {
        for (int k = 0; k < _judges.Length; k++)
        {
            _good[k] = _bad[k] = false;
            if (fallen[k])
                continue;
            _judges[k].Accept(windowLosses[k]);
            _bad[k] = _judges[k].IsWorseThanStart(windowLosses[k]);
            _good[k] = !_bad[k];
        }
        // A window's mean hides a fall that began with its last step, so weights are trusted one window later: training went on
        // from the candidate and was good.
        _snapshot.CopyFrom(_candidate, _models, _good);
        _candidate.CopyFrom(weights, _models, _good);
        // Rather the old snapshot than weights on their way down.
        _candidate.CopyFrom(_snapshot, _models, _bad);
    }

    /// <summary>Takes models back to their snapshots.</summary>
    internal void RollBack(TVector weights, bool[] models)
    {
        weights.CopyFrom(_snapshot, _models, models);
        _candidate.CopyFrom(_snapshot, _models, models);
        for (int k = 0; k < models.Length; k++)
        {
            if (models[k])
                _judges[k].RollBack();
        }
    }

    internal void Serialize(StateArchive archive)
    {
        archive.Vector(_snapshot);
        archive.Vector(_candidate);
        foreach (DivergenceJudge judge in _judges)
            judge.Serialize(archive);
    }
}
