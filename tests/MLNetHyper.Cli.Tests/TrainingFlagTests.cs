using System.CommandLine;
using MLNetHyper.Engine.TestSupport;

namespace MLNetHyper.Cli.Tests;

/// <summary>What the table says of an option is true of its flag.</summary>
[TestClass]
public sealed class TrainingFlagTests
{
    [TestMethod]
    public void Without_flags_the_options_are_the_engines() =>
        Assert.AreEqual(OptionExample.Describe(new OnePassOptions()), OptionExample.Describe(Read()));

    [TestMethod]
    [DynamicData(nameof(OptionExample.Names), typeof(OptionExample))]
    public void A_flag_sets_its_option(string name)
    {
        (TrainingOption option, OptionExample example) = OptionExample.Of(name);
        string[] flags = [.. Before(name, example), option.Flag, .. example.Text.Length > 0 ? new[] { example.Text } : []];
        Assert.AreEqual(OptionExample.Describe(option.With(example.Before, example.Value)), OptionExample.Describe(Read(flags)));
    }

    [TestMethod]
    [DynamicData(nameof(OptionExample.Names), typeof(OptionExample))]
    public void A_value_out_of_range_is_refused_in_the_engines_words(string name)
    {
        (TrainingOption option, OptionExample example) = OptionExample.Of(name);
        if (example.WrongText is not { } wrong)
            return;
        string[] flags = [.. Before(name, example), option.Flag, wrong];
        string expected = option switch
        {
            // A name that is wrong is answered with the nearest.
            TrainingOption<UpdateRule> or TrainingOption<HypergradientMethod> or TrainingOption<MetaOptimizer> => $"{option.Flag}: there is no",
            TrainingOption<IReadOnlyList<string>> => $"{option.Flag} must be names with commas between them",
            _ => $"{option.Flag} must be {option.Range}, but is '{wrong}'.",
        };
        Tool.Run(["train", "--data", "none.csv", "--label", "y", .. flags]).IsBadInput(expected);
    }

    private static string[] Before(string name, OptionExample example) => name == nameof(OnePassOptions.Method) ? [] : ["--method", example.Method, .. example.Rule == OnePassOptions.Defaults.Rule.Name ? Array.Empty<string>() : ["--rule", example.Rule]];

    private static OnePassOptions Read(params string[] arguments)
    {
        var flags = new TrainingFlags();
        var command = new RootCommand();
        flags.AddTo(command);
        ParseResult parsed = command.Parse(arguments);
        Assert.IsEmpty(parsed.Errors);
        return flags.Read(parsed);
    }
}
