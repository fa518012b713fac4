namespace MLNetHyper.Cli.Tests;

/// <summary>Update rules at the command line: to train with, and as contestants.</summary>
[TestClass]
public sealed class RuleTests
{
    [TestMethod]
    public void Rules_compete_with_one_pass_by_their_names()
    {
        using TestFolder folder = new();
        string file = folder.Regression();
        Outcome compared = Tool.Run("compare", "--data", file, "--label", "y", "--steps", "20", "--repeats", "1", "--multiples", "1", "--searches", "random", "--baselines", "dog,prodigy", "--hidden-layers", "none", "--markdown").Succeeds();
        Assert.Contains("| dog | - |", compared.Out);
        Assert.Contains("| prodigy | - |", compared.Out);
        Outcome suite = Tool.Run("suite", "--data", Path.GetDirectoryName(file)!, "--steps", "20", "--divisions", "1", "--contestants", "one-pass,schedule-free-adamw", "--hidden-layers", "none", "--markdown").Succeeds();
        Assert.Contains("| table | metric | rows | one-pass | schedule-free-adamw |", suite.Out);
    }

    [TestMethod]
    public void Every_rule_trains_and_is_tuned()
    {
        using TestFolder folder = new();
        string file = folder.Regression();
        foreach (NamedChoice rule in UpdateRules.All)
        {
            Outcome trained = Tool.Run("train", "--data", file, "--label", "y", "--rule", rule.Name, "--steps", "40", "--hidden-layers", "4", "--json").Succeeds();
            Assert.AreEqual(rule.Name, trained.Json.GetProperty("rule").GetString());
            Assert.IsTrue(trained.Json.GetProperty("tunedHyperparameters").EnumerateArray().Select(name => name.GetString()).Contains("wd"), rule.Name);
        }
    }

    [TestMethod]
    public void What_a_rule_cannot_is_said_before_data_are_read()
    {
        Tool.Run("train", "--data", "x", "--label", "y", "--rule", "dadapt-sgd", "--tune", "momentum").IsBadInput("'momentum' cannot be tuned from 0");
        Tool.Run("train", "--data", "x", "--label", "y", "--rule", "schedule-free-sgd", "--method", "neumann").IsBadInput("holds the rule's state constant");
        Tool.Run("train", "--data", "x", "--label", "y", "--rule", "dog", "--method", "implicit", "--tune", "wd").IsBadInput("Choose 'implicit-cg'");
        Tool.Run("compare", "--data", "x", "--label", "y", "--baselines", "doge").IsBadInput("--baselines", "dog");
        Tool.Run("compare", "--data", "x", "--label", "y", "--baselines", "dog,dog").IsBadInput("different baselines");
    }
}
