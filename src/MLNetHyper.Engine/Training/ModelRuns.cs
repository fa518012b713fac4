namespace MLNetHyper.Engine;

/// <summary>
/// Independent models that take their weight steps and estimate their hypergradients each by itself, for several steps in a row: threads share the models and meet seldom. Hyperparameters stay those of the
/// joint run, which judges the models and moves what they share. The numbers are those of all models computed together.
/// </summary>
internal sealed class ModelRuns<TVector> : HypergradientEstimator<TVector>, IDividedWork where TVector : class, IVector<TVector>
{
    // Whoever cancels, or has a budget of time, waits for as much.
    private const double MostFlops = 2e9;

    private readonly RunState<TVector> _state;
    private readonly ISeparableObjective<TVector> _objective;
    private readonly BatchSource _batches;
    private readonly WorkMeter _work;
    private readonly ModelRun[] _runs;
    private readonly double[] _losses;
    private readonly double _flopsOfStep;
    private readonly int _mostSteps;

    // The job under way: steps, or an estimate where there is a gradient.
    private int _steps;
    private int _stepsToGo;
    private TVector? _validationGradient;

    private ModelRuns(RunState<TVector> state, ISeparableObjective<TVector> objective, BatchSource batches, BatchSource[] sources, LoopOptions options, WorkMeter work)
    {
        (_state, _objective, _batches, _work) = (state, objective, batches, work);
        _losses = new double[sources.Length];
        _flopsOfStep = 6.0 * state.Models.Sum(model => model.Length) * batches.BatchSize;
        _mostSteps = (int)Math.Clamp(MostFlops / _flopsOfStep, 1, int.MaxValue);
        _runs = [.. sources.Select((source, k) => new ModelRun(new(state, k, objective), objective.OfOne, source, batches.BatchSize, options))];
    }

    /// <inheritdoc/>
    /// <remarks>Each model looks back at steps of its own.</remarks>
    public override int HistoryLength => 0;

    /// <inheritdoc/>
    public override bool RecordsEveryStep => _runs[0].Estimator.RecordsEveryStep;

    /// <summary>Null where models cannot be taken apart: they share a norm or other processes, or hyperparameters move with every step or are of single weights.</summary>
    internal static ModelRuns<TVector>? TryCreate(RunState<TVector> state, IObjective<TVector> objective, BatchSource training, LoopOptions options, WorkMeter work)
    {
        if (objective is not ISeparableObjective<TVector> separable || !options.Method.EstimatesApart || options.Clipping is not null || options.Workers.Count > 1 || options.Rule.NumberCount > 0)
            return null;
        if (state.Hyperparameters.Any(value => value is not SharedValue<TVector>))
            return null;
        BatchSource?[] sources = [.. state.Models.Select((_, k) => training.Of(k))];
        return sources.Contains(null) ? null : new(state, separable, training, sources!, options, work);
    }

    /// <summary>Takes steps.</summary>
    /// <param name="count">How many at most.</param>
    /// <param name="stepsToGo">How many steps the window under way still has, these included.</param>
    /// <param name="losses">The training losses are added here.</param>
    /// <returns>How many were taken: fewer where so many batches are not at hand at a time.</returns>
    internal int Take(int count, int stepsToGo, LossSum losses)
    {
        count = _batches.Prepare(_state.Step, Math.Min(count, _mostSteps));
        (_steps, _stepsToGo, _validationGradient) = (count, stepsToGo, null);
        for (int k = 0; k < _runs.Length; k++)
            _runs[k].Follow(_state, k);
        _objective.Share(this, _flopsOfStep * count);
        for (int k = 0; k < _runs.Length; k++)
            _losses[k] = _runs[k].TakeLosses();
        losses.Add(_losses);
        CountWork();
        return count;
    }

    /// <inheritdoc/>
    public override void Estimate(TVector validationGradient, TVector weights)
    {
        _validationGradient = validationGradient;
        _objective.Share(this, _flopsOfStep);
        for (int k = 0; k < _runs.Length; k++)
            _state.Hyperparameters.AddHypergradientsOf(k, _runs[k].Hyperparameters);
        CountWork();
    }

    /// <inheritdoc/>
    public override void Reset()
    {
        foreach (ModelRun run in _runs)
            run.Estimator.Reset();
    }

    private protected override void Reset(TensorSegment model)
    {
        for (int k = 0; k < _runs.Length; k++)
        {
            if (_state.Models[k] == model)
                _runs[k].Estimator.Reset();
        }
    }

    /// <summary>Forgets the steps of a window.</summary>
    internal void ClearRecords()
    {
        foreach (ModelRun run in _runs)
            run.ClearRecords();
    }

    internal override void Serialize(StateArchive archive)
    {
        foreach (ModelRun run in _runs)
            run.Estimator.Serialize(archive);
    }

    void IDividedWork.Do(int item, int worker)
    {
        if (_validationGradient is null)
            _runs[item].Take(_steps, _stepsToGo);
        else
            _runs[item].Estimate(_objective.PartOf(_validationGradient, item));
    }

    private void CountWork()
    {
        foreach (ModelRun run in _runs)
            _work.GradientEvaluations += run.TakeWork();
    }

    /// <summary>One model's run, on its parts of everything.</summary>
    private sealed class ModelRun
    {
        private readonly RunState<TVector> _state;
        private readonly HypergradientContext<TVector> _context;
        private readonly WeightSteps<TVector> _steps;

        internal ModelRun(RunState<TVector> state, IObjective<TVector> objective, BatchSource source, int batchSize, LoopOptions options)
        {
            _state = state;
            _context = new(objective, options.Rule, state.Hyperparameters, state.Weights, source, new WorkMeter(batchSize));
            Estimator = options.Method.Create(_context);
            _steps = new(state, objective, source, options, _context, Estimator);
        }

        internal HypergradientEstimator<TVector> Estimator { get; }

        internal HyperparameterSet<TVector> Hyperparameters => _state.Hyperparameters;

        internal void Follow(RunState<TVector> all, int model) => _state.Follow(all, model);

        internal void Take(int count, int stepsToGo)
        {
            for (int i = 0; i < count; i++)
                _steps.Take(stepsToGo - i, 1);
        }

        internal void Estimate(TVector validationGradient)
        {
            Hyperparameters.ClearHypergradients();
            Estimator.Estimate(validationGradient, _state.Weights);
        }

        internal void ClearRecords() => _context.ClearRecords();

        internal double TakeLosses()
        {
            double sum = _steps.Losses.Total;
            _steps.Losses.Clear();
            return sum;
        }

        internal double TakeWork()
        {
            double work = _context.Work.GradientEvaluations;
            _context.Work.GradientEvaluations = 0;
            return work;
        }
    }
}
