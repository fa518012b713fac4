namespace MLNetHyper.Search;

/// <summary>What every restart trains: one network on one division of the data, for a given number of steps.</summary>
internal sealed class RestartProblem
{
    private readonly OnePassOptions _options;

    internal RestartProblem(PreparedData<float> data, OnePassOptions options, int seed)
    {
        if (options.Rule is not (SgdUpdate or AdamUpdate))
            throw new ArgumentException($"The searches look for settings of SGD or Adam, so the one-pass run must use one of them, but its update rule is '{options.Rule.Name}'.");
        if (options.TimeBudget is not null)
            throw new ArgumentException("A comparison at equal cost needs its budget in steps or epochs, not in seconds.");
        Data = data = data.Through(InputTransforms.FitWidening(data.Train, options.Inputs, data.Features.Expansion));
        Seed = seed;
        _options = options;
        Architecture = Tasks.Architecture(data.Target, data.Train.InputCount, options.HiddenLayers, options.Activation);
        Steps = options.StepsFor(data.Train.Count)!.Value;
        if (Steps < Interval)
            throw new ArgumentException($"A comparison needs at least {Interval} steps (the tuning interval), since nothing is validated before, but there are {Steps}.");
    }

    /// <summary>Where the one-pass run starts, within a space: what every search tries first.</summary>
    internal SearchPoint StartIn(SearchSpace space)
    {
        Dictionary<string, double> initial = _options.Hyperparameters().ToDictionary(h => h.Name, h => h.Initial);
        return space.Clamp(SearchPoint.Of(initial));
    }

    /// <summary>Whether the rule has the momentum that searches look for.</summary>
    internal bool HasMomentum => _options.Rule.Hyperparameters.Any(h => h.Name == Hyperparameter.Momentum);

    internal PreparedData<float> Data { get; }

    internal int Seed { get; }

    internal Architecture Architecture { get; }

    /// <summary>The steps of one plain training.</summary>
    internal long Steps { get; }

    /// <summary>Steps between two looks at the validation rows.</summary>
    internal int Interval => _options.TuningInterval;

    /// <summary>A share of the steps in whole intervals, at least one; everything for the whole.</summary>
    internal long StepsFor(double share) => share >= 1 ? Steps : Math.Min(Steps, Interval * Math.Max(1, (long)Math.Round(share * Steps / Interval)));

    /// <summary>The validation loss of predicting the training rows' mean, or their class shares.</summary>
    internal double MeanLoss
    {
        get
        {
            double error = Evaluation.MeanPredictor(Data, Data.Validation).Error / Data.Target.Standardization.Scales[0];
            return Data.Task == LearningTask.Regression ? error * error : error;
        }
    }

    /// <summary>What a search that learns from losses is told of one: itself, or that of the mean where it is not finite.</summary>
    internal double Told(double loss) => double.IsFinite(loss) ? loss : MeanLoss;

    /// <param name="point">The setting.</param>
    /// <param name="member">Which of a search's runs it is.</param>
    /// <param name="guard">Whether to roll back on divergence, as <see cref="OnePass"/> does, or to let it end the run.</param>
    /// <param name="weights">Weights to start from, those of a run that was trained elsewhere; null to draw them.</param>
    internal RestartRun Start(SearchPoint point, int member, bool guard = false, IReadOnlyList<double>? weights = null)
    {
        var objective = new NetworkObjective<float>(Architecture, regularization: _options.Regularization);
        LoopOptions loop = Loop(guard) with
        {
            Hyperparameters = [.. _options.Rule.Hyperparameters.Select(h => h with { Initial = point[h.Name] ?? (_options.Initial is { } initial && initial.TryGetValue(h.Name, out double own) ? own : h.Initial) })],
            Seed = SeedOf(member),
            InitialWeights = weights,
        };
        (BatchSource training, BatchSource validation) = Batches(objective);
        return new RestartRun(point, objective, new OnePassLoop<DenseVector<float>>(objective, training, validation, loop), this);
    }

