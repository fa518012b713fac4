namespace MLNetHyper.Engine;

/// <summary>How the training loop runs, whatever the engine and the model.</summary>
public sealed record LoopOptions : RunOptions
{
    /// <summary>The options' defaults.</summary>
    public LoopOptions() { }

    internal LoopOptions(RunOptions options) : base(options) { }

    /// <summary>
    /// The hyperparameters, where they start and which are tuned: the rule's, then the objective's own, which may be left out. Default: as rule and objective define
    /// them, none of the rule's tuned.
    /// </summary>
    public IReadOnlyList<Hyperparameter>? Hyperparameters { get; init; }

    /// <summary>
    /// Hyperparameters to follow window by window, instead of tuning: a schedule learned before, with one value of each at a time. Of values
    /// per tensor or per weight it has the means, which are another schedule. Default: none.
    /// </summary>
    public Trajectory? Schedule { get; init; }

    /// <summary>Text that identifies data and model, so that a checkpoint of another run is refused. Default: empty.</summary>
    public string Fingerprint { get; init; } = "";

    /// <summary>Whether a hyperparameter step uses the validation batch of its weight step's number, as the reference of Clarke et al. 2022 does, in place of the next one.</summary>
    internal bool ValidatesByStep { get; init; }

    /// <summary>A schedule that is learned from several runs: what is followed and, by a method that uses validation, differentiated.</summary>
    internal SharedSchedule? Shared { get; init; }

    /// <summary>To what each element of a training gradient is clamped; null for no such clamping.</summary>
    internal double? ElementClamp { get; init; }

    internal GradientClipping? Clipping =>
        GradientClip is { } norm ? new NormClipping(norm) : ElementClamp is { } most ? new ElementClipping(most) : null;

    internal IReadOnlyList<Hyperparameter> Definitions => Hyperparameters ?? Rule.Hyperparameters;

    /// <summary>The hyperparameters of a run, an objective's own included.</summary>
    internal IReadOnlyList<Hyperparameter> DefinitionsFor(IReadOnlyList<Hyperparameter> ofObjective) =>
        Definitions.Count == Rule.Hyperparameters.Count ? [.. Definitions, .. ofObjective] : Definitions;

    /// <summary>Throws a sentence about the first thing that does not fit.</summary>
    /// <param name="ofObjective">The objective's own hyperparameters.</param>
    internal void Validate(IReadOnlyList<Hyperparameter> ofObjective)
    {
        IReadOnlyList<Hyperparameter> definitions = DefinitionsFor(ofObjective);
        foreach (TrainingOption option in TrainingOptions.All)
            option.Check(this);
        if (Steps is null && TimeBudget is null)
            throw new ArgumentException("Training needs a limit: give a number of steps or a time budget.");
        if (Method.TakesSeveralPasses && Steps is null)
            throw new ArgumentException($"The method '{Method.Name}' divides the steps of a run into windows: give a number of steps or epochs, and a time budget beside it if you like.");
        if (Method.TakesSeveralPasses && GradientClip is not null)
            throw new ArgumentException($"The method '{Method.Name}' clamps the elements of gradients, so their norm cannot be clipped too. Leave GradientClip out, or choose another method.");
        if (Workers.Count > 1 && Method.TakesSeveralPasses)
            throw new ArgumentException($"The method '{Method.Name}' takes several passes, which workers cannot share. Choose another method, or train with one worker.");
        if (Workers.Count > 1 && !AverageEvery.IsEveryStep && Method.MovesHyperparameters && !Method.UsesValidation)
            throw new ArgumentException($"The method '{Method.Name}' moves hyperparameters at every step, where workers differ until they average. Average every step, or choose another method.");
        if (InitialWeights?.All(double.IsFinite) == false)
            throw new ArgumentException("The initial weights must all be finite.");
        string[] known = [.. Rule.Hyperparameters.Select(h => h.Name), .. ofObjective.Select(h => h.Name)];
        string owner = ofObjective.Count == 0 ? $"The update rule '{Rule.Name}' has" : $"The update rule '{Rule.Name}' and the objective have";
        if (!definitions.Select(h => h.Name).SequenceEqual(known))
            throw new ArgumentException($"{owner} the hyperparameters {string.Join(", ", known)}, in this order; {string.Join(", ", definitions.Select(h => h.Name))} were given.");
        if (known.GroupBy(name => name).FirstOrDefault(names => names.Count() > 1) is { } twice)
            throw new ArgumentException($"{owner} several hyperparameters called '{twice.Key}'. Give the objective's another name.");
        foreach ((Hyperparameter own, Hyperparameter given) in ofObjective.Zip(definitions.Skip(Rule.Hyperparameters.Count)))
        {
            if (given.Count != own.Count || given.Granularity != Granularity.Scalar)
                throw new ArgumentException($"'{own.Name}' belongs to the objective, which uses it as {(own.Count == 1 ? "one number" : $"{own.Count} numbers")}. Leave its count as it is, and its granularity scalar.");
        }
        if (Schedule is { Count: > 0 } schedule && !schedule.Names.SequenceEqual(known))
            throw new ArgumentException($"{owner} the hyperparameters {string.Join(", ", known)}, but the schedule is of {string.Join(", ", schedule.Names)}. Choose the rule that it was learned with.");
        if (Schedule is { Count: > 0 } && definitions.FirstOrDefault(h => h.Granularity != Granularity.Scalar || h.Count > 1) is { } fine)
            throw new ArgumentException($"A schedule has one value of each hyperparameter, but '{fine.Name}' is to have {(fine.Count > 1 ? $"{fine.Count}" : fine.Granularity == Granularity.PerTensor ? "one per tensor" : "one per weight")}. {(fine.Count > 1 ? "Follow no schedule." : "Give it the scalar granularity.")}");
        if (Schedule is { Count: > 0 } && Method.MovesHyperparameters)
            throw new ArgumentException($"A schedule is to be followed, but the method '{Method.Name}' would change it. Choose the method 'fixed', or leave the schedule out.");
        if (Rule.Incompatibility(definitions) is { } impossible)
            throw new ArgumentException(impossible);
        if (Method.Incompatibility(Rule, definitions, TuningInterval) is { } refusal)
            throw new ArgumentException(refusal);
    }
}
