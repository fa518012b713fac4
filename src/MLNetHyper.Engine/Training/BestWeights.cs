namespace MLNetHyper.Engine;

/// <summary>The weights with the lowest validation loss so far.</summary>
internal sealed class BestWeights<TVector> where TVector : class, IVector<TVector>
{
    private double _loss = double.PositiveInfinity;
    private long _step;

    internal BestWeights(TVector weights)
    {
        Weights = weights.CreateZero();
        Weights.CopyFrom(weights);
    }

    internal TVector Weights { get; }

    internal double Loss => _loss;

    internal long Step => _step;

    internal void Offer(double validationLoss, TVector weights, long step)
    {
        if (!(validationLoss < _loss))
            return;
        (_loss, _step) = (validationLoss, step);
        Weights.CopyFrom(weights);
    }

    internal void Adopt(BestWeights<TVector> other)
    {
        (_loss, _step) = (other._loss, other._step);
        Weights.CopyFrom(other.Weights);
    }

    internal void Exchange(StateArchive archive)
    {
        archive.Vector(Weights);
        archive.Value(ref _loss);
        archive.Value(ref _step);
    }
}
