namespace MLNetHyper.Engine;

/// <summary>Each model's weights with the lowest validation loss so far.</summary>
internal sealed class BestWeights<TVector> where TVector : class, IVector<TVector>
{
    private readonly IReadOnlyList<TensorSegment> _models;
    private readonly double[] _losses;
    private readonly long[] _steps;
    private readonly bool[] _better;

    internal BestWeights(TVector weights, IReadOnlyList<TensorSegment> models)
    {
        _models = models;
        Weights = weights.CreateZero();
        Weights.CopyFrom(weights);
        _losses = new double[models.Count];
        _steps = new long[models.Count];
        _better = new bool[models.Count];
        Begin();
    }

    internal TVector Weights { get; }

    /// <summary>The lowest loss of each model; infinite where none was measured.</summary>
    internal IReadOnlyList<double> Losses => _losses;

    /// <summary>After how many steps each model had it.</summary>
    internal IReadOnlyList<long> Steps => _steps;

    /// <summary>When a model last improved.</summary>
    internal long LatestStep => _steps.Max();

    /// <summary>Forgets all losses.</summary>
    internal void Begin()
    {
        Array.Fill(_losses, double.PositiveInfinity);
        Array.Clear(_steps);
    }

    /// <summary>Takes the weights of those models that have improved; a loss of NaN is no improvement.</summary>
    internal void Offer(ReadOnlySpan<double> validationLosses, TVector weights, long step)
    {
        for (int k = 0; k < _losses.Length; k++)
        {
            _better[k] = validationLosses[k] < _losses[k];
            if (_better[k])
                (_losses[k], _steps[k]) = (validationLosses[k], step);
        }
        Weights.CopyFrom(weights, _models, _better);
    }

    internal void Serialize(StateArchive archive)
    {
        archive.Vector(Weights);
        archive.Values(_losses);
        for (int k = 0; k < _steps.Length; k++)
            archive.Value(ref _steps[k]);
    }
}
