namespace MLNetHyper.Engine;

/// <summary>What every restart trains: one network on one division of the data, for a given number of steps.</summary>
internal sealed class RestartProblem
{
    private readonly OnePassOptions _options;
    private readonly Architecture _architecture;

    internal RestartProblem(PreparedData<float> data, OnePassOptions options, int seed)
    {
        Data = data;
        Seed = seed;
        _options = options;
        _architecture = Tasks.Architecture(data.Target, data.Features.FeatureCount, options.Hidden, options.Activation);
        Steps = options.StepsFor(data.Train.Count) ?? throw new ArgumentException("A comparison needs its budget in steps or epochs, not in seconds.");
    }

    internal PreparedData<float> Data { get; }

    internal int Seed { get; }

    /// <summary>The steps of one plain training.</summary>
    internal long Steps { get; }

    internal RestartRun Start(SearchPoint point, int member)
    {
        var objective = new NetworkObjective<float>(_architecture);
        SgdUpdate rule = new();
        LoopOptions loop = new()
        {
            Rule = rule,
            Hyperparameters = [.. rule.Hyperparameters.Select((h, i) => h with { Initial = point[i] })],
            Interval = _options.Interval,
            Steps = Steps,
            Guard = false,
            Seed = Seed + (7919 * member),
        };
        BatchSource training = objective.CreateBatchSource(Data.Train, _options.BatchSizeFor(Data.Train.Count), Seed, 2);
        BatchSource validation = objective.CreateBatchSource(Data.Validation, int.MaxValue, shuffleSeed: null, 1);
        return new RestartRun(point, objective, new OnePassLoop<DenseVector<float>>(objective, training, validation, loop), Data);
    }
}

/// <summary>One plain training with fixed hyperparameters, which can be interrupted and continued.</summary>
internal sealed class RestartRun(SearchPoint point, NetworkObjective<float> objective, OnePassLoop<DenseVector<float>> loop, PreparedData<float> data)
{
    internal SearchPoint Point { get; private set; } = point;

    internal long Step { get; private set; }

    /// <summary>The lowest validation loss so far; infinite where none was finite.</summary>
    internal double ValidationLoss => loop.BestValidationLoss;

    /// <summary>The validation loss now; infinite where it is not finite.</summary>
    internal double LatestValidationLoss => HasDiverged || !double.IsFinite(loop.LatestValidationLoss) ? double.PositiveInfinity : loop.LatestValidationLoss;

    internal double GradientEvaluations => loop.GradientEvaluations;

    internal bool HasDiverged => !loop.IsFinite;

    internal void RunTo(long step, CancellationToken cancellation)
    {
        // What has diverged stays diverged: the remaining steps would be wasted on NaN, and are charged all the same.
        if (!HasDiverged)
            loop.RunTo(step, cancellation);
        Step = step;
    }

    /// <summary>Takes over another member's weights and state and goes on with a setting of its own.</summary>
    internal void Adopt(RestartRun other, SearchPoint point)
    {
        loop.Adopt(other.Loop);
        Point = point;
        for (int i = 0; i < loop.Hyperparameters.Count; i++)
            loop.Hyperparameters[i].SetRaw(loop.Hyperparameters[i].Definition.Transform.ToRaw(point[i]));
    }

    /// <summary>The test error of the weights with the lowest validation loss. Asked for once, after selection.</summary>
    internal double TestError() => Evaluation.Measure(objective, loop.BestWeights, data.Test!, data.Target).Error;

    private OnePassLoop<DenseVector<float>> Loop => loop;
}
