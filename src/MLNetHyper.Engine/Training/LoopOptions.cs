namespace MLNetHyper.Engine;

/// <summary>How the training loop runs, whatever the engine and the model.</summary>
public sealed record LoopOptions
{
    /// <summary>How gradients change weights. Default: SGD with heavy-ball momentum and coupled weight decay.</summary>
    public UpdateRule Rule { get; init; } = new SgdUpdate();

    /// <summary>
    /// The hyperparameters, where they start and which are tuned: the rule's, then the objective's own, which may be left out. Default: as rule and objective define
    /// them, none of the rule's tuned.
    /// </summary>
    public IReadOnlyList<Hyperparameter>? Hyperparameters { get; init; }

    /// <summary>How hypergradients are estimated. Default: none, plain training.</summary>
    public HypergradientMethod Method { get; init; } = new Fixed();

    /// <summary>What moves the hyperparameters. Default: Adam with meta-learning rate 0.05.</summary>
    public MetaOptimizer MetaOptimizer { get; init; } = new AdamMetaOptimizer();

    /// <summary>The tuning interval T: weight steps between two hyperparameter steps, at least 1. Default 10.</summary>
    public int Interval { get; init; } = 10;

    /// <summary>Weight steps in all, at least 1; unlimited where null (then give a time budget or cancel).</summary>
    public long? Steps { get; init; }

    /// <summary>Wall-clock limit, checked at every step. Default: none.</summary>
    public TimeSpan? TimeBudget { get; init; }

    /// <summary>Stops when the validation loss has not improved for this many steps. Default: never.</summary>
    public long? Patience { get; init; }

    /// <summary>Roll back on divergence (default), or let it happen, as the published experiments do.</summary>
    public bool Guard { get; init; } = true;

    /// <summary>
    /// The greatest norm of a training gradient; longer ones are scaled down to it, and hypergradients know of it. Above 0.
    /// Default: null, none. (0.25 for the recurrent network of Clarke et al. 2022.)
    /// </summary>
    public double? GradientClip { get; init; }

    /// <summary>Seed of the initial weights. Default 0.</summary>
    public int Seed { get; init; }

    /// <summary>Initial weights, instead of drawing them. For warm starts.</summary>
    public IReadOnlyList<double>? InitialWeights { get; init; }

    /// <summary>
    /// Hyperparameters to follow window by window, instead of tuning: a schedule learned before, with one value of each at a time. Of values
    /// per tensor or per weight it has the means, which are another schedule. Default: none.
    /// </summary>
    public Trajectory? Schedule { get; init; }

    /// <summary>
    /// File to which the state is saved from time to time and from which an interrupted run goes on. That of a finished run is replaced by any other run;
    /// that of an unfinished one is refused by others. Default: none.
    /// </summary>
    public string? CheckpointPath { get; init; }

    /// <summary>Least time between two checkpoints. Default 5 seconds.</summary>
    public TimeSpan CheckpointEvery { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Text that identifies data and model, so that a checkpoint of another run is refused. Default: empty.</summary>
    public string Fingerprint { get; init; } = "";

    /// <summary>Whether a hyperparameter step uses the validation batch of its weight step's number, as the reference of Clarke et al. 2022 does, in place of the next one.</summary>
    internal bool ValidatesByStep { get; init; }

    /// <summary>Tells the time for <see cref="TimeBudget"/> and checkpoints; tests have one of their own.</summary>
    internal TimeProvider Clock { get; init; } = TimeProvider.System;

    internal IReadOnlyList<Hyperparameter> Definitions => Hyperparameters ?? Rule.Hyperparameters;

    /// <summary>The hyperparameters of a run, an objective's own included.</summary>
    internal IReadOnlyList<Hyperparameter> DefinitionsFor(IReadOnlyList<Hyperparameter> ofObjective) =>
        Definitions.Count == Rule.Hyperparameters.Count ? [.. Definitions, .. ofObjective] : Definitions;

    /// <summary>Throws a sentence about the first thing that does not fit.</summary>
    /// <param name="ofObjective">The objective's own hyperparameters.</param>
    internal void Validate(IReadOnlyList<Hyperparameter> ofObjective)
    {
        IReadOnlyList<Hyperparameter> definitions = DefinitionsFor(ofObjective);
        ArgumentOutOfRangeException.ThrowIfLessThan(Interval, 1);
        if (Steps is < 1)
            throw new ArgumentException($"Training needs at least one step, but {Steps} were asked for.");
        if (Steps is null && TimeBudget is null)
            throw new ArgumentException("Training needs a limit: give a number of steps or a time budget.");
        if (TimeBudget is { } budget && budget <= TimeSpan.Zero)
            throw new ArgumentException("The time budget must be longer than zero.");
        if (Patience is < 1)
            throw new ArgumentException($"The patience must be at least one step, but is {Patience}.");
        if (GradientClip is { } clip && !(clip > 0))
            throw new ArgumentException($"The greatest norm of a gradient must be above 0, but is {Text.Number(clip)}. Leave GradientClip out if gradients are not to be clipped.");
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
        if (Rule.Refuse(definitions) is { } impossible)
            throw new ArgumentException(impossible);
        if (Method.Refuse(Rule, definitions, Interval) is { } refusal)
            throw new ArgumentException(refusal);
    }
}
