namespace MLNetHyper.Engine;

/// <summary>The steps until workers average next, as a run goes on.</summary>
internal sealed class AveragingPace(AveragingInterval interval)
{
    private double _steps = interval.Steps;
    private double _highestRate;
    private double _firstLoss;

    /// <summary>H, from 1 on.</summary>
    internal int Steps => (int)_steps;

    /// <summary>After a window: how the learning rate and the training loss stand now.</summary>
    internal void Follow(double learningRate, double loss)
    {
        _highestRate = Math.Max(_highestRate, learningRate);
        if (_firstLoss == 0)
            _firstLoss = loss;
        double factor = interval.Change switch
        {
            AveragingChange.Growing => Math.Pow(2, Math.Floor(Math.Log2(_highestRate / learningRate))),
            AveragingChange.Loss => Math.Sqrt(loss / _firstLoss),
            _ => 1,
        };
        // A loss that is lost, or below zero, says nothing; a learning rate of zero leads workers nowhere.
        if (!double.IsNaN(factor))
            _steps = Math.Clamp(Math.Ceiling(interval.Steps * factor), 1, AveragingInterval.Most);
    }

    internal void Serialize(StateArchive archive)
    {
        archive.Value(ref _steps);
        archive.Value(ref _highestRate);
        archive.Value(ref _firstLoss);
    }
}
