namespace MLNetHyper.Engine;

/// <summary>The validation loss: its gradient on one batch for the hypergradient, its value on all data for choosing weights.</summary>
internal sealed class Validation<TVector> where TVector : class, IVector<TVector>
{
    /// <summary>Measuring the loss on all validation data may take this share of the training work.</summary>
    private const double ShareOfWork = 0.025;

    private readonly BatchSource _batches;
    private readonly ILinearization<TVector> _linearization;
    private readonly WorkMeter _work;
    private readonly int _everyWindows;
    private readonly bool _byStep;
    private long _windows;
    private long _turn;
    private double _last = double.NaN;
    private long _measuredAt = -1;

    internal Validation(IObjective<TVector> objective, BatchSource batches, int trainingBatchSize, int interval, WorkMeter work, bool byStep)
    {
        _byStep = byStep;
        _batches = batches;
        _linearization = objective.CreateLinearization(withProducts: false);
        _work = work;
        _everyWindows = WindowsBetweenMeasurements(batches.ExampleCount, trainingBatchSize, interval);
    }

    internal static int WindowsBetweenMeasurements(int examples, int trainingBatchSize, int interval) =>
        (int)Math.Clamp(Math.Ceiling(examples / 3.0 / (ShareOfWork * trainingBatchSize * interval)), 1, 1_000_000);

    /// <summary>After how many steps the loss on all validation data was last measured; -1 before the first time.</summary>
    internal long MeasuredAt => _measuredAt;

    private bool IsFullBatch => _batches.BatchesPerEpoch == 1;

    /// <summary>The gradient on the next batch. Batches take turns by hyperparameter steps: by weight steps, T of them and B batches, only every gcd(T, B)-th would ever be seen.</summary>
    internal double Gradient(TVector weights, long step, TVector gradient)
    {
        Batch batch = _batches.BatchAt(_byStep ? step - 1 : _turn++);
        _work.AddGradient(batch.Count);
        return _linearization.Gradient(weights, batch, gradient);
    }

    /// <summary>The loss on all validation data: <paramref name="known"/> if the gradient's batch was all of them, else measured now and then, and the last value measured in between.</summary>
    internal double FullLoss(TVector weights, long step, double known)
    {
        if (IsFullBatch && !double.IsNaN(known))
        {
            _measuredAt = step;
            return _last = known;
        }
        return _windows++ % _everyWindows == 0 ? Measure(weights, step) : _last;
    }

    /// <summary>The loss on all validation data now, however little it has changed.</summary>
    internal double Measure(TVector weights, long step)
    {
        if (_measuredAt == step)
            return _last;
        _measuredAt = step;
        return _last = Loss(weights);
    }

    /// <summary>The loss of any weights on all validation data.</summary>
    internal double Loss(TVector weights)
    {
        double sum = 0, weight = 0;
        // In the order of the epoch under way, or a source in blocks would have to read others, and shuffle them, twice.
        long first = _turn / _batches.BatchesPerEpoch * _batches.BatchesPerEpoch;
        for (int i = 0; i < _batches.BatchesPerEpoch; i++)
        {
            Batch batch = _batches.BatchAt(first + i);
            _work.AddForward(batch.Count);
            sum += _linearization.Loss(weights, batch) * batch.Weight;
            weight += batch.Weight;
        }
        return weight > 0 ? sum / weight : 0;
    }

    internal void Exchange(StateArchive archive)
    {
        archive.Value(ref _windows);
        archive.Value(ref _turn);
        archive.Value(ref _last);
        archive.Value(ref _measuredAt);
    }
}
