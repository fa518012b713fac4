using System.Diagnostics;

namespace MLNetHyper.Search;

/// <summary>One division of a table's rows, and what several contestants share on it.</summary>
/// <param name="data">The rows.</param>
/// <param name="options">How one pass trains on them.</param>
/// <param name="cancellation">Ends what is under way.</param>
internal sealed class SuiteDivision(PreparedData<float> data, OnePassOptions options, CancellationToken cancellation)
{
    // Where restarts look: a decade to either side of the learning rate, and weight decays from next to none to strong ones.
    private const double LearningRateDecades = 1;
    private const double LeastLogWeightDecay = -6;
    private const double MostLogWeightDecay = -1;

    private readonly List<OnePassResult> _restarts = [];
    private double? _budget;
    private TimeSpan _restarting;

    private TimeSpan _saved;

    /// <summary>Time that the last contestant was spared, since another had done its work before; below zero for time that was not its own.</summary>
    internal TimeSpan TakeSaved()
    {
        TimeSpan saved = _saved;
        _saved = TimeSpan.Zero;
        return saved;
    }

    /// <summary>The error of a contestant from elsewhere.</summary>
    internal double ErrorOf(Func<PreparedData<float>, int, double[]> predict)
    {
        double[] predicted = predict(data, options.Seed);
        if (!Array.TrueForAll(predicted, double.IsFinite))
            return double.NaN;
        return data.Task == LearningTask.Regression
            ? Metrics.OfRegression(Array.ConvertAll(predicted, data.Target.DecodeValue), Array.ConvertAll(data.Test!.Targets, t => data.Target.DecodeValue(t))).Error
            : Metrics.OfClassification(predicted, Array.ConvertAll(data.Test!.Targets, t => (int)t), data.Target.ClassNames.Count).Error;
    }

    /// <summary>One pass, or what a contestant makes of it.</summary>
    internal (double Error, double Work) Trained(Func<OnePassOptions, OnePassOptions> change)
    {
        OnePassOptions changed = change(options);
        OnePassResult result = OnePass.Train(data, changed, cancellation: cancellation);
        // What restarts have to spend is what the first run that tunes spent.
        if (changed.Method is not Fixed)
            _budget ??= result.GradientEvaluations;
        return (result.Test!.Error, result.GradientEvaluations);
    }

    /// <summary>Of single networks, the first from the defaults and the others from drawn hyperparameters, as many as the first run that tunes costs: the best by validation.</summary>
    internal (double Error, double Work) BestOfRestarts
    {
        get
        {
            Restart();
            return (_restarts.MinBy(run => double.IsFinite(run.Training.ValidationError) ? run.Training.ValidationError : double.PositiveInfinity)!.Test!.Error, Work);
        }
    }

    /// <summary>The mean of the same networks.</summary>
    internal (double Error, double Work) AverageOfRestarts
    {
        get
        {
            Restart();
            NetworkModel first = _restarts[0].Model.Network;
            var mean = new NetworkModel(first.Architecture, [.. _restarts.Select(run => run.Model.Network.Weights[0].ToArray())], first.Inputs, first.Label, first.Training, first.Calibration);
            return (Evaluation.Measure(mean.CreateScorer(passed: 1), data.Test!, data.Target).Error, Work);
        }
    }

    private double Work => _restarts.Sum(run => run.GradientEvaluations);

    private void Restart()
    {
        if (_restarts.Count > 0)
        {
            _saved = _restarting;
            return;
        }
        long start = Stopwatch.GetTimestamp();
        if (_budget is null)
        {
            // What one pass costs has to be known, and is no restart's time.
            _budget = OnePass.Train(data, options, cancellation: cancellation).GradientEvaluations;
            _saved = -Stopwatch.GetElapsedTime(start);
            start = Stopwatch.GetTimestamp();
        }
        SplitMix64 random = new(options.Seed, 5);
        OnePassOptions single = options with { Method = new Fixed(), Tune = [], Members = 1 };
        do
        {
            _restarts.Add(OnePass.Train(data, Drawn(single, _restarts.Count, ref random), cancellation: cancellation));
        }
        while (Work + _restarts[0].GradientEvaluations <= _budget);
        _restarting = Stopwatch.GetElapsedTime(start);
    }

    private static OnePassOptions Drawn(OnePassOptions single, int number, ref SplitMix64 random)
    {
        double rate = LearningRateDecades * ((2 * random.NextDouble()) - 1), decay = LeastLogWeightDecay + (random.NextDouble() * (MostLogWeightDecay - LeastLogWeightDecay));
        OnePassOptions seeded = single with { Seed = unchecked(single.Seed + number) };
        if (number == 0)
            return seeded;
        Dictionary<string, double> initial = single.Hyperparameters().ToDictionary(h => h.Name, h => h.Initial);
        initial[Hyperparameter.LearningRate] *= Math.Pow(10, rate);
        initial[Hyperparameter.WeightDecay] = Math.Pow(10, decay);
        return seeded with { Initial = initial };
    }
}
