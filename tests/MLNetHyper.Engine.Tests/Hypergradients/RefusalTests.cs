namespace MLNetHyper.Engine.Tests;

/// <summary>What a method cannot do it says in a sentence, before anything runs.</summary>
[TestClass]
public sealed class RefusalTests
{
    /// <summary>Every method, rule, hyperparameter and granularity.</summary>
    private static IEnumerable<object[]> Everything =>
        from method in Methods.Names
        from rule in Rules.Names
        from name in Rules.Create(rule).Hyperparameters.Select(h => h.Name)
        from granularity in Enum.GetValues<Granularity>()
        select new object[] { method, rule, name, granularity };

    [TestMethod]
    [DynamicData(nameof(Everything))]
    public void What_lies_outside_the_matrix_is_refused_and_nothing_else(string method, string rule, string name, Granularity granularity)
    {
        UpdateRule r = Rules.Create(rule);
        var options = new LoopOptions
        {
            Rule = r,
            Method = Methods.Create(method),
            Hyperparameters = [.. r.Hyperparameters.Select(h => h.Name == name ? h with { Tuned = true, Granularity = granularity } : h)],
            Steps = 10,
        };
        string? expected = Expected(method, r, name, granularity);
        if (expected is null)
        {
            options.Validate([]);
            return;
        }
        ArgumentException e = Assert.ThrowsExactly<ArgumentException>(() => options.Validate([]));
        Assert.Contains(expected, e.Message);
        Assert.EndsWith(".", e.Message);
        Assert.Contains("hoose", e.Message, "it says what to do instead");
    }

    [TestMethod]
    public void Unrolling_past_the_interval_is_refused()
    {
        var options = new LoopOptions { Method = new Unrolled(11), Steps = 100, TuningInterval = 10 };
        ArgumentException e = Assert.ThrowsExactly<ArgumentException>(() => options.Validate([]));
        Assert.Contains("looks back 11 steps, but the hyperparameters change every 10", e.Message);
        (options with { TuningInterval = 11 }).Validate([]);
    }

    [TestMethod]
    public void Betas_per_tensor_are_refused_even_where_they_are_fixed()
    {
        var rule = new AdamUpdate();
        var options = new LoopOptions { Rule = rule, Steps = 1, Hyperparameters = [.. rule.Hyperparameters.Select(h => h with { Granularity = Granularity.PerTensor })] };
        ArgumentException e = Assert.ThrowsExactly<ArgumentException>(() => options.Validate([]));
        Assert.Contains("'beta1'", e.Message);
    }

    private static string? Expected(string method, UpdateRule rule, string name, Granularity granularity)
    {
        if (granularity != Granularity.Scalar && name is (Hyperparameter.Beta1 or Hyperparameter.Beta2))
            return $"one '{name}' for all weights";
        if (method == "fixed")
            return "tunes nothing";
        if (method == "neumann" && !rule.CarriesWeights)
            return "holds the rule's state constant";
        if (method == "implicit" && rule.FindsStepSize)
            return "scales its series by the learning rate";
        if (method.StartsWith("implicit", StringComparison.Ordinal))
            return name != Hyperparameter.WeightDecay ? "tunes wd only" : rule.HasCoupledWeightDecay ? null : "decoupled";
        if (method.StartsWith("hypergradient-descent", StringComparison.Ordinal))
            return name != Hyperparameter.LearningRate ? "tunes lr only" : granularity != Granularity.PerWeight ? null : "it can as one value or per tensor";
        return method == "forward" && granularity == Granularity.PerWeight ? "it can as one value or per tensor" : null;
    }
}
