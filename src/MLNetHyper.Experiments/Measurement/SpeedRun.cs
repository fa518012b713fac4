using System.Diagnostics;

namespace MLNetHyper.Experiments;

/// <summary>Training by one method, in turns of a few milliseconds.</summary>
internal sealed class SpeedRun
{
    // Room for the trajectory, which must not grow while memory is counted: ten seconds of the fastest shape.
    private const long MostSteps = 2_000_000;

    // Hyperparameters that hardly move: a window that the guard undoes costs less, and the shortest turn would be one of those.
    private const double Stillness = 1e-9;

    private readonly OnePassLoop<DenseVector<float>> _loop;
    private readonly double[] _best;
    private int _windowsAtOnce = 1;
    private long _step;

    internal SpeedRun(NetworkObjective<float> objective, SpeedShape shape, HypergradientMethod method)
    {
        Method = method.Name;
        OnePassOptions options = OnePassOptions.Published with { Method = method };
        LoopOptions loop = new() { Method = method, Hyperparameters = options.Hyperparameters(), TuningInterval = options.TuningInterval, Steps = MostSteps, MetaOptimizer = new AdamMetaOptimizer(Stillness) };
        BatchSource training = objective.CreateBatchSource(shape.Training, shape.BatchSize ?? shape.Rows, 0, options.TuningInterval + 1);
        // Plain training measures no validation loss.
        BatchSource? validation = !method.UsesValidation ? null : objective.CreateBatchSource(shape.Validation, shape.BatchSize ?? shape.ValidationRows, 0, 2);
        _loop = new(objective, training, validation, loop);
        _best = new double[shape.PeriodInWindows];
        Array.Fill(_best, double.PositiveInfinity);
    }

    internal string Method { get; }

    /// <summary>Every window of a period at its fastest, so that what falls due once a period is counted once.</summary>
    internal double SecondsPerStep => _best.Average() / OnePassOptions.Defaults.TuningInterval;

    /// <summary>One period, timed window by window: a window is short enough to pass undisturbed now and then.</summary>
    internal void Turn()
    {
        for (int phase = 0; phase < _best.Length; phase++)
        {
            long start = Stopwatch.GetTimestamp();
            Train(_windowsAtOnce);
            _best[phase] = Math.Min(_best[phase], Stopwatch.GetElapsedTime(start).TotalSeconds / _windowsAtOnce);
        }
    }

    /// <summary>Where all windows are alike, makes a turn of so many that it lasts about so long. Forgets the times so far.</summary>
    internal void SetTurn(double milliseconds)
    {
        if (_best.Length == 1)
            _windowsAtOnce = Math.Max(1, (int)(milliseconds / 1000 / _best[0]));
        Array.Fill(_best, double.PositiveInfinity);
    }

    internal double BytesPerStep()
    {
        int windows = _windowsAtOnce * _best.Length;
        long before = GC.GetAllocatedBytesForCurrentThread();
        Train(windows);
        return (GC.GetAllocatedBytesForCurrentThread() - before) / (double)(windows * OnePassOptions.Defaults.TuningInterval);
    }

    private void Train(int windows)
    {
        _step += windows * OnePassOptions.Defaults.TuningInterval;
        _loop.RunTo(_step, CancellationToken.None);
    }
}
