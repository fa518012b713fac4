using System.Runtime.CompilerServices;
using System.Text;

namespace MLNetHyper.Engine;

/// <summary>
/// Trains weights and hyperparameters together in one pass: T weight steps, then one hyperparameter step, until the budget is
/// spent (Clarke et al. 2022, algorithm 1, for any method, update rule and engine).
/// </summary>
/// <typeparam name="TVector">The engine's flat vector.</typeparam>
public sealed class OnePassLoop<TVector> where TVector : class, IVector<TVector>
{
    private readonly LoopOptions _options;
    private readonly BatchSource _training;
    private readonly Validation<TVector>? _validation;
    private readonly UpdateRule _rule;
    private readonly HyperparameterSet<TVector> _hyperparameters;
    private readonly HypergradientContext<TVector> _context;
    private readonly HypergradientEstimator<TVector> _estimator;
    private readonly DivergenceGuard<TVector> _guard;
    private readonly BestWeights<TVector> _best;
    private readonly Trajectory _trajectory;
    private readonly CheckpointKeeper? _checkpoint;
    private readonly WorkMeter _work;
    private readonly ILinearization<TVector> _linearization;
    private readonly TVector _weights;
    private readonly TVector[] _state;
    private readonly TVector _gradient;
    private readonly TVector _scratch;
    private readonly LossSum _losses;
    private readonly long _resumedFrom;
    private long _step;
    private long _stateStart;
    private int _windowSteps;
    private int _scheduleWindow;
    private int _savedLength;

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
        options.Validate();
        _options = options;
        _training = training;
        _rule = options.Rule;
        _weights = objective.CreateVector();
        _state = objective.CreateVectors(_rule.StateCount);
        _gradient = objective.CreateVector();
        _scratch = objective.CreateVector();
        _losses = objective.CreateLossSum();
        if (options.InitialWeights is { } initial)
            TakeInitialWeights(initial);
        else
            objective.Initialize(_weights, options.Seed);
        _hyperparameters = new(options.Definitions, objective.Tensors, _weights);
        _work = new(training.BatchSize);
        _context = new(objective, _rule, _hyperparameters, _weights, training, _work, options.GradientClip);
        _estimator = options.Method.Create(_context);
        if (validation is null && _estimator.UsesValidation)
            throw new ArgumentException($"The method '{options.Method.Name}' tunes on validation data, but there are none. Set some rows aside for validation.");
        _linearization = objective.CreateLinearization(withProducts: false);
        _validation = validation is null ? null : new(objective, validation, training.BatchSize, options.Interval, _work, options.ValidatesByStep);
        _context.CreateRecords(_estimator.HistoryLength);
        _guard = new(_weights);
        _best = new(_weights);
        int capacity = options.Steps is { } steps ? (int)Math.Min(1_000_000, (steps / options.Interval) + 1) : 1024;
        _trajectory = new(_hyperparameters.Select(h => h.Definition.Name), capacity);
        if (options.CheckpointPath is { } path)
        {
            _checkpoint = new(path, RunIdentity.Of(options, objective, training, validation), options.CheckpointEvery, options.Clock);
            if (_checkpoint.Load() is { } state)
                Restore(path, state);
            _resumedFrom = _step;
        }
    }

    internal ILoopObserver<TVector>? Observer { get; init; }

    /// <summary>The current values of the hyperparameters.</summary>
    public HyperparameterSet<TVector> Hyperparameters => _hyperparameters;

    /// <summary>Trains until the budget is spent, the caller cancels, or training stops early.</summary>
    /// <param name="progress">Told of every hyperparameter step, on this thread.</param>
    /// <param name="cancellation">Takes effect within one weight step.</param>
    /// <returns>Status, finite weights and the trajectory. Cancellation and divergence are statuses, not exceptions.</returns>
    public LoopResult<TVector> Run(IProgress<TrainingProgress>? progress = null, CancellationToken cancellation = default)
    {
        long start = _options.Clock.GetTimestamp();
        TrainingStatus? status = null;
        if (!cancellation.IsCancellationRequested)
            BeginGuard();
        while (status is null)
        {
            if (_options.Steps is { } steps && _step >= steps)
                status = TrainingStatus.Completed;
            else if (cancellation.IsCancellationRequested)
                status = TrainingStatus.Canceled;
            else if (_options.TimeBudget is { } budget && _options.Clock.GetElapsedTime(start) >= budget)
                status = TrainingStatus.TimeBudgetSpent;
            else if (_options.Patience is { } patience && _validation is not null && _validation.MeasuredAt - _best.Step >= patience && _windowSteps == 0)
                status = TrainingStatus.StoppedEarly;
            else if (_guard.GivesUp)
                status = TrainingStatus.Diverged;
            else
                Advance(progress);
        }
        // A last window cut short may have ended anywhere.
        if (_options.Guard && !_weights.IsFinite())
            _guard.RollBack(_weights, _state);
        if (status != TrainingStatus.Canceled)
            JudgeLastWeights();
        _checkpoint?.End(isFinished: status != TrainingStatus.Canceled);
        TVector weights = _validation is null || double.IsInfinity(_best.Loss) ? _weights : _best.Weights;
        return new(status.Value, weights, _weights, weights == _weights ? _step : _best.Step, _validation is null ? double.NaN : _best.Loss, _step,
            _work.GradientEvaluations, _options.Clock.GetElapsedTime(start), _guard.Rollbacks, _trajectory, _checkpoint?.Warnings ?? [])
        {
            ResumedFrom = _resumedFrom,
        };
    }

    /// <summary>Trains on up to a step, for searches that judge unfinished runs. May be called again with a later one.</summary>
    internal void RunTo(long step, CancellationToken cancellation)
    {
        BeginGuard();
        while (_step < step && !_guard.GivesUp && !cancellation.IsCancellationRequested)
            Advance(progress: null);
    }

    /// <summary>The validation loss now, which counts towards the best weights like any other, for searches that judge at a certain step.</summary>
    internal double MeasureValidationLoss()
    {
        double loss = _validation!.Measure(_weights, _step);
        _best.Offer(loss, _weights, _step);
        return loss;
    }

    /// <summary>
    /// Goes on from another run's weights, state, hyperparameters and step, as population-based training does. The best weights
    /// seen so far stay this run's own: those of the other are not lost, since it has them.
    /// </summary>
    internal void Adopt(OnePassLoop<TVector> other)
    {
        (_step, _windowSteps) = (other._step, other._windowSteps);
        _losses.Clear();
        _losses.Add(other._losses.Total);
        _context.StepsTaken = _step;
        _weights.CopyFrom(other._weights);
        for (int i = 0; i < _state.Length; i++)
            _state[i].CopyFrom(other._state[i]);
        for (int i = 0; i < _hyperparameters.Count; i++)
        {
            double[] raw = new double[_hyperparameters[i].Count];
            other._hyperparameters[i].CopyRawTo(raw);
            _hyperparameters[i].SetRaw((ReadOnlySpan<double>)raw);
        }
    }

    internal double BestValidationLoss => _best.Loss;

    internal TVector BestWeights => _best.Weights;

    internal double GradientEvaluations => _work.GradientEvaluations;

    /// <summary>Whether the run is beyond help: its weights are not finite, or the guard has given up.</summary>
    internal bool HasFailed => _guard.GivesUp || !_weights.IsFinite();

    internal long Step => _step;

    private void BeginGuard()
    {
        if (!_options.Guard || _step > 0)
            return;
        _scratch.Fill(0);
        _guard.Begin(LossFrom(0, _weights), LossFrom(0, _scratch));
    }

    /// <summary>
    /// The last weights may never have been judged: the loss is measured now and then, at the end of whole windows. Under the guard,
    /// those that are worse than the start give way to the best, or without validation to what the guard would go back to.
    /// </summary>
    private void JudgeLastWeights()
    {
        if (_validation is not null)
        {
            double last = _validation.Measure(_weights, _step);
            _best.Offer(last, _weights, _step);
            if (!_options.Guard || !_guard.IsWorseThanStart(last))
                return;
            _best.Offer(_validation.Loss(_guard.Snapshot), _guard.Snapshot, _step);
            if (double.IsFinite(_best.Loss))
                _weights.CopyFrom(_best.Weights);
        }
        else if (_options.Guard && _trajectory.Count > 0 && _guard.IsWorseThanStart(_trajectory.TrainingLosses[^1]))
        {
            long window = Math.Max(0, _step - _options.Interval);
            if (LossFrom(window, _guard.Snapshot) is var safe && double.IsFinite(safe) && !(LossFrom(window, _weights) <= safe))
                _weights.CopyFrom(_guard.Snapshot);
        }
    }

    private void Advance(IProgress<TrainingProgress>? progress)
    {
        if (_windowSteps == 0 && _options.Schedule is { Count: > 0 } schedule)
            Follow(schedule);
        TakeStep();
        _windowSteps++;
        bool fallen = _options.Guard && _losses.IsKnownToBeLost;
        if (_windowSteps < _options.Interval && !fallen)
            return;
        CloseWindow(_losses.Total / _windowSteps);
        if (progress is not null)
            progress.Report(Describe());
        _losses.Clear();
        _windowSteps = 0;
        if (_checkpoint is { IsDue: true })
            _checkpoint.Keep(Save);
    }

    /// <summary>One weight step. Its training loss is added to the window's.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void TakeStep()
    {
        Batch batch = _training.BatchAt(_step);
        bool recorded = _estimator.RecordsEveryStep || _options.Interval - _windowSteps <= _estimator.HistoryLength;
        long number = _step - _stateStart + 1;
        if (recorded && _estimator.HistoryLength > 0)
        {
            StepRecord<TVector> record = _context.NextRecord(_weights, _state);
            record.Number = number;
            Differentiate(record.Linearization, record.Weights, batch, record.Unclipped);
            if (_options.GradientClip is { } limit)
            {
                record.Gradient.CopyFrom(record.Unclipped);
                record.Gradient.LimitNorm(limit);
            }
            BeforeStep(record.Unclipped);
            _rule.Apply(_hyperparameters, _weights, _state, record.Gradient, number, _scratch);
            _estimator.AfterStep(record);
        }
        else
        {
            Differentiate(_linearization, _weights, batch, _gradient);
            if (_options.GradientClip is { } limit)
                _gradient.LimitNorm(limit);
            _rule.Apply(_hyperparameters, _weights, _state, _gradient, number, _scratch);
        }
        _work.AddGradient(batch.Count);
        _step++;
        _context.StepsTaken = _step;
    }

    private void Differentiate(ILinearization<TVector> linearization, TVector weights, Batch batch, TVector gradient)
    {
        if (Observer is null)
        {
            linearization.Gradient(weights, batch, gradient, _losses);
            return;
        }
        double loss = linearization.Gradient(weights, batch, gradient);
        _losses.Add(loss);
        Observer.OnStep(_step, loss, weights);
    }

    private void BeforeStep(TVector gradient)
    {
        if (!_estimator.BeforeStep(gradient))
            return;
        Observer?.OnHyperparametersMoved(_hyperparameters);
        _hyperparameters.Clamp();
    }

    /// <summary>The end of T steps: judge the window, move the hyperparameters or roll back, and note what happened.</summary>
    private void CloseWindow(double windowLoss)
    {
        double validationLoss = double.NaN;
        if (_options.Guard && _guard.IsExplosion(windowLoss, _weights))
        {
            // What is left there is of an earlier window.
            _hyperparameters.ClearHypergradients();
            Note(windowLoss, validationLoss);
            RollBack();
        }
        else
        {
            if (_estimator.UsesValidation)
                validationLoss = _validation!.Gradient(_weights, _step, _gradient);
            if (_validation is not null)
            {
                validationLoss = _validation.FullLoss(_weights, _step, validationLoss);
                _best.Offer(validationLoss, _weights, _step);
            }
            _guard.Accept(windowLoss, _weights);
            if (_estimator.UsesValidation)
            {
                _hyperparameters.ClearHypergradients();
                _estimator.Estimate(_gradient, _weights);
                bool finite = _hyperparameters.ApplyChainRule();
                Note(windowLoss, validationLoss);
                if (finite || !_options.Guard)
                    MoveHyperparameters();
                else
                    _estimator.Reset();
            }
            else
            {
                Note(windowLoss, validationLoss);
            }
        }
        if (!_estimator.RecordsEveryStep)
            _context.ClearRecords();
    }

    private void MoveHyperparameters()
    {
        _hyperparameters.Move(_options.MetaOptimizer);
        Observer?.OnHyperparametersMoved(_hyperparameters);
        _hyperparameters.Clamp();
    }

    private void RollBack()
    {
        _guard.RollBack(_weights, _state);
        // Adam's bias corrections count from where its moments were zero.
        _stateStart = _step;
        _estimator.Reset();
        HyperparameterValue<TVector> lr = _hyperparameters[Hyperparameter.LearningRate];
        // Even a fixed learning rate is halved: a run that can only fall is of no use to anybody.
        lr.ShiftRaw(lr.Definition.Transform == Transform.Log10 ? -Math.Log10(2) : 0);
        for (int i = 0; i < _hyperparameters.Count; i++)
            _trajectory.AmendLast(i, _hyperparameters[i].Mean);
    }

    private void Follow(Trajectory schedule)
    {
        // By steps, not by counting: a window that was undone may have been shorter than the others.
        while (_scheduleWindow < schedule.Count - 1 && schedule.Steps[_scheduleWindow] <= _step)
            _scheduleWindow++;
        for (int i = 0; i < _hyperparameters.Count; i++)
        {
            HyperparameterValue<TVector> value = _hyperparameters[i];
            value.SetRaw(value.Definition.Transform.ToRaw(schedule.ValueAt(i, _scheduleWindow)));
        }
    }

    /// <summary>The training loss at some weights: of as many batches from a step on as one window has, or more where they are tiny.</summary>
    private double LossFrom(long step, TVector weights)
    {
        const int Enough = 50;
        double sum = 0, weight = 0;
        int examples = 0;
        for (int i = 0; i < _training.BatchesPerEpoch && (i < _options.Interval || examples < Enough); i++)
        {
            Batch batch = _training.BatchAt(step + i);
            sum += _linearization.Loss(weights, batch) * batch.Weight;
            weight += batch.Weight;
            examples += batch.Count;
            _work.AddForward(batch.Count);
        }
        return weight > 0 ? sum / weight : 0;
    }

    private void Note(double windowLoss, double validationLoss)
    {
        _trajectory.Add(_step, windowLoss, validationLoss);
        for (int i = 0; i < _hyperparameters.Count; i++)
            _trajectory.AddHyperparameter(i, _hyperparameters[i].Mean, _hyperparameters[i].HypergradientNorm);
    }

    private TrainingProgress Describe() => new(_step, _options.Steps, _trajectory.TrainingLosses[^1], _trajectory.ValidationLosses[^1],
        [.. _hyperparameters.Select(h => new HyperparameterProgress(h.Definition.Name, h.Mean, h.HypergradientNorm))], _guard.Rollbacks);

    private byte[] Save()
    {
        using var stream = new MemoryStream(_savedLength);
        using (var writer = new BinaryWriter(stream, Encoding.UTF8, leaveOpen: true))
            Exchange(new StateArchive.Writer(writer));
        _savedLength = (int)stream.Length;
        return stream.ToArray();
    }

    private void Restore(string path, byte[] state)
    {
        try
        {
            using var reader = new BinaryReader(new MemoryStream(state), Encoding.UTF8);
            Exchange(new StateArchive.Reader(reader));
            if (reader.BaseStream.Position != state.Length)
                throw new EndOfStreamException("The checkpoint holds more than the run's state.");
        }
        catch (Exception e) when (e is EndOfStreamException or OverflowException or ArgumentException)
        {
            throw new CheckpointException($"The checkpoint '{path}' does not fit this run. Delete it to start again from the beginning.", e);
        }
    }

    /// <summary>The whole state between two windows.</summary>
    private void Exchange(StateArchive archive)
    {
        archive.Value(ref _step);
        archive.Value(ref _stateStart);
        archive.Value(ref _work.GradientEvaluations);
        archive.Vector(_weights);
        archive.Vectors(_state);
        _hyperparameters.Exchange(archive);
        _estimator.Exchange(archive);
        _guard.Exchange(archive);
        _best.Exchange(archive);
        _trajectory.Exchange(archive);
        _validation?.Exchange(archive);
        _context.StepsTaken = _step;
    }

    private void TakeInitialWeights(IReadOnlyList<double> initial)
    {
        if (initial.Count != _weights.Length)
            throw new ArgumentException($"The initial weights are {initial.Count} numbers, but the model has {_weights.Length} weights. Warm starts need a model of the same shape.");
        _weights.CopyFrom([.. initial]);
        if (!_weights.IsFinite())
            throw new ArgumentException("The initial weights must all be finite, in the precision that the model computes in too.");
    }
}
