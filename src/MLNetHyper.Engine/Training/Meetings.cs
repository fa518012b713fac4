namespace MLNetHyper.Engine;

/// <summary>
/// Where the workers of a run meet: at the end of every window, where all must be alike to be judged, and between local steps where their number says so. Whatever depends on one
/// worker's clock or signals they agree on.
/// </summary>
internal sealed class Meetings<TVector> where TVector : class, IVector<TVector>
{
    private readonly Workers _workers;
    private readonly AveragingPace _pace;
    private readonly HyperparameterValue<TVector>? _learningRate;
    private readonly AveragingArchive _average;
    private readonly Action<StateArchive> _steps;
    private readonly Action<StateArchive> _windowAndSteps;
    private readonly double[] _votes = new double[2];
    private Window? _window;

    internal Meetings(RunState<TVector> state, HypergradientEstimator<TVector> estimator, LoopOptions options, AveragingPace pace)
    {
        (_workers, _pace) = (options.Workers, pace);
        _learningRate = state.Hyperparameters.FirstOrDefault(h => h.Definition.Name == Hyperparameter.LearningRate);
        StepsAreLocal = !options.AverageEvery.IsEveryStep;
        _average = new(_workers);
        _steps = archive =>
        {
            state.SerializeWeights(archive);
            estimator.Serialize(archive);
        };
        _windowAndSteps = archive =>
        {
            archive.Values(_window!.TrainingLosses);
            _steps(archive);
        };
    }

    /// <summary>Whether workers take steps of their own, and differ until they meet.</summary>
    internal bool StepsAreLocal { get; }

    /// <summary>The mean of the workers' clocks when they last agreed.</summary>
    internal TimeSpan Elapsed { get; private set; }

    /// <summary>Averages weights and what belongs to them.</summary>
    internal void AverageSteps()
    {
        if (StepsAreLocal)
            _average.Average(_steps);
    }

    /// <summary>The steps from one average to the next.</summary>
    internal int Interval => _pace.Steps;

    /// <summary>After a step within a window, of which so many are taken.</summary>
    internal void AfterStep(int windowSteps)
    {
        if (windowSteps % Interval == 0)
            AverageSteps();
    }

    /// <summary>The same at a window's end, with its losses.</summary>
    internal void EndWindow(Window window)
    {
        if (!StepsAreLocal)
            return;
        _window = window;
        _average.Average(_windowAndSteps);
        _pace.Follow(_learningRate?.Mean ?? 0, window.TrainingLosses[0]);
    }

    /// <summary>Whether any worker wants to end the run, and how long it has gone on.</summary>
    internal bool Agree(bool wantsToEnd, TimeSpan elapsed)
    {
        (_votes[0], _votes[1]) = (wantsToEnd ? 1 : 0, elapsed.Ticks);
        _workers.Sum(_votes);
        Elapsed = TimeSpan.FromTicks((long)(_votes[1] / _workers.Count));
        return _votes[0] > 0;
    }
}