    /// <summary>How a run is trained, but for its setting and its initial weights.</summary>
    internal LoopOptions Loop(bool guard) => new() { Rule = _options.Rule, LearningRateSchedule = _options.LearningRateSchedule, AveragingDecay = _options.AveragingDecay, TuningInterval = Interval, Steps = Steps, Guard = guard };

    /// <summary>The seed of the initial weights of one of a search's runs.</summary>
    internal int SeedOf(int member) => unchecked(Seed + (7919 * member));

    /// <summary>The batches of every run.</summary>
    internal (BatchSource Training, BatchSource Validation) Batches<TVector>(INetworkObjective<TVector, float> objective) where TVector : class, IVector<TVector> =>
        (objective.CreateBatchSource(Data.Train, _options.BatchSizeFor(Data.Train.Count), Seed, 2), objective.CreateBatchSource(Data.Validation, int.MaxValue, shuffleSeed: null, 1));
}

/// <summary>One plain training with fixed hyperparameters, which can be interrupted and continued.</summary>
internal sealed class RestartRun(SearchPoint point, NetworkObjective<float> objective, OnePassLoop<DenseVector<float>> loop, RestartProblem problem)
{
    private readonly OnePassLoop<DenseVector<float>> _loop = loop;

    internal SearchPoint Point { get; private set; } = point;

    internal long Step => _loop.Step;

    /// <summary>The lowest validation loss so far; infinite where none was finite.</summary>
    internal double ValidationLoss => _loop.BestValidationLoss;

    /// <summary>The validation loss where the run stands; infinite before it has moved and where it is not finite.</summary>
    internal double LatestValidationLoss { get; private set; } = double.PositiveInfinity;

    internal double GradientEvaluations => _loop.GradientEvaluations;

    internal bool HasDiverged => _loop.HasFailed;

    /// <summary>Settings tried: one, and one more for every adoption.</summary>
    internal int Settings { get; private set; } = 1;

    /// <summary>How many of them diverged.</summary>
    internal int DivergedSettings { get; private set; }

    /// <summary>Trains on up to a step. A run that diverges stops there for good, as any sensible search would stop it, and is charged for no more.</summary>
    /// <exception cref="OperationCanceledException">The caller canceled.</exception>
    internal void RunTo(long step, CancellationToken cancellation)
    {
        if (HasDiverged)
            return;
        while (Step < step && !HasDiverged)
        {
            _loop.RunTo(Math.Min(step, Step + problem.Interval), cancellation);
            cancellation.ThrowIfCancellationRequested();
        }
        double loss = HasDiverged ? double.NaN : _loop.MeasureValidationLoss();
        LatestValidationLoss = double.IsFinite(loss) ? loss : double.PositiveInfinity;
        DivergedSettings += HasDiverged ? 1 : 0;
    }

    /// <summary>The same with what is left of a budget of steps, which falls by those taken.</summary>
    internal void RunTo(long step, ref long left, CancellationToken cancellation)
    {
        long before = Step;
        RunTo(Math.Min(step, before + left), cancellation);
        // Few steps make rungs coincide; to look at one costs something all the same, or the budget would last for ever.
        left -= Math.Max(1, Step - before);
    }

    /// <summary>Takes over another member's weights and state and goes on with a setting of its own.</summary>
    internal void Adopt(RestartRun other, SearchPoint point)
    {
        _loop.Adopt(other._loop);
        LatestValidationLoss = other.LatestValidationLoss;
        Point = point;
        Settings++;
        foreach (HyperparameterValue<DenseVector<float>> value in _loop.Hyperparameters)
        {
            if (point[value.Definition.Name] is { } real)
                value.SetRaw(value.Definition.Transform.ToRaw(real));
        }
    }

    /// <summary>The test error of the weights with the lowest validation loss. Asked for once, after selection.</summary>
    internal double TestError() => Evaluation.Error(objective.Architecture, _loop.BestWeights, problem.Data.Test!, problem.Data.Target);
}
