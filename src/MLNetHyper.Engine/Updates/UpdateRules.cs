namespace MLNetHyper.Engine;

/// <summary>The weight updates by name, as the command line and configuration files know them.</summary>
internal static class UpdateRules
{
    private static readonly Registry<Func<UpdateRule>> _rules = new("update rule",
        (new("sgd", "gradient descent with heavy-ball momentum, weight decay inside the gradient"), () => new SgdUpdate()),
        (new("nesterov", "the same with Nesterov's momentum"), () => new SgdUpdate(nesterov: true)),
        (new("sgd-decoupled", "heavy-ball momentum, weight decay beside the gradient"), () => new SgdUpdate(decoupled: true)),
        (new("nesterov-decoupled", "Nesterov's momentum, weight decay beside the gradient"), () => new SgdUpdate(nesterov: true, decoupled: true)),
        (new("adam", "Adam, weight decay inside the gradient"), () => new AdamUpdate(decoupled: false)),
        (new("adamw", "Adam, weight decay beside the gradient"), () => new AdamUpdate()),
        (new("mixture", "AdamW's direction mixed with slower, faster, signed and plain ones, by shares that are tuned"), () => new MixtureUpdate()),
        (new("mixture-per-tensor", "the same with shares for each weight tensor"), () => new MixtureUpdate(perTensor: true)),
        (new("prodigy", "Prodigy: AdamW that finds its step size from the distance traveled"), () => new ProdigyUpdate()),
        (new("dadapt-adam", "D-Adaptation of AdamW: its step size grows with a bound on the distance to a solution"), () => new DAdaptAdamUpdate()),
        (new("dadapt-sgd", "D-Adaptation of gradient descent, the same by dual averaging"), () => new DAdaptSgdUpdate()),
        (new("dog", "DoG: the step size is distance over gradients; with an average of its own"), () => new DogUpdate()),
        (new("mechanic-sgd", "Mechanic around sgd: scales the sum of its steps"), () => new MechanicUpdate(new SgdUpdate())),
        (new("mechanic-adamw", "Mechanic around adamw"), () => new MechanicUpdate()),
        (new("schedule-free-sgd", "gradient descent with an average in place of a schedule"), () => new ScheduleFreeUpdate(adam: false)),
        (new("schedule-free-adamw", "AdamW with an average in place of a schedule"), () => new ScheduleFreeUpdate()));

    /// <summary>All update rules, each with a line about it.</summary>
    public static IReadOnlyList<NamedChoice> All => _rules.Choices;

    /// <summary>Makes an update rule.</summary>
    /// <param name="name">One of the names in <see cref="All"/>.</param>
    /// <exception cref="ArgumentException">There is no such rule; the message suggests the nearest.</exception>
    public static UpdateRule Create(string name) => _rules.Find(name)();
}
