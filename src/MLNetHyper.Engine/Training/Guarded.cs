namespace MLNetHyper.Engine;

/// <summary>
/// Undoes the windows in which a model has diverged: its weights go back to a snapshot that has proved itself, the update rule's state
/// starts from zero and the learning rate is halved. At the end no model is worse than it started.
/// </summary>
internal sealed class Guarded<TVector> : WindowWrapper<TVector> where TVector : class, IVector<TVector>
{
    private readonly RunState<TVector> _state;
    private readonly WeightSteps<TVector> _steps;
    private readonly HypergradientEstimator<TVector> _estimator;
    private readonly KeepingBest<TVector>? _best;
    private readonly DivergenceGuard<TVector> _guard;
    private readonly int _interval;
    private readonly double[] _latestLosses;
    private bool _hasWindow;

    /// <summary>Wraps a policy.</summary>
    /// <param name="inner">What happens to models that are well.</param>
    /// <param name="state">What is trained.</param>
    /// <param name="steps">Measures training losses.</param>
    /// <param name="estimator">What it carries from step to step is forgotten with a window.</param>
    /// <param name="best">The best weights, where there is validation data.</param>
    /// <param name="interval">The steps of a window.</param>
    internal Guarded(WindowPolicy<TVector> inner, RunState<TVector> state, WeightSteps<TVector> steps, HypergradientEstimator<TVector> estimator, KeepingBest<TVector>? best, int interval) : base(inner)
    {
        (_state, _steps, _estimator, _best, _interval) = (state, steps, estimator, best, interval);
        _guard = new(state.Weights, state.Models);
        _latestLosses = new double[state.Models.Count];
    }

    internal override TrainingStatus? Verdict => base.Verdict ?? (_guard.GivesUp ? TrainingStatus.Diverged : null);

    internal int Rollbacks(int model) => _guard.Rollbacks(model);

    internal bool HasGivenUp(int model) => _guard.HasGivenUp(model);

    /// <summary>By how much the raw learning rate falls with a rollback. Even a fixed one does: a run that can only fall is of no use to anybody.</summary>
    internal static double Halving(Hyperparameter learningRate) => learningRate.Transform == Transform.Log10 ? -Math.Log10(2) : 0;

    internal override void BeginRun()
    {
        base.BeginRun();
        _hasWindow = false;
        _guard.Begin(_state.Weights, _steps.LossesFrom(0, _interval, _state.Weights), _steps.LossesOfNothing(0, _interval));
    }

    /// <summary>Takes the present weights for those to go back to.</summary>
    internal void StartAgain() => _guard.Trust(_state.Weights);

    internal override void Measure(Window window)
    {
        _guard.Judge(window.TrainingLosses, _state.Weights, window.Fallen);
        for (int k = 0; k < window.Fallen.Length; k++)
        {
            // What is left there is of an earlier window.
            if (window.Fallen[k])
                _state.Hyperparameters.ClearHypergradients(k);
        }
        base.Measure(window);
        _guard.Accept(window.TrainingLosses, _state.Weights, window.Fallen);
        window.TrainingLosses.CopyTo(_latestLosses, 0);
        _hasWindow = true;
    }

    internal override void Act(Window window)
    {
        base.Act(window);
        if (!window.Fallen.AsSpan().Contains(true))
            return;
        _guard.RollBack(_state.Weights, window.Fallen);
        _state.Restart(window.Fallen);
        HyperparameterValue<TVector>? learningRate = _state.Hyperparameters.FirstOrDefault(h => h.Definition.Name == Hyperparameter.LearningRate);
        for (int k = 0; k < window.Fallen.Length; k++)
        {
            if (window.Fallen[k])
                _estimator.Reset(_state.Models, k);
        }
        learningRate?.ShiftRaw(window.Fallen, Halving(learningRate.Definition));
    }

    /// <summary>A last window cut short may have ended anywhere: models whose weights are not finite go back.</summary>
    internal void RestoreFinite()
    {
        bool[] lost = new bool[_state.Models.Count];
        _state.Weights.AreFinite(_state.Models, lost);
        for (int k = 0; k < lost.Length; k++)
            lost[k] = !lost[k];
        if (!lost.Contains(true))
            return;
        _guard.RollBack(_state.Weights, lost);
        _state.Restart(lost);
    }

    /// <summary>Models that end worse than they started get their best weights, or without validation data what the guard would go back to.</summary>
    /// <param name="validationLosses">The last weights' losses; null without validation data.</param>
    internal void EndNoWorseThanTheStart(double[]? validationLosses)
    {
        if (!_hasWindow && validationLosses is null)
            return;
        double[] losses = validationLosses ?? _latestLosses;
        bool[] worse = [.. losses.Select((loss, k) => _guard.IsWorseThanStart(k, loss))];
        if (!worse.Contains(true))
            return;
        if (_best is not null)
        {
            _best.Offer(_guard.Snapshot, worse);
            _state.End(_best.Best.Weights, [.. worse.Select((w, k) => w && double.IsFinite(_best.Best.Losses[k]))]);
            return;
        }
        long window = Math.Max(0, _state.Step - _interval);
        double[] safe = _steps.LossesFrom(window, _interval, _guard.Snapshot);
        if (!safe.Where((loss, k) => worse[k] && double.IsFinite(loss)).Any())
            return;
        double[] last = _steps.LossesFrom(window, _interval, _state.Averaged);
        _state.End(_guard.Snapshot, [.. worse.Select((w, k) => w && double.IsFinite(safe[k]) && !(last[k] <= safe[k]))]);
    }

    internal override void Serialize(StateArchive archive)
    {
        base.Serialize(archive);
        _guard.Serialize(archive);
        archive.Values(_latestLosses);
        archive.Value(ref _hasWindow);
    }
}
