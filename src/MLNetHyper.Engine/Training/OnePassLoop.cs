using System.Diagnostics;

namespace MLNetHyper.Engine;

/// <summary>
/// Trains weights and hyperparameters together in one pass: T weight steps, then one hyperparameter step, until the budget is
/// spent (Clarke et al. 2022, algorithm 1, for any method, update rule and engine).
/// </summary>
/// <typeparam name="TVector">The engine's flat vector.</typeparam>
public sealed class OnePassLoop<TVector> where TVector : class, IVector<TVector>
{
    private readonly IObjective<TVector> _objective;
    private readonly RunState<TVector> _state;
    private readonly HypergradientContext<TVector> _context;
    private readonly HypergradientEstimator<TVector> _estimator;
    private readonly WeightSteps<TVector> _steps;
    private readonly WindowPolicy<TVector> _policy;
    private readonly KeepingBest<TVector>? _best;
    private readonly ReducedOnPlateau<TVector>? _plateau;
    private readonly Guarded<TVector>? _guard;
    private readonly Window _window;
    private readonly CheckpointKeeper? _checkpoint;
    private readonly Meetings<TVector>? _meetings;
    private readonly AveragingPace _pace;
    private readonly long _resumedFrom;
    private LoopOptions _options;
    private Trajectory[] _trajectories;
    private int _windowSteps;
    private int _savedLength;
    private long _start;

    /// <summary>Prepares a run.</summary>
    /// <param name="objective">The model and its loss.</param>
    /// <param name="training">The training batches. Keep as many valid as the method looks back, plus one.</param>
    /// <param name="validation">The validation batches; null only for methods that do not use them.</param>
    /// <param name="options">How to run.</param>
    /// <exception cref="ArgumentException">The options do not fit together; the message says what to change.</exception>
    /// <exception cref="CheckpointException">The checkpoint is of another run or version, or damaged.</exception>
    public OnePassLoop(IObjective<TVector> objective, BatchSource training, BatchSource? validation, LoopOptions options)
    {
        ArgumentNullException.ThrowIfNull(objective);
        ArgumentNullException.ThrowIfNull(training);
        ArgumentNullException.ThrowIfNull(options);
        options.Validate(objective.Hyperparameters);
        if (validation is null && options.Method.UsesValidation)
            throw new ArgumentException($"The method '{options.Method.Name}' tunes on validation data, but there are none. Set some rows aside for validation.");
        if (options.Method.TakesSeveralPasses && options.Shared is null)
            throw new ArgumentException($"The method '{options.Method.Name}' learns from several runs of the loop: {nameof(SeveralPasses<>)} makes them.");
        (_objective, _options) = (objective, options);
        _state = new(objective, options);
        _pace = new(options.AverageEvery);
        Workers workers = options.Workers;
        bool together = workers.Count > 1;
        if (together)
        {
            training.DivideAmong(workers);
            validation?.DivideAmong(workers);
        }
        IObjective<TVector> joint = together ? new JointObjective<TVector>(objective, workers) : objective;
        // What steps are taken on: everybody's batches, or this worker's until all meet.
        IObjective<TVector> stepped = options.AverageEvery.IsEveryStep ? joint : objective;
        var work = new WorkMeter(training.BatchSize, training.Networks, training.Parts);
        _context = new(stepped, options.Rule, _state.Hyperparameters, _state.Weights, training, work, options.Clipping) { Schedule = options.Shared };
        _estimator = ModelRuns<TVector>.TryCreate(_state, stepped, training, options, work) ?? options.Method.Create(_context);
        _steps = new(_state, stepped, training, options, _context, _estimator);
        if (together)
            _meetings = new(_state, _estimator, options, _pace);
        Validation<TVector>? heldOut = validation is null ? null : new(joint, _state.Hyperparameters, validation, training.BatchSize, options.TuningInterval, work, options.ValidatesByStep, workers);
        _policy =
            options.Schedule is { Count: > 0 } schedule ? new FollowSchedule<TVector>(_state, schedule)
            : options.Shared is { } shared ? new FollowShared<TVector>(_state, shared, _estimator, options.Method.UsesValidation ? heldOut : null, _steps)
            : options.Method.UsesValidation ? new TuneEachWindow<TVector>(_state, _estimator, heldOut!, options, _steps)
            : new NoTuning<TVector>();
        bool isScheduled = options.LearningRateSchedule != LearningRateSchedule.Constant && options.Schedule is null, waitsForPlateaus = isScheduled && options.LearningRateSchedule == LearningRateSchedule.ReduceOnPlateau;
        if (waitsForPlateaus && heldOut is null)
            throw new ArgumentException("The learning rate is to fall when the validation loss no longer does, but there are no validation data. Set some rows aside for validation, or choose another schedule.");
        if (isScheduled)
        {
            HyperparameterValue<TVector>? settling = _state.Hyperparameters.FirstOrDefault(h => h.Definition is { Tuned: true, Settled: not null });
            // The curve begins where the learning rate has settled: weights that start again then are to have all of a warm-up.
            double begin = settling is null ? 0 : Settling<TVector>.SettlingShare;
            _policy = new Scheduled<TVector>(_policy, _state, options.LearningRateSchedule, () => Math.Max(0, ShareDone() - begin) / (1 - begin));
            if (settling is not null)
                _policy = new Settling<TVector>(_policy, settling, ShareDone, StartAgain);
        }
        if (heldOut is not null)
            _policy = _best = new(_policy, _state, heldOut, options.Patience);
        if (waitsForPlateaus)
            _policy = _plateau = new(_policy, _state, heldOut!);
        if (options.Guard)
            _policy = _guard = new(_policy, _state, _steps, _estimator, _best, options.TuningInterval);
        _window = new(_state.Models.Count);
        _trajectories = CreateTrajectories();
        string identity = together || options.CheckpointPath is not null ? RunIdentity.Of(options, objective, training, validation) : "";
        if (together)
            workers.RequireSame(identity);
        if (options.CheckpointPath is { } path)
        {
            if (workers.Writes)
                _checkpoint = new(path, identity, options.CheckpointInterval, options.Clock);
            byte[]? state = _checkpoint?.Load();
            if ((together ? workers.Broadcast(state) : state) is { } found)
                Checkpoint.Restore(path, found, Serialize);
            _resumedFrom = _state.Step;
        }
    }

