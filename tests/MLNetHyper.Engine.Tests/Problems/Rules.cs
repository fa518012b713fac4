namespace MLNetHyper.Engine.Tests;

/// <summary>All update rules by name, and their hyperparameters set up for tests.</summary>
internal static class Rules
{
    private static readonly UpdateRule[] _all =
    [
        new SgdUpdate(), new SgdUpdate(decoupled: true), new SgdUpdate(nesterov: true), new SgdUpdate(nesterov: true, decoupled: true),
        new AdamUpdate(decoupled: false), new AdamUpdate(decoupled: true), new MixtureUpdate(),
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
            Initial = Start(h.Name),
            Tuned = names is null || names.Contains(h.Name),
            Granularity = h.Name is Hyperparameter.Beta1 or Hyperparameter.Beta2 ? Granularity.Scalar : granularity,
        }),
    ];

    private static double Start(string name) => name switch
    {
        Hyperparameter.LearningRate => 0.03,
        Hyperparameter.WeightDecay => 0.02,
        Hyperparameter.Momentum => 0.7,
        Hyperparameter.Beta1 => 0.8,
        Hyperparameter.Beta2 => 0.95,
        // The shares of a mixture.
        _ => 0.2,
    };
}
