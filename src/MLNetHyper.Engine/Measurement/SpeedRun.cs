using System.Diagnostics;

namespace MLNetHyper.Engine;

/// <summary>Training by one method, in turns of whole windows.</summary>
internal sealed class SpeedRun
{
    // Room for the trajectory, which must not grow while memory is counted: ten seconds of the fastest shape.
    private const long MostSteps = 2_000_000;

    private readonly OnePassLoop<DenseVector<float>> _loop;
    private readonly int _periodSteps;
    private long _turnSteps;
    private long _step;
    private double _best = double.PositiveInfinity;

    internal SpeedRun(NetworkObjective<float> objective, SpeedShape shape, HypergradientMethod method)
    {
        Method = method.Name;
        _periodSteps = shape.PeriodInWindows * OnePassOptions.Defaults.Interval;
        _turnSteps = _periodSteps;
        OnePassOptions options = new() { Method = method };
        LoopOptions loop = new() { Method = method, Hyperparameters = options.Hyperparameters(), Interval = options.Interval, Steps = MostSteps };
        BatchSource training = objective.CreateBatchSource(shape.Training, shape.BatchSize ?? shape.Rows, 0, options.Interval + 1);
        // Plain training measures no validation loss.
        BatchSource? validation = method is Fixed ? null : objective.CreateBatchSource(shape.Validation, shape.BatchSize ?? shape.ValidationRows, 0, 2);
        _loop = new(objective, training, validation, loop);
    }

    internal string Method { get; }

    internal double SecondsPerStep => _best;

    internal void Turn()
    {
        long start = Stopwatch.GetTimestamp();
        Train(_turnSteps);
        _best = Math.Min(_best, Stopwatch.GetElapsedTime(start).TotalSeconds / _turnSteps);
    }

    /// <summary>Makes turns last about so long, in whole periods, and forgets the times so far.</summary>
    internal void SetTurn(double milliseconds)
    {
        _turnSteps = _periodSteps * Math.Max(1, (long)(milliseconds / 1000 / (_best * _periodSteps)));
        _best = double.PositiveInfinity;
    }

    internal double BytesPerStep()
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        Train(_turnSteps);
        return (GC.GetAllocatedBytesForCurrentThread() - before) / (double)_turnSteps;
    }

    private void Train(long steps)
    {
        _step += steps;
        if (_loop.TrainTo(_step) != TrainingStatus.Completed)
            throw new UnreachableException("Made-up data can be trained on.");
    }
}

/// <summary>The gradient of one batch, again and again.</summary>
internal sealed class GradientRun
{
    private readonly ILinearisation<DenseVector<float>> _linearisation;
    private readonly DenseVector<float> _weights;
    private readonly DenseVector<float> _gradient;
    private readonly Batch _batch;
    private int _repeats = 1;
    private double _best = double.PositiveInfinity;

    internal GradientRun(NetworkObjective<float> objective, SpeedShape shape)
    {
        _linearisation = objective.CreateLinearisation();
        _weights = objective.CreateVector();
        _gradient = objective.CreateVector();
        objective.Initialise(_weights, 0);
        _batch = objective.CreateBatchSource(shape.Training, shape.BatchSize ?? shape.Rows, 0, 1).BatchAt(0);
    }

    internal double Seconds => _best;

    internal void Turn()
    {
        long start = Stopwatch.GetTimestamp();
        for (int i = 0; i < _repeats; i++)
            _linearisation.Gradient(_weights, _batch, _gradient);
        _best = Math.Min(_best, Stopwatch.GetElapsedTime(start).TotalSeconds / _repeats);
    }

    internal void SetTurn(double milliseconds)
    {
        _repeats = Math.Max(1, (int)(milliseconds / 1000 / _best));
        _best = double.PositiveInfinity;
    }
}
