namespace MLNetHyper.Engine.Tests;

/// <summary>Methods and update rules by name.</summary>
[TestClass]
public sealed class RegistryTests
{
    [TestMethod]
    public void Every_method_and_rule_is_registered_under_its_own_name()
    {
        foreach (NamedChoice choice in HypergradientMethods.All)
            Assert.AreEqual(choice.Name, HypergradientMethods.Create(choice.Name).Name);
        foreach (NamedChoice choice in UpdateRules.All)
            Assert.AreEqual(choice.Name, UpdateRules.Create(choice.Name).Name);
        Assert.Contains(OnePassOptions.Defaults.Method.Name, HypergradientMethods.All.Select(m => m.Name));
    }

    [TestMethod]
    public void Settings_reach_the_method_or_are_refused()
    {
        Assert.AreEqual(7, ((Unrolled)HypergradientMethods.Create("unrolled", lookBack: 7)).LookBack);
        Assert.AreEqual(0.5, ((ForwardMode)HypergradientMethods.Create("forward", decay: 0.5)).Decay);
        Assert.Contains("no decay", Assert.ThrowsExactly<ArgumentException>(() => HypergradientMethods.Create("neumann", decay: 0.5)).Message);
        Assert.Contains("no look-back", Assert.ThrowsExactly<ArgumentException>(() => HypergradientMethods.Create("fixed", lookBack: 5)).Message);
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => HypergradientMethods.Create("neumann", lookBack: 0));
        Assert.Contains("Did you mean 'adamw'?", Assert.ThrowsExactly<ArgumentException>(() => UpdateRules.Create("adamW2")).Message);
        Assert.Contains("Did you mean 'forward'?", Assert.ThrowsExactly<ArgumentException>(() => HypergradientMethods.Create("forwards")).Message);
    }
}
