namespace MLNetHyper.Engine.Tests;

/// <summary>All update rules by name, and their hyperparameters set up for tests. Those that find their step size start with one that can be seen in a few steps.</summary>
internal static class Rules
{
    private static readonly UpdateRule[] _all =
    [
        new SgdUpdate(), new SgdUpdate(decoupled: true), new SgdUpdate(nesterov: true), new SgdUpdate(nesterov: true, decoupled: true),
        new AdamUpdate(decoupled: false), new AdamUpdate(decoupled: true), new MixtureUpdate(),
        new ProdigyUpdate(0.3), new DAdaptAdamUpdate(0.3), new DAdaptSgdUpdate(0.3), new DogUpdate(0.3),
        new MechanicUpdate(new SgdUpdate(), 1e-2), new MechanicUpdate(initialScale: 1e-2), new ScheduleFreeUpdate(adam: false), new ScheduleFreeUpdate(),
    ];

    internal static string[] Names { get; } = [.. _all.Select(r => r.Name)];

    internal static UpdateRule Create(string name) => _all.Single(r => r.Name == name);

    /// <summary>
    /// The rule's hyperparameters at values far enough from 0 and 1 for every derivative to be visible, those named tuned, or all
    /// of them where no name is given. Adam's betas are always scalar.
    /// </summary>
    internal static Hyperparameter[] Tuned(UpdateRule rule, Granularity granularity = Granularity.Scalar, IReadOnlyList<string>? names = null) =>
    [
        .. rule.Hyperparameters.Select(h => h with
        {
            Initial = Start(rule, h.Name),
            Tuned = names is null || names.Contains(h.Name),
            Granularity = h.Name is Hyperparameter.Beta1 or Hyperparameter.Beta2 ? Granularity.Scalar : granularity,
        }),
    ];

    private static double Start(UpdateRule rule, string name) => name switch
    {
        // A factor on what the rule finds: as long as that is, finite differences would be those of chaos.
        Hyperparameter.LearningRate when rule.FindsStepSize && rule is not MechanicUpdate => 0.1,
        Hyperparameter.LearningRate => 0.03,
        Hyperparameter.WeightDecay => 0.02,
        Hyperparameter.Momentum => 0.7,
        Hyperparameter.Beta1 => 0.8,
        Hyperparameter.Beta2 => 0.95,
        // The shares of a mixture.
        _ => 0.2,
    };
}
