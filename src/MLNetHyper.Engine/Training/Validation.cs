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
    private readonly bool _gradientSaysAll;
    private readonly LossSum _sum;
    private readonly double[] _last;
    private readonly MeanLosses<TVector> _losses;
    private long _windows;
    private long _turn;
    private long _measuredAt;

    internal Validation(IObjective<TVector> objective, HyperparameterSet<TVector> hyperparameters, BatchSource batches, int trainingBatchSize, int interval, WorkMeter work, bool byStep, Workers workers)
    {
        _byStep = byStep;
        _gradientSaysAll = batches.BatchesPerEpoch == 1 && !objective.ValidationGradientIsNoisy;
        _batches = batches;
        _linearization = objective.CreateValidation(hyperparameters.OfObjective);
        _sum = objective.CreateLossSum();
        _last = new double[objective.Models.Count];
        _losses = new(_linearization, batches, _last.Length, work, workers);
        _work = work;
        _everyWindows = WindowsBetweenMeasurements(batches.ExampleCount, trainingBatchSize, interval);
        Begin();
    }

    internal static int WindowsBetweenMeasurements(int examples, int trainingBatchSize, int interval) =>
        (int)Math.Clamp(Math.Ceiling(examples / 3.0 / (ShareOfWork * trainingBatchSize * interval)), 1, 1_000_000);

    /// <summary>After how many steps the loss on all validation data was last measured; -1 before the first time.</summary>
    internal long MeasuredAt => _measuredAt;

    /// <summary>Forgets what an earlier run measured.</summary>
    internal void Begin()
    {
        (_windows, _turn, _measuredAt) = (0, 0, -1);
        Array.Fill(_last, double.NaN);
    }

    /// <summary>The gradient of the loss on all validation data.</summary>
    /// <param name="weights">Where.</param>
    /// <param name="gradient">Overwritten with it.</param>
    /// <param name="ofBatch">A vector to overwrite.</param>
    internal void FullGradient(TVector weights, TVector gradient, TVector ofBatch)
    {
        double total = 0;
        gradient.Fill(0);
        for (int i = 0; i < _batches.BatchesPerEpoch; i++)
        {
            Batch batch = _batches.BatchAt(i);
            _linearization.Gradient(weights, batch, ofBatch);
            gradient.Combine(1, batch.Weight, ofBatch);
            total += batch.Weight;
            _work.AddGradient(batch.Count);
        }
        if (total > 0)
            gradient.Scale(1 / total);
    }

    /// <summary>The gradient on the next batch. Batches take turns by hyperparameter steps: by weight steps, T of them and B batches, only every gcd(T, B)-th would ever be seen.</summary>
    internal void Gradient(TVector weights, long step, TVector gradient, Span<double> losses)
    {
        Batch batch = _batches.BatchAt(_byStep ? step - 1 : _turn++);
        _sum.Clear();
        _linearization.Gradient(weights, batch, gradient, _sum);
        _work.AddGradient(batch.Count);
        _sum.CopyTo(losses);
    }

    /// <summary>Adds the loss's own derivatives by hyperparameters, where the gradient was last taken.</summary>
    internal void AddDirectHypergradients() => _linearization.AddDirectHypergradients();

    /// <summary>Turns the gradient's losses into those on all validation data: they are, if its batch was all of them; else these are measured now and then, and stay the last ones in between.</summary>
    internal void FullLosses(TVector weights, long step, Span<double> losses)
    {
        if (_gradientSaysAll && losses.ContainsAnyExcept(double.NaN))
        {
            _measuredAt = step;
            losses.CopyTo(_last);
            return;
        }
        if (_windows++ % _everyWindows == 0)
            Measure(weights, step);
        _last.CopyTo(losses);
    }

    /// <summary>The losses on all validation data now, however little they have changed.</summary>
    internal IReadOnlyList<double> Measure(TVector weights, long step)
    {
        if (_measuredAt != step)
        {
            _measuredAt = step;
            Losses(weights, _last);
        }
        return _last;
    }

    /// <summary>The losses of any weights on all validation data.</summary>
    internal void Losses(TVector weights, Span<double> losses)
    {
        // In the order of the epoch under way, or a source in blocks would have to read others, and shuffle them, twice.
        long first = _turn / _batches.BatchesPerEpoch * _batches.BatchesPerEpoch;
        _losses.Measure(weights, first, _batches.BatchesPerEpoch, losses);
    }

    internal void Serialize(StateArchive archive)
    {
        archive.Value(ref _windows);
        archive.Value(ref _turn);
        archive.Values(_last);
        archive.Value(ref _measuredAt);
    }
}