    internal ILoopObserver<TVector>? Observer { get => _steps.Observer; init => _steps.Observer = value; }

    /// <summary>The current values of the hyperparameters.</summary>
    public HyperparameterSet<TVector> Hyperparameters => _state.Hyperparameters;

    /// <summary>Trains until the budget is spent, the caller cancels, or training stops early.</summary>
    /// <param name="progress">Told of every hyperparameter step, on this thread.</param>
    /// <param name="cancellation">Takes effect within one weight step, or a few short ones.</param>
    /// <returns>Status, finite weights and the trajectory. Cancellation and divergence are statuses, not exceptions.</returns>
    public LoopResult<TVector> Run(IProgress<TrainingProgress>? progress = null, CancellationToken cancellation = default)
    {
        using Activity? activity = TrainingTelemetry.Begin(_options, _state.Weights.Length);
        _start = _options.Clock.GetTimestamp();
        TrainingStatus? status = null;
        if (_meetings is not null || !cancellation.IsCancellationRequested)
            Begin();
        while (status is null)
        {
            if (_options.Steps is { } steps && _state.Step >= steps)
                status = TrainingStatus.Completed;
            else if (Interruption(cancellation) is { } interruption)
                status = interruption;
            else if (_windowSteps == 0 && _policy.Verdict is { } verdict)
                status = verdict;
            else
                Advance(_options.Steps ?? long.MaxValue, progress);
        }
        if (_windowSteps > 0)
            _meetings?.AverageSteps();
        if (status == TrainingStatus.Completed)
            _policy.EndRun();
        _guard?.RestoreFinite();
        if (status != TrainingStatus.Canceled)
        {
            // The last weights may never have been judged: the loss is measured now and then, at the end of whole windows.
            double[]? losses = _best?.MeasureNow();
            _guard?.EndNoWorseThanTheStart(losses);
        }
        _checkpoint?.End(isFinished: status != TrainingStatus.Canceled);
        _meetings?.Agree(false, Elapsed);
        LoopResult<TVector> result = Describe(status.Value, _meetings?.Elapsed ?? Elapsed);
        TrainingTelemetry.End(activity, result.Status, result.Steps, result.Models.Sum(model => model.Rollbacks), result.Models.Average(model => model.BestValidationLoss));
        return result;
    }

