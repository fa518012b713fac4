using System.Diagnostics;

namespace MLNetHyper.Experiments;

/// <summary>The gradient of one batch, again and again.</summary>
internal sealed class GradientRun
{
    private readonly ILinearization<DenseVector<float>> _linearization;
    private readonly DenseVector<float> _weights;
    private readonly DenseVector<float> _gradient;
    private readonly Batch _batch;
    private int _repeats = 1;
    private double _best = double.PositiveInfinity;

    internal GradientRun(NetworkObjective<float> objective, SpeedShape shape)
    {
        _linearization = objective.CreateLinearization(withProducts: false);
        _weights = objective.CreateVector();
        _gradient = objective.CreateVector();
        objective.Initialize(_weights, 0);
        _batch = objective.CreateBatchSource(shape.Training, shape.BatchSize ?? shape.Rows, 0, 1).BatchAt(0);
    }

    internal double Seconds => _best;

    internal void Turn()
    {
        long start = Stopwatch.GetTimestamp();
        for (int i = 0; i < _repeats; i++)
            _linearization.Gradient(_weights, _batch, _gradient);
        _best = Math.Min(_best, Stopwatch.GetElapsedTime(start).TotalSeconds / _repeats);
    }

    internal void SetTurn(double milliseconds)
    {
        _repeats = Math.Max(1, (int)(milliseconds / 1000 / _best));
        _best = double.PositiveInfinity;
    }
}
