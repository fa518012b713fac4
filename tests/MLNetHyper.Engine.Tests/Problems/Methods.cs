namespace MLNetHyper.Engine.Tests;

/// <summary>All hypergradient methods by name, with small look-backs.</summary>
internal static class Methods
{
    private static readonly HypergradientMethod[] _all =
    [
        new Fixed(), new Neumann(3), new AugmentedNeumann(3), new Extrapolated(), new Unrolled(3), new ForwardMode(),
        new ImplicitDifferentiation(new NeumannInverse(3)), new ImplicitDifferentiation(new ConjugateGradientInverse(3)), new ImplicitDifferentiation(new NystromInverse(3, refresh: 2)),
        new HypergradientDescent(), new HypergradientDescent(HypergradientDescentForm.Additive, 1e-4),
        new HypergradientDescent(HypergradientDescentForm.LogAdditive, 1e-4),
    ];

    internal static string[] Names { get; } = [.. _all.Select(m => m.Name)];

    internal static HypergradientMethod Create(string name) => _all.Single(m => m.Name == name);

    internal static bool Supports(string method, string rule) =>
        SupportsLoss(method, rule) && (Create(method) is not ImplicitDifferentiation || Rules.Create(rule).HasCoupledWeightDecay);

    /// <summary>Whether a method can tune a loss's hyperparameters with a rule.</summary>
    internal static bool SupportsLoss(string method, string rule) => method switch
    {
        "implicit" => !Rules.Create(rule).FindsStepSize,
        "neumann" => Rules.Create(rule).CarriesWeights,
        _ => true,
    };

    /// <summary>Every method with every rule that it accepts.</summary>
    internal static IEnumerable<object[]> WithRules =>
        from method in Names from rule in Rules.Names where Supports(method, rule) select new object[] { method, rule };

    /// <summary>Every method with every rule that it accepts, on every problem.</summary>
    internal static IEnumerable<object[]> WithRulesAndProblems =>
        from pair in WithRules from problem in Zoo.Names select new[] { pair[0], pair[1], problem };

    /// <summary>Options that tune all that the method can, as scalars.</summary>
    internal static LoopOptions Options(string method, string rule, Granularity granularity = Granularity.Scalar)
    {
        HypergradientMethod m = Create(method);
        UpdateRule r = Rules.Create(rule);
        return new LoopOptions { Rule = r, Method = m, Hyperparameters = Rules.Tuned(r, granularity, m.Tunes), TuningInterval = 5, Seed = 1 };
    }
}