    /// <summary>Whether the caller or the time budget ends the run. Workers agree on that where they have met; one alone may end after any step.</summary>
    private TrainingStatus? Interruption(CancellationToken cancellation)
    {
        bool isCanceled = cancellation.IsCancellationRequested;
        if (_meetings is null)
            return isCanceled ? TrainingStatus.Canceled : _options.TimeBudget is { } own && Elapsed >= own ? TrainingStatus.TimeBudgetSpent : null;
        if (_windowSteps > 0)
            return null;
        isCanceled = _meetings.Agree(isCanceled, Elapsed);
        return isCanceled ? TrainingStatus.Canceled : _options.TimeBudget is { } budget && _meetings.Elapsed >= budget ? TrainingStatus.TimeBudgetSpent : null;
    }

    private TimeSpan Elapsed => _options.Clock.GetElapsedTime(_start);

    /// <summary>Goes back to the initial weights in the midst of the run: nothing that knows the later ones stays.</summary>
    private void StartAgain()
    {
        _state.StartAgain(_objective, _options);
        _estimator.Reset();
        _plateau?.StartAgain();
        _guard?.StartAgain();
    }

    /// <summary>Goes back to before the first step, with other weights, for methods that learn from several runs.</summary>
    /// <param name="options">The same but for the seed and the time budget.</param>
    internal void Restart(LoopOptions options)
    {
        _options = options;
        _state.Begin(_objective, options);
        _estimator.Reset();
        _steps.ClearRecords();
        (_context.StepsTaken, _context.Work.GradientEvaluations) = (0, 0);
        _steps.Losses.Clear();
        _windowSteps = 0;
        _trajectories = CreateTrajectories();
    }

    /// <summary>Trains on up to a step, for searches that judge unfinished runs. May be called again with a later one.</summary>
    internal void RunTo(long step, CancellationToken cancellation)
    {
        Begin();
        while (_state.Step < step && _policy.Verdict != TrainingStatus.Diverged && !cancellation.IsCancellationRequested)
            Advance(step, progress: null);
    }

    /// <summary>The validation loss now, which counts towards the best weights like any other, for searches that judge at a certain step.</summary>
    internal double MeasureValidationLoss() => _best!.MeasureNow()[0];

    /// <summary>
    /// Goes on from another run's weights, state, hyperparameters and step, as population-based training does. The best weights
    /// seen so far stay this run's own: those of the other are not lost, since it has them.
    /// </summary>
    internal void Adopt(OnePassLoop<TVector> other)
    {
        _state.CopyFrom(other._state);
        _windowSteps = other._windowSteps;
        _steps.Losses.Clear();
        _steps.Losses.Add(other._steps.Losses.Total);
        _context.StepsTaken = _state.Step;
        _steps.ClearRecords();
        _estimator.Reset();
    }

    internal double BestValidationLoss => _best!.Best.Losses[0];

    internal TVector BestWeights => _best!.Best.Weights;

    internal double GradientEvaluations => _context.Work.GradientEvaluations;

    /// <summary>Whether the run is beyond help: its weights are not finite, or the guard has given up.</summary>
    internal bool HasFailed => _policy.Verdict == TrainingStatus.Diverged || !_state.Weights.IsFinite();

    internal long Step => _state.Step;

    /// <summary>The share of the budget that is spent, of steps or of time, whichever is more.</summary>
    private double ShareDone() => Math.Max(
        _options.Steps is { } steps ? (double)_state.Step / steps : 0,
        _options.TimeBudget is { } budget ? (_meetings?.Elapsed ?? Elapsed) / budget : 0);

    private void Begin()
    {
        if (_state.Step == 0)
            _policy.BeginRun();
    }

    /// <summary>Takes a step or a few, at most to a certain one; at the end of a window does what is due there.</summary>
    private void Advance(long end, IProgress<TrainingProgress>? progress)
    {
        if (_windowSteps == 0)
            _policy.BeginWindow();
        int window = WindowLength;
        _windowSteps += _steps.Take(window - _windowSteps, end - _state.Step);
        // Of workers that step by themselves the others cannot know.
        bool fallen = _guard is not null && _meetings is not { StepsAreLocal: true } && _steps.Losses.IsKnownToBeLost;
        if (_windowSteps < window && !fallen)
        {
            _meetings?.AfterStep(_windowSteps);
            return;
        }
        CloseWindow();
        progress?.Report(DescribeProgress());
        if (_checkpoint is { IsDue: true })
            _checkpoint.Keep(Save);
    }

