namespace MLNetHyper.Search;

/// <summary>A training without tuning that competes: an update rule with the hyperparameters that it starts from by itself, all else as in the one-pass run.</summary>
/// <param name="Rule">The update rule.</param>
/// <param name="Schedule">The curve on which its learning rate moves. Default: the one-pass run's, or the rule's own where it takes a schedule's place.</param>
public sealed record Baseline(UpdateRule Rule, LearningRateSchedule? Schedule = null)
{
    /// <summary>Every update rule by its name; then a cosine, one cycle and reduction on plateaus, each with SGD and with AdamW, such as <c>one-cycle-sgd</c>.</summary>
    public static IReadOnlyList<Baseline> All { get; } =
    [
        .. UpdateRules.All.Select(rule => new Baseline(UpdateRules.Create(rule.Name))),
        .. from schedule in new[] { LearningRateSchedule.Cosine, LearningRateSchedule.OneCycle, LearningRateSchedule.ReduceOnPlateau }
           from rule in new UpdateRule[] { new SgdUpdate(), new AdamUpdate() }
           select new Baseline(rule, schedule),
    ];

    /// <summary>Its name in tables and on the command line: the rule's, behind the schedule's where it has one.</summary>
    public string Name => Schedule is { } schedule ? $"{TrainingOption.Words(schedule.ToString(), '-')}-{Rule.Name}" : Rule.Name;

    /// <summary>How it trains.</summary>
    /// <param name="options">How one pass does.</param>
    internal OnePassOptions For(OnePassOptions options)
    {
        OnePassOptions untuned = options with { Method = new Fixed(), Tune = [], Rule = Rule, Initial = null };
        // A curve comes to its end with the run: stopped sooner, it would have been another one.
        return Schedule is { } schedule ? untuned with { LearningRateSchedule = schedule, Patience = options.Patience ?? long.MaxValue } : untuned;
    }
}
