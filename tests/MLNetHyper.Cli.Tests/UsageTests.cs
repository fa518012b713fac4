namespace MLNetHyper.Cli.Tests;

[TestClass]
public sealed class UsageTests
{
    [TestMethod]
    public void Version_is_one_line()
    {
        Outcome outcome = Tool.Run("--version").Succeeds();
        Assert.AreEqual(1, outcome.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
        Assert.IsTrue(char.IsAsciiDigit(outcome.Out[0]), outcome.Out);
    }

    [TestMethod]
    [DataRow("train")]
    [DataRow("predict")]
    [DataRow("explain")]
    [DataRow("export")]
    [DataRow("verify-trace")]
    public void Help_has_examples_and_a_default_for_every_option(string command)
    {
        Outcome help = Tool.Run(command, "--help").Succeeds();
        Assert.Contains("Example", help.Out);
        foreach (string line in help.Out.Split('\n').Where(line => line.StartsWith("  --", StringComparison.Ordinal)))
            Assert.IsTrue(line.Contains("Default:") || line.Contains("REQUIRED") || line.Contains("--json"), line);
    }

    [TestMethod]
    [DataRow("train")]
    [DataRow("suite")]
    public void Help_may_come_first(string command) => Assert.AreEqual(Tool.Run(command, "--help").Succeeds().Out, Tool.Run("help", command).Succeeds().Out);

    [TestMethod]
    public void Help_alone_lists_the_commands() => Assert.AreEqual(Tool.Run("--help").Succeeds().Out, Tool.Run("help").Succeeds().Out);

    [TestMethod]
    public void Help_lists_every_method_update_rule_and_meta_optimizer()
    {
        string help = Tool.Run("train", "--help").Succeeds().Out;
        foreach (NamedChoice choice in HypergradientMethods.All.Concat(UpdateRules.All).Concat(MetaOptimizers.All))
            Assert.Contains($"  {choice.Name} ", help);
    }

    [TestMethod]
    [DataRow(new string[0], "name a command: train, predict, explain, export, compare, suite, reproduce, speed, verify-trace")]
    [DataRow(new[] { "trian" }, "Did you mean 'train'?")]
    [DataRow(new[] { "trian", "--help" }, "Did you mean 'train'?")]
    [DataRow(new[] { "help", "trian" }, "Did you mean 'train'?")]
    [DataRow(new[] { "banana" }, "The commands are 'train', 'predict'")]
    [DataRow(new[] { "train", "--banana" }, "The options are '--data'")]
    [DataRow(new[] { "train", "--hlep" }, "Did you mean '--help'?")]
    [DataRow(new[] { "train" }, "--data")]
    [DataRow(new[] { "train", "--data", "x.csv" }, "--label")]
    [DataRow(new[] { "train", "--lable", "y" }, "Did you mean '--label'?")]
    [DataRow(new[] { "predict", "--data", "x.csv" }, "--model")]
    [DataRow(new[] { "predict", "--model", "no.model", "--data", "x.csv" }, "no.model: there is no such model file")]
    public void Wrong_command_lines_are_answered_with_a_sentence(string[] args, string part) => Tool.Run(args).IsBadInput(part);

    [TestMethod]
    [DataRow("--steps", "0", "--steps must be a whole number of at least 1, but is '0'")]
    [DataRow("--steps", "1e3", "--steps must be")]
    [DataRow("--epochs", "-1", "--epochs must be")]
    [DataRow("--time-budget", "0s", "longer than zero")]
    [DataRow("--time-budget", "soon", "30s, 5m or 1h")]
    [DataRow("--batch-size", "0", "--batch-size must be")]
    [DataRow("--hidden-layers", "50,x", "50,50, or none")]
    [DataRow("--hidden-layers", "99999999", "from 1 to 10000")]
    [DataRow("--activation", "sin", "relu, tanh, gelu, identity")]
    [DataRow("--task", "rank", "regression, binary, multiclass")]
    [DataRow("--method", "neuman", "Did you mean 'neumann'?")]
    [DataRow("--rule", "adm", "Did you mean 'adam'?")]
    [DataRow("--look-back", "3", "no look-back distance")]
    [DataRow("--decay", "2", "--decay must be a number from 0 to 1")]
    [DataRow("--tuning-interval", "0", "--tuning-interval must be")]
    [DataRow("--meta-learning-rate", "0", "above 0")]
    [DataRow("--tune", "lr,speed", "no hyperparameter 'speed'")]
    [DataRow("--tune", "lr,,wd", "--tune must be names")]
    [DataRow("--learning-rate-granularity", "per-layer", "scalar, per-tensor, per-weight")]
    [DataRow("--initial", "lr", "lr=0.1,wd=1e-4")]
    [DataRow("--initial", "lr=-1", "initial value of 'lr'")]
    [DataRow("--initial", "beta1=1.5", "initial value of 'beta1'")]
    [DataRow("--initial", "momentum=0.9", "no hyperparameter 'momentum'")]
    [DataRow("--test-fraction", "1", "from 0 to below 1")]
    [DataRow("--validation-fraction", "0", "above 0 and below 1")]
    [DataRow("--split-rows", "1,2", "614,78,76")]
    [DataRow("--separator", "ab", "one ASCII character")]
    [DataRow("--patience", "0", "--patience must be")]
    [DataRow("--threads", "0", "--threads must be")]
    [DataRow("--seed", "x", "--seed must be")]
    [DataRow("--label", "", "--label must not be empty")]
    [DataRow("--model", "/no/such/folder/m", "there is no folder")]
    [DataRow("--report", "/no/such/folder/r.html", "Create it first")]
    [DataRow("--checkpoint", "/no/such/folder/c", "--checkpoint")]
    public void Wrong_values_are_answered_with_what_is_wanted(string option, string value, string part)
    {
        string[] label = option == "--label" ? [] : ["--label", "y"];
        string[] method = option == "--look-back" ? ["--method", "forward"] : [];
        // The data do not exist: a wrong command line must be found before they are read.
        Tool.Run(["train", "--data", "none.csv", .. label, .. method, option, value]).IsBadInput(part);
    }

    [TestMethod]
    public void Options_that_exclude_each_other_are_named()
    {
        Tool.Run("train", "--data", "x", "--label", "y", "--steps", "1", "--epochs", "1").IsBadInput("as steps or as epochs, not both");
        Tool.Run("train", "--data", "x", "--label", "y", "--split-rows", "5,2,1", "--test-fraction", "0.1").IsBadInput("--split-rows");
        Tool.Run("train", "--data", "x", "--label", "y", "--test-data", "z", "--test-fraction", "0.1").IsBadInput("--test-data");
        Tool.Run("train", "--data", "x", "--label", "y", "--method", "implicit", "--tune", "lr").IsBadInput("tunes wd only");
        Tool.Run("train", "--data", "x", "--label", "y", "--method", "unrolled", "--look-back", "9", "--tuning-interval", "5").IsBadInput("looks back 9 steps");
    }

    [TestMethod]
    public void A_folder_is_no_output_file() =>
        Tool.Run("train", "--data", "x", "--label", "y", "--model", Path.GetTempPath()).IsBadInput("is a folder");
}
