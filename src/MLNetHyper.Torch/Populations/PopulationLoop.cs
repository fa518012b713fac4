using System.Diagnostics;
using System.Numerics;
using MLNetHyper.Engine;

namespace MLNetHyper.Torch;

/// <summary>
/// The training loop for many networks at once: the same steps as <see cref="OnePassLoop{TVector}"/>, with a loss, a guard, best
/// weights and hyperparameters for each member. Members see the same batches and never influence each other.
/// </summary>
internal sealed class PopulationLoop<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly TorchNetworkObjective<T> _objective;
    private readonly BatchSource _training;
    private readonly PopulationValidation<T>? _validation;
    private readonly LoopOptions _options;
    private readonly HyperparameterSet<TorchVector> _hyperparameters;
    private readonly HypergradientContext<TorchVector> _context;
    private readonly HypergradientEstimator<TorchVector> _estimator;
    private readonly ILinearization<TorchVector> _linearization;
    private readonly MemberGuard _guard;
    private readonly TorchLossSum _losses;
    private readonly TorchVector _weights;
    private readonly TorchVector[] _state;
    private readonly TorchVector _gradient;
    private readonly TorchVector _scratch;
    private readonly Trajectory[] _trajectories;
    private long _step;
    private int _windowSteps;

    internal PopulationLoop(TorchNetworkObjective<T> objective, BatchSource training, BatchSource? validation, LoopOptions options, IReadOnlyList<IReadOnlyDictionary<string, double>> starts, IReadOnlyList<int>? seeds = null)
    {
        options.Validate();
        // One value for each tensor is one for each member, since a population's tensors are its members.
        Hyperparameter[] definitions = [.. options.Definitions.Select(h => h with { Granularity = Granularity.PerTensor })];
        Require(objective, options, definitions, starts);
        (_objective, _training, _options) = (objective, training, options);
        _weights = objective.CreateVector();
        _state = objective.CreateVectors(options.Rule.StateCount);
        _gradient = objective.CreateVector();
        _scratch = objective.CreateVector();
        _losses = (TorchLossSum)objective.CreateLossSum();
        if (seeds is null)
            objective.Initialize(_weights, options.Seed);
        else
            objective.Initialize(_weights, seeds);
        _hyperparameters = new(definitions, objective.Tensors, _weights);
        foreach (HyperparameterValue<TorchVector> value in _hyperparameters)
            value.SetRaw([.. starts.Select(s => value.Definition.Transform.ToRaw(s.TryGetValue(value.Definition.Name, out double start) ? start : value.Definition.Initial))]);
        var work = new WorkMeter(training.BatchSize);
        _context = new(objective, options.Rule, _hyperparameters, _weights, training, work);
        _estimator = options.Method.Create(_context);
        if (validation is null && _estimator.UsesValidation)
            throw new ArgumentException($"The method '{options.Method.Name}' tunes on validation data, but there are none. Set some rows aside for validation.");
        _validation = validation is null ? null : new(objective, validation, training.BatchSize, options.Interval);
        _linearization = objective.CreateLinearization(withProducts: false);
        _context.CreateRecords(_estimator.HistoryLength);
        _guard = new(_weights, objective.Members);
        int windows = (int)Math.Min(100_000, ((options.Steps ?? 0) / options.Interval) + 1);
        _trajectories = [.. starts.Select(_ => new Trajectory(_hyperparameters.Select(h => h.Definition.Name), windows))];
    }

    /// <summary>Trains all members until the budget is spent or the caller cancels.</summary>
    /// <param name="progress">Told of every window: the steps taken.</param>
    /// <param name="cancellation">Takes effect within one step.</param>
    internal PopulationMember[] Run(IProgress<long>? progress, CancellationToken cancellation)
    {
        long start = Stopwatch.GetTimestamp();
        if (_options.Guard)
        {
            _scratch.Fill(0);
            _guard.Begin(InitialLosses(_weights), InitialLosses(_scratch));
        }
        TrainingStatus status;
        while (true)
        {
            if (_options.Steps is { } steps && _step >= steps)
                status = TrainingStatus.Completed;
            else if (cancellation.IsCancellationRequested)
                status = TrainingStatus.Canceled;
            else if (_options.TimeBudget is { } budget && Stopwatch.GetElapsedTime(start) >= budget)
                status = TrainingStatus.TimeBudgetSpent;
            else
            {
                if (Advance())
                    progress?.Report(_step);
                continue;
            }
            return Describe(status);
        }
    }

    /// <summary>Trains on up to a step, for measurements.</summary>
    internal void RunTo(long step)
    {
        while (_step < step)
            Advance();
    }

    /// <summary>One step; says whether a window ended with it.</summary>
    private bool Advance()
    {
        TakeStep();
        if (++_windowSteps < _options.Interval)
            return false;
        CloseWindow();
        return true;
    }

    private void TakeStep()
    {
        Batch batch = _training.BatchAt(_step);
        bool recorded = _estimator.RecordsEveryStep || _options.Interval - _windowSteps <= _estimator.HistoryLength;
        if (recorded && _estimator.HistoryLength > 0)
        {
            StepRecord<TorchVector> record = _context.NextRecord(_weights, _state);
            record.Number = _step + 1;
            record.Linearization.Gradient(record.Weights, batch, record.Gradient, _losses);
            if (_estimator.BeforeStep(record.Gradient))
                _hyperparameters.Clamp();
            _options.Rule.Apply(_hyperparameters, _weights, _state, record.Gradient, _step + 1, _scratch);
            _estimator.AfterStep(record);
        }
        else
        {
            _linearization.Gradient(_weights, batch, _gradient, _losses);
            _options.Rule.Apply(_hyperparameters, _weights, _state, _gradient, _step + 1, _scratch);
        }
        _step++;
        _context.StepsTaken = _step;
    }

    private void CloseWindow()
    {
        double[] windowLosses = Array.ConvertAll(_losses.Totals(), loss => loss / _windowSteps);
        bool[] exploded = _options.Guard ? _guard.Exploded(windowLosses) : new bool[_objective.Members];
        double[] validationLosses = [.. windowLosses.Select(_ => double.NaN)];
        if (_estimator.UsesValidation)
            validationLosses = _validation!.Gradient(_weights, _gradient);
        if (_validation is not null)
        {
            validationLosses = _validation.FullLosses(_weights, validationLosses);
            _guard.Offer(validationLosses, exploded, _step);
        }
        _guard.Accept(windowLosses, exploded);
        if (_estimator.UsesValidation)
        {
            _hyperparameters.ClearHypergradients();
            _estimator.Estimate(_gradient, _weights);
            _hyperparameters.ApplyChainRule();
        }
        for (int k = 0; _options.Guard && k < exploded.Length; k++)
            Silence(k, exploded[k]);
        Note(windowLosses, validationLosses);
        if (_estimator.UsesValidation)
        {
            _hyperparameters.Move(_options.MetaOptimizer);
            _hyperparameters.Clamp();
        }
        RollBack(exploded);
        if (!_estimator.RecordsEveryStep)
            _context.ClearRecords();
        _losses.Clear();
        _windowSteps = 0;
    }

    /// <summary>A member that has exploded, or whose hypergradients are not finite, keeps its hyperparameters.</summary>
    private void Silence(int member, bool hasExploded)
    {
        bool finite = true;
        foreach (SharedValue<TorchVector> value in _hyperparameters.Cast<SharedValue<TorchVector>>())
            finite &= double.IsFinite(value.HypergradientAt(member));
        if (finite && !hasExploded)
            return;
        foreach (SharedValue<TorchVector> value in _hyperparameters.Cast<SharedValue<TorchVector>>())
            value.ClearHypergradient(member);
        if (!hasExploded)
            _estimator.Reset(_objective.Tensors[member]);
    }

    private void RollBack(bool[] exploded)
    {
        if (!exploded.Contains(true))
            return;
        _guard.RollBack(exploded);
        var lr = (SharedValue<TorchVector>)_hyperparameters[Hyperparameter.LearningRate];
        for (int k = 0; k < exploded.Length; k++)
        {
            if (!exploded[k])
                continue;
            TensorSegment member = _objective.Tensors[k];
            foreach (TorchVector state in _state)
                state.Fill(0, member.Start, member.Length);
            _estimator.Reset(member);
            // Even a fixed learning rate is halved: a run that can only fall is of no use to anybody.
            lr.ShiftRaw(k, lr.Definition.Transform == Transform.Log10 ? -Math.Log10(2) : 0);
            for (int i = 0; i < _hyperparameters.Count; i++)
                _trajectories[k].AmendLast(i, ((SharedValue<TorchVector>)_hyperparameters[i]).RealAt(k));
        }
    }

    private void Note(double[] windowLosses, double[] validationLosses)
    {
        for (int k = 0; k < _trajectories.Length; k++)
        {
            _trajectories[k].Add(_step, windowLosses[k], validationLosses[k]);
            for (int i = 0; i < _hyperparameters.Count; i++)
            {
                var value = (SharedValue<TorchVector>)_hyperparameters[i];
                _trajectories[k].AddHyperparameter(i, value.RealAt(k), Math.Abs(value.HypergradientAt(k)));
            }
        }
    }

    /// <summary>The training losses before the first step, of as many batches as one window has.</summary>
    private double[] InitialLosses(TorchVector weights)
    {
        double[] sums = new double[_objective.Members];
        double weight = 0;
        for (int i = 0; i < _training.BatchesPerEpoch && i < _options.Interval; i++)
        {
            Batch batch = _training.BatchAt(i);
            double[] losses = PopulationValidation<T>.Losses(_linearization, weights, batch);
            for (int k = 0; k < sums.Length; k++)
                sums[k] += losses[k] * batch.Weight;
            weight += batch.Weight;
        }
        return Array.ConvertAll(sums, sum => weight > 0 ? sum / weight : 0);
    }

    private PopulationMember[] Describe(TrainingStatus status)
    {
        // A last window cut short may have ended anywhere.
        bool[] finite = _weights.AreFinite(_objective.Members);
        if (_options.Guard)
            _guard.RollBack(Array.ConvertAll(finite, f => !f));
        if (_validation is not null && status != TrainingStatus.Canceled)
        {
            double[] losses = _validation.Measure(_weights);
            _guard.Offer(losses, new bool[_objective.Members], _step);
            if (_options.Guard)
                _guard.EndNoWorseThanTheStart(losses);
        }
        float[][] final = Split(_weights), best = Split(_guard.Best);
        return [.. Enumerable.Range(0, _objective.Members).Select(k =>
        {
            bool hasBest = double.IsFinite(_guard.BestLoss(k));
            return new PopulationMember
            {
                Status = _guard.HasGivenUp(k) || (!_options.Guard && !finite[k]) ? TrainingStatus.Diverged : status,
                Weights = ToVector(hasBest ? best[k] : final[k]),
                FinalWeights = ToVector(final[k]),
                BestStep = hasBest ? _guard.BestStep(k) : _step,
                BestValidationLoss = hasBest ? _guard.BestLoss(k) : double.NaN,
                Rollbacks = _guard.Rollbacks(k),
                Trajectory = _trajectories[k],
            };
        })];
    }

    private float[][] Split(TorchVector vector)
    {
        double[] all = new double[vector.Length];
        vector.CopyTo(all);
        return [.. all.Chunk(vector.Length / _objective.Members).Select(part => Array.ConvertAll(part, v => (float)v))];
    }

    private static DenseVector<float> ToVector(float[] values)
    {
        var vector = new DenseVector<float>(values.Length);
        values.CopyTo(vector.Span);
        return vector;
    }

    private static void Require(TorchNetworkObjective<T> objective, LoopOptions options, Hyperparameter[] definitions, IReadOnlyList<IReadOnlyDictionary<string, double>> starts)
    {
        if (starts.Count != objective.Members)
            throw new ArgumentException($"There are {objective.Members} members but {starts.Count} starts.", nameof(starts));
        foreach (Hyperparameter definition in options.Definitions)
        {
            if (definition.Granularity != Granularity.Scalar)
                throw new ArgumentException($"Each member of a population has one value of '{definition.Name}', not one {(definition.Granularity == Granularity.PerTensor ? "per tensor" : "per weight")}. Make it a scalar, or train members one by one.", nameof(options));
        }
        foreach (IReadOnlyDictionary<string, double> start in starts)
        {
            foreach ((string name, double value) in start)
            {
                Hyperparameter definition = options.Definitions.FirstOrDefault(h => h.Name == name)
                    ?? throw new ArgumentException($"The update rule '{options.Rule.Name}' has no hyperparameter '{name}'; it has {string.Join(", ", options.Definitions.Select(h => h.Name))}.", nameof(starts));
                if ((definition with { Initial = value }).Fault() is { } fault)
                    throw new ArgumentException(fault, nameof(starts));
            }
        }
        string? impossible =
            options.Rule.Refuse(definitions) is not null ? $"the update rule '{options.Rule.Name}', which has hyperparameters that only one value for all can have"
            : options.Method is ImplicitDifferentiation ? $"the method '{options.Method.Name}'"
            : options.GradientClip is not null ? nameof(LoopOptions.GradientClip)
            : options.Patience is not null ? nameof(LoopOptions.Patience)
            : options.CheckpointPath is not null ? nameof(LoopOptions.CheckpointPath)
            : options.Schedule is not null ? nameof(LoopOptions.Schedule)
            : options.InitialWeights is not null ? nameof(LoopOptions.InitialWeights)
            : null;
        if (impossible is not null)
            throw new ArgumentException($"Populations do not have {impossible}. Leave it out, or train members one by one.", nameof(options));
    }
}
