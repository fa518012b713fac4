using MLNetHyper.Engine;

namespace MLNetHyper.Torch;

/// <summary>The divergence guard and the best weights of every member of a population: one judgement each, the vectors together.</summary>
internal sealed class MemberGuard(TorchVector weights, int members)
{
    private readonly DivergenceJudge[] _judges = [.. Enumerable.Range(0, members).Select(_ => new DivergenceJudge())];
    private readonly TorchVector _snapshot = Copy(weights);
    private readonly TorchVector _candidate = Copy(weights);
    private readonly TorchVector _best = Copy(weights);
    private readonly double[] _bestLosses = [.. Enumerable.Repeat(double.PositiveInfinity, members)];
    private readonly long[] _bestSteps = new long[members];

    internal TorchVector Best => _best;

    internal int Rollbacks(int member) => _judges[member].Rollbacks;

    internal bool HasGivenUp(int member) => _judges[member].GivesUp;

    internal double BestLoss(int member) => _bestLosses[member];

    internal long BestStep(int member) => _bestSteps[member];

    /// <summary>Gives the members' losses before the first step, and those of weights of zero.</summary>
    internal void Begin(double[] losses, double[] nothing)
    {
        for (int k = 0; k < members; k++)
            _judges[k].Begin(losses[k], nothing[k]);
    }

    /// <summary>Members that end worse than they started get their best weights.</summary>
    internal void EndNoWorseThanTheStart(double[] validationLosses)
    {
        bool[] worse = new bool[members];
        for (int k = 0; k < members; k++)
            worse[k] = _judges[k].IsWorseThanStart(validationLosses[k]) && double.IsFinite(_bestLosses[k]);
        weights.CopyFrom(_best, worse);
    }

    /// <summary>Which members' windows must be undone.</summary>
    internal bool[] Exploded(double[] windowLosses)
    {
        bool[] exploded = weights.AreFinite(members);
        for (int k = 0; k < members; k++)
            exploded[k] = !exploded[k] || _judges[k].IsExplosion(windowLosses[k]);
        return exploded;
    }

    /// <summary>Keeps the weights of members that did better than before.</summary>
    internal void Offer(double[] validationLosses, bool[] excluded, long step)
    {
        bool[] better = new bool[members];
        for (int k = 0; k < members; k++)
        {
            better[k] = !excluded[k] && validationLosses[k] < _bestLosses[k];
            if (better[k])
                (_bestLosses[k], _bestSteps[k]) = (validationLosses[k], step);
        }
        _best.CopyFrom(weights, better);
    }

    /// <summary>Trusts the weights of one window ago, and remembers these.</summary>
    internal void Accept(double[] windowLosses, bool[] exploded)
    {
        bool[] good = new bool[members], bad = new bool[members];
        for (int k = 0; k < members; k++)
        {
            if (exploded[k])
                continue;
            _judges[k].Accept(windowLosses[k]);
            bad[k] = _judges[k].IsWorseThanStart(windowLosses[k]);
            good[k] = !bad[k];
        }
        _snapshot.CopyFrom(_candidate, good);
        _candidate.CopyFrom(weights, good);
        // Rather the old snapshot than weights on their way down.
        _candidate.CopyFrom(_snapshot, bad);
    }

    internal void RollBack(bool[] exploded)
    {
        weights.CopyFrom(_snapshot, exploded);
        _candidate.CopyFrom(_snapshot, exploded);
        for (int k = 0; k < members; k++)
        {
            if (exploded[k])
                _judges[k].RollBack();
        }
    }

    private static TorchVector Copy(TorchVector weights)
    {
        TorchVector copy = weights.CreateZero();
        copy.CopyFrom(weights);
        return copy;
    }
}
