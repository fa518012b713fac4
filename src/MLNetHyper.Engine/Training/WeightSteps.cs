using System.Runtime.CompilerServices;

namespace MLNetHyper.Engine;

/// <summary>Takes weight steps and records those that a hypergradient method will look back at.</summary>
internal sealed class WeightSteps<TVector> where TVector : class, IVector<TVector>
{
    private readonly RunState<TVector> _state;
    private readonly BatchSource _training;
    private readonly UpdateRule _rule;
    private readonly GradientClipping? _clip;
    private readonly HypergradientContext<TVector> _context;
    private readonly HypergradientEstimator<TVector> _estimator;
    private readonly WorkMeter _work;
    private readonly ILinearization<TVector> _linearization;
    private readonly TVector _gradient;
    private readonly TVector _scratch;
    private readonly MeanLosses<TVector> _losses;
    private readonly ModelRuns<TVector>? _runs;

    internal WeightSteps(RunState<TVector> state, IObjective<TVector> objective, BatchSource training, LoopOptions options, HypergradientContext<TVector> context, HypergradientEstimator<TVector> estimator)
    {
        (_state, _training, _rule, _clip) = (state, training, options.Rule, options.Clipping);
        (_context, _estimator, _work) = (context, estimator, context.Work);
        _runs = estimator as ModelRuns<TVector>;
        _linearization = objective.CreateTraining(state.Hyperparameters.OfObjective, withProducts: false);
        _gradient = objective.CreateVector();
        _scratch = objective.CreateVector();
        _losses = new(_linearization, training, state.Models.Count, _work, options.Workers);
        Losses = objective.CreateLossSum();
        context.CreateRecords(estimator.HistoryLength);
    }

    /// <summary>The training losses of the steps since it was cleared.</summary>
    internal LossSum Losses { get; }

    /// <summary>A vector to overwrite between steps.</summary>
    internal TVector Spare => _gradient;

    /// <summary>Told of every step, but where several models take theirs by themselves.</summary>
    internal ILoopObserver<TVector>? Observer { get; set; }

    /// <summary>Takes one step, or several where models take theirs by themselves.</summary>
    /// <param name="stepsToGo">How many steps the window under way still has, those to be taken included.</param>
    /// <param name="most">How many may be taken, at least 1.</param>
    /// <returns>How many were.</returns>
    internal int Take(int stepsToGo, long most)
    {
        int count = 1;
        if (_runs is null)
        {
            TakeOne(stepsToGo);
        }
        else
        {
            count = _runs.Take((int)Math.Min(stepsToGo, most), stepsToGo, Losses);
            _state.Step += count;
        }
        _context.StepsTaken = _state.Step;
        return count;
    }

    /// <summary>Forgets the recorded steps.</summary>
    internal void ClearRecords()
    {
        _context.ClearRecords();
        _runs?.ClearRecords();
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void TakeOne(int stepsToGo)
    {
        Batch batch = _training.BatchAt(_state.Step);
        bool recorded = _estimator.RecordsEveryStep || stepsToGo <= _estimator.HistoryLength;
        if (recorded && _estimator.HistoryLength > 0)
        {
            StepRecord<TVector> record = _context.NextRecord(_state.Weights, _state.RuleState);
            record.Number = _state.RuleStep;
            Differentiate(record.Linearization, record.Weights, batch, record.Unclipped);
            if (_clip is not null)
            {
                record.Gradient.CopyFrom(record.Unclipped);
                _clip.Apply(record.Gradient);
            }
            BeforeStep(record.Unclipped);
            Step(record.Gradient);
            _estimator.AfterStep(record);
        }
        else
        {
            Differentiate(_linearization, _state.Weights, batch, _gradient);
            _clip?.Apply(_gradient);
            Step(_gradient);
        }
        _work.AddGradient(batch.Count);
        _state.Step++;
        _state.Average();
    }

    private void Step(TVector gradient)
    {
        _rule.Adapt(_state.Hyperparameters, _state.Weights, _state.RuleState, gradient, _state.RuleNumbers, _scratch);
        _rule.Apply(_state.Hyperparameters, _state.Weights, _state.RuleState, gradient, _state.RuleStep, _scratch);
    }

    /// <summary>The training losses at weights of zero, of as many batches from a step on as some steps would take.</summary>
    internal double[] LossesOfNothing(long step, int steps)
    {
        _scratch.Fill(0);
        return LossesFrom(step, steps, _scratch);
    }

    /// <summary>Each model's training loss at some weights: of as many batches from a step on as some steps would take, or more where they are tiny.</summary>
    internal double[] LossesFrom(long step, int steps, TVector weights)
    {
        const int Enough = 50;
        double[] losses = new double[_state.Models.Count];
        int batches = Math.Max(steps, (Enough + _training.BatchSize - 1) / _training.BatchSize);
        _losses.Measure(weights, step, Math.Min(batches, _training.BatchesPerEpoch), losses);
        return losses;
    }

    private void Differentiate(ILinearization<TVector> linearization, TVector weights, Batch batch, TVector gradient)
    {
        if (Observer is null)
        {
            linearization.Gradient(weights, batch, gradient, Losses);
            return;
        }
        double loss = linearization.Gradient(weights, batch, gradient);
        Losses.Add(loss);
        Observer.OnStep(_state.Step, loss, weights);
    }

    private void BeforeStep(TVector gradient)
    {
        if (!_estimator.BeforeStep(gradient))
            return;
        Observer?.OnHyperparametersMoved(_state.Hyperparameters);
        _state.Hyperparameters.Clamp();
    }
}
