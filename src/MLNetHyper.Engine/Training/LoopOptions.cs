namespace MLNetHyper.Engine;

/// <summary>How the training loop runs, whatever the engine and the model.</summary>
public sealed record LoopOptions : RunOptions
{
    /// <summary>The options' defaults.</summary>
    public LoopOptions() { }

    internal LoopOptions(RunOptions options) : base(options) { }

    /// <summary>The rule's hyperparameters: where they start and which are tuned. Default: those of the rule, none tuned.</summary>
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

    internal IReadOnlyList<Hyperparameter> Definitions => Hyperparameters ?? Rule.Hyperparameters;

    /// <summary>Throws a sentence about the first thing that does not fit.</summary>
    internal void Validate()
    {
        foreach (TrainingOption option in TrainingOptions.All)
            option.Check(this);
        if (Steps is null && TimeBudget is null)
            throw new ArgumentException("Training needs a limit: give a number of steps or a time budget.");
        if (InitialWeights?.All(double.IsFinite) == false)
            throw new ArgumentException("The initial weights must all be finite.");
        string[] known = [.. Rule.Hyperparameters.Select(h => h.Name)];
        if (!Definitions.Select(h => h.Name).SequenceEqual(known))
            throw new ArgumentException($"The update rule '{Rule.Name}' has the hyperparameters {string.Join(", ", known)}, in this order; {string.Join(", ", Definitions.Select(h => h.Name))} were given.");
        if (Schedule is { Count: > 0 } schedule && !schedule.Names.SequenceEqual(known))
            throw new ArgumentException($"The update rule '{Rule.Name}' has the hyperparameters {string.Join(", ", known)}, but the schedule is of {string.Join(", ", schedule.Names)}. Choose the rule that it was learned with.");
        if (Schedule is { Count: > 0 } && Definitions.FirstOrDefault(h => h.Granularity != Granularity.Scalar) is { } fine)
            throw new ArgumentException($"A schedule has one value of each hyperparameter, but '{fine.Name}' is to have one {(fine.Granularity == Granularity.PerTensor ? "per tensor" : "per weight")}. Give it the scalar granularity.");
        if (Schedule is { Count: > 0 } && Method.MovesHyperparameters)
            throw new ArgumentException($"A schedule is to be followed, but the method '{Method.Name}' would change it. Choose the method 'fixed', or leave the schedule out.");
        if (Rule.Refuse(Definitions) is { } impossible)
            throw new ArgumentException(impossible);
        if (Method.Refuse(Rule, Definitions, TuningInterval) is { } refusal)
            throw new ArgumentException(refusal);
    }
}