    /// <summary>T steps, or as many more as workers take before they meet.</summary>
    private int WindowLength => Math.Max(_options.TuningInterval, _meetings?.Interval ?? 1);

    /// <summary>The end of T steps: measure, note, act.</summary>
    private void CloseWindow()
    {
        _window.Begin(_steps.Losses, _windowSteps);
        _meetings?.EndWindow(_window);
        _policy.Measure(_window);
        for (int k = 0; k < _trajectories.Length; k++)
        {
            _trajectories[k].Add(_state.Step, _window.TrainingLosses[k], _window.ValidationLosses[k]);
            for (int i = 0; i < Hyperparameters.Count; i++)
                _trajectories[k].AddHyperparameter(i, Hyperparameters[i].MeanOf(k), Hyperparameters[i].HypergradientNormOf(k));
        }
        _policy.Act(_window);
        for (int k = 0; k < _trajectories.Length; k++)
        {
            for (int i = 0; _window.Fallen[k] && i < Hyperparameters.Count; i++)
                _trajectories[k].AmendLast(i, Hyperparameters[i].MeanOf(k));
        }
        TrainingTelemetry.Record(_window, _windowSteps, Hyperparameters);
        if (!_estimator.RecordsEveryStep)
            _steps.ClearRecords();
        _steps.Losses.Clear();
        _windowSteps = 0;
    }

    private TrainingProgress DescribeProgress() => new(_state.Step, _options.Steps, _trajectories[0].TrainingLosses[^1], _trajectories[0].ValidationLosses[^1],
        [.. Hyperparameters.Select(h => new HyperparameterProgress(h.Definition.Name, h.Mean, h.HypergradientNorm))], _guard?.Rollbacks(0) ?? 0);

    private LoopResult<TVector> Describe(TrainingStatus status, TimeSpan elapsed)
    {
        bool[] finite = new bool[_state.Models.Count], withoutBest = new bool[finite.Length];
        _state.Weights.AreFinite(_state.Models, finite);
        var models = new ModelResult[finite.Length];
        for (int k = 0; k < models.Length; k++)
        {
            withoutBest[k] = _best is null || double.IsInfinity(_best.Best.Losses[k]);
            bool diverged = _guard?.HasGivenUp(k) ?? !finite[k];
            models[k] = new(diverged ? TrainingStatus.Diverged : status, withoutBest[k] ? _state.Step : _best!.Best.Steps[k], _best?.Best.Losses[k] ?? double.NaN, _guard?.Rollbacks(k) ?? 0, _trajectories[k]);
        }
        TVector weights = _state.Averaged;
        if (withoutBest.Contains(false))
        {
            weights = _best!.Best.Weights;
            weights.CopyFrom(_state.Averaged, _state.Models, withoutBest);
        }
        ModelResult first = models[0];
        return new(status, weights, _state.Averaged, first.BestStep, first.BestValidationLoss, _state.Step, _context.Work.GradientEvaluations, elapsed, first.Rollbacks, first.Trajectory, _checkpoint?.Warnings ?? [])
        {
            Models = models,
            Segments = _state.Models,
            ResumedFrom = _resumedFrom,
        };
    }

    private Trajectory[] CreateTrajectories()
    {
        int models = _state.Models.Count, capacity = _options.Steps is { } steps ? (int)Math.Min(1_000_000 / models, (steps / _options.TuningInterval) + 1) : 1024;
        return [.. Enumerable.Range(0, models).Select(_ => new Trajectory(Hyperparameters.Select(h => h.Definition.Name), capacity))];
    }

    private byte[] Save()
    {
        byte[] state = Checkpoint.Save(Serialize, _savedLength);
        _savedLength = state.Length;
        return state;
    }

    /// <summary>The whole state between two windows.</summary>
    private void Serialize(StateArchive archive)
    {
        _state.Serialize(archive);
        archive.Value(ref _context.Work.GradientEvaluations);
        _estimator.Serialize(archive);
        _policy.Serialize(archive);
        _pace.Serialize(archive);
        foreach (Trajectory trajectory in _trajectories)
            trajectory.Serialize(archive);
        _context.StepsTaken = _state.Step;
    }
}
