namespace MLNetHyper.Engine;

/// <summary>What weight steps change: weights, the update rule's state, hyperparameters, and how many steps there were.</summary>
internal sealed class RunState<TVector> where TVector : class, IVector<TVector>
{
    // The first weights are soon forgotten, whatever the decay.
    private const double AveragingStart = 10;

    private readonly UpdateRule _rule;
    private readonly double _averagingDecay;
    private long _step;
    private long _ruleStart;

    internal RunState(IObjective<TVector> objective, LoopOptions options)
    {
        Models = objective.Models;
        Weights = objective.CreateVector();
        _rule = options.Rule;
        RuleState = objective.CreateVectors(_rule.StateCount + _rule.ConstantCount);
        RuleNumbers = new(_rule.NumberCount, Models);
        _averagingDecay = _rule.EvaluatedState is null ? options.AveragingDecay : 0;
        Averaged = _rule.EvaluatedState is { } evaluated ? RuleState[evaluated] : _averagingDecay > 0 ? Weights.CreateZero() : Weights;
        Begin(objective, options);
        Hyperparameters = new(options.DefinitionsFor(objective.Hyperparameters), objective.Tensors, Weights, Models, objective.Hyperparameters.Count, objective.CreateVector);
    }

    /// <summary>One model's part of the state of several, in the same memory: of its own are only its hyperparameters' values and its count of steps, which <see cref="Follow"/>.</summary>
    internal RunState(RunState<TVector> all, int model, ISeparableObjective<TVector> objective)
    {
        Models = objective.OfOne.Models;
        Weights = PartOf(all.Weights);
        (_rule, _averagingDecay) = (all._rule, all._averagingDecay);
        RuleState = [.. all.RuleState.Select(PartOf)];
        RuleNumbers = new(_rule.NumberCount, Models);
        Averaged = PartOf(all.Averaged);
        Hyperparameters = new([.. all.Hyperparameters.Select(value => value.Definition)], objective.OfOne.Tensors, Weights, Models, objective.Hyperparameters.Count);

        TVector PartOf(TVector vector) => objective.PartOf(vector, model);
    }

    /// <summary>The weights of each of the independent models; one where there is only one.</summary>
    internal IReadOnlyList<TensorSegment> Models { get; }

    internal TVector Weights { get; }

    /// <summary>The weights that are judged and kept: an exponential average over the steps, what the update rule has in its place, or the weights themselves.</summary>
    internal TVector Averaged { get; }

    /// <summary>The update rule's state vectors.</summary>
    internal TVector[] RuleState { get; }

    /// <summary>The update rule's numbers of each model.</summary>
    internal RuleNumbers RuleNumbers { get; }

    internal HyperparameterSet<TVector> Hyperparameters { get; }

    /// <summary>How many weight steps were taken.</summary>
    internal ref long Step => ref _step;

    /// <summary>The coming step's number for the update rule, from 1: Adam's bias corrections count from where its moments were zero.</summary>
    internal long RuleStep => _step - _ruleStart + 1;

    /// <summary>Takes initial weights, and starts everything else from zero.</summary>
    internal void Begin(IObjective<TVector> objective, LoopOptions options)
    {
        Initialize(objective, options);
        if (_averagingDecay > 0)
            Averaged.CopyFrom(Weights);
        foreach (TVector state in RuleState)
            state.Fill(0);
        bool[] all = new bool[Models.Count];
        Array.Fill(all, true);
        RuleNumbers.Clear(all);
        _rule.Begin(Weights, RuleState, RuleNumbers, all);
        _step = _ruleStart = 0;
    }

    /// <summary>Takes the present weights into the average.</summary>
    internal void Average()
    {
        if (_averagingDecay == 0)
            return;
        long steps = _step - _ruleStart;
        double decay = Math.Min(_averagingDecay, steps / (steps + AveragingStart));
        Averaged.Combine(decay, 1 - decay, Weights);
    }

    /// <summary>Ends with other weights of some models.</summary>
    internal void End(TVector weights, bool[] models)
    {
        Weights.CopyFrom(weights, Models, models);
        if (Averaged != Weights)
            Averaged.CopyFrom(weights, Models, models);
    }

    /// <summary>Starts the rule's state and the average of some models again from where their weights are.</summary>
    internal void Restart(bool[] models)
    {
        if (_averagingDecay > 0)
            Averaged.CopyFrom(Weights, Models, models);
        for (int k = 0; k < models.Length; k++)
        {
            if (!models[k])
                continue;
            foreach (TVector state in RuleState)
                state.Fill(0, Models[k].Start, Models[k].Length);
        }
        RuleNumbers.Clear(models);
        _rule.Begin(Weights, RuleState, RuleNumbers, models);
        if (!models.Contains(false))
            _ruleStart = _step;
    }

    /// <summary>Takes all models back to their initial weights, in the midst of a run.</summary>
    internal void StartAgain(IObjective<TVector> objective, LoopOptions options)
    {
        Initialize(objective, options);
        bool[] all = new bool[Models.Count];
        Array.Fill(all, true);
        Restart(all);
    }

    /// <summary>Takes over the values of the hyperparameters and the count of steps from the state that this is a part of.</summary>
    internal void Follow(RunState<TVector> all, int model)
    {
        (_step, _ruleStart) = (all._step, all._ruleStart);
        all.Hyperparameters.CopyTo(model, Hyperparameters);
    }

    /// <summary>Goes on from another run's state, raw hyperparameters included.</summary>
    internal void CopyFrom(RunState<TVector> other)
    {
        (_step, _ruleStart) = (other._step, other._ruleStart);
        Weights.CopyFrom(other.Weights);
        if (_averagingDecay > 0)
            Averaged.CopyFrom(other.Averaged);
        for (int i = 0; i < RuleState.Length; i++)
            RuleState[i].CopyFrom(other.RuleState[i]);
        RuleNumbers.CopyFrom(other.RuleNumbers);
        for (int i = 0; i < Hyperparameters.Count; i++)
        {
            double[] raw = new double[Hyperparameters[i].Count];
            other.Hyperparameters[i].CopyRawTo(raw);
            Hyperparameters[i].SetRaw((ReadOnlySpan<double>)raw);
        }
    }

    internal void Serialize(StateArchive archive)
    {
        archive.Value(ref _step);
        archive.Value(ref _ruleStart);
        SerializeWeights(archive);
        Hyperparameters.Serialize(archive);
    }

    /// <summary>What steps change, whatever the hyperparameters: what workers average.</summary>
    internal void SerializeWeights(StateArchive archive)
    {
        archive.Vector(Weights);
        archive.Vectors(RuleState);
        RuleNumbers.Serialize(archive);
        if (_averagingDecay > 0)
            archive.Vector(Averaged);
    }

    private void Initialize(IObjective<TVector> objective, LoopOptions options)
    {
        if (options.InitialWeights is { } initial)
            TakeInitialWeights(initial);
        else
            objective.Initialize(Weights, options.Seed);
    }

    private void TakeInitialWeights(IReadOnlyList<double> initial)
    {
        int count = Models.Sum(model => model.Length);
        if (initial.Count != count)
            throw new ArgumentException($"The initial weights are {initial.Count} numbers, but the model has {count} weights. Warm starts need a model of the same shape.");
        double[] all = new double[Weights.Length];
        int taken = 0;
        foreach (TensorSegment model in Models)
        {
            for (int i = 0; i < model.Length; i++)
                all[model.Start + i] = initial[taken++];
        }
        Weights.CopyFrom(all);
        if (!Weights.IsFinite())
            throw new ArgumentException("The initial weights must all be finite, in the precision that the model computes in too.");
    }
}
