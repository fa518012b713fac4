using static MLNetHyper.Engine.Tests.OnePassRuns;

namespace MLNetHyper.Engine.Tests;

/// <summary>Options that do not fit together: a sentence that says what to change, before anything is trained.</summary>
[TestClass]
public sealed class OnePassRefusalTests
{
    private static (string Fault, OnePassOptions Options)[] Impossible =>
    [
        ("Steps must be a whole number of at least 1, but is 0.", Small with { Steps = 0 }),
        ("but is -5", Small with { Steps = -5 }),
        ("not both", Small with { Epochs = 2 }),
        ("Epochs must be", Small with { Steps = null, Epochs = 0 }),
        ("TimeBudget must be", Small with { TimeBudget = TimeSpan.Zero }),
        ("Patience must be", Small with { Patience = 0 }),
        ("TuningInterval must be", Small with { TuningInterval = 0 }),
        ("no hyperparameter 'beta1'", Small with { Tune = ["beta1"] }),
        ("no hyperparameter 'rate'", Small with { Initial = new Dictionary<string, double> { ["rate"] = 1 } }),
        ("'fixed'", Small with { Method = new Fixed(), Tune = [Hyperparameter.LearningRate] }),
        ("'momentum'", Small with { Method = new HypergradientDescent(), Tune = [Hyperparameter.Momentum] }),
        ("'lr'", Small with { Method = new ImplicitDifferentiation(), Tune = [Hyperparameter.LearningRate] }),
        ("weight decay", Small with { Method = new ImplicitDifferentiation(), Rule = new AdamUpdate(decoupled: true) }),
        ("per weight", Small with { Method = new ForwardMode(), LearningRateGranularity = Granularity.PerWeight }),
        ("11", Small with { Method = new Unrolled(11), TuningInterval = 10 }),
        ("lr", Small with { Initial = new Dictionary<string, double> { [Hyperparameter.LearningRate] = double.NaN } }),
        ("lr", Small with { Initial = new Dictionary<string, double> { [Hyperparameter.LearningRate] = -1 } }),
        ("momentum", Small with { Initial = new Dictionary<string, double> { [Hyperparameter.Momentum] = 1 } }),
        ("replays one value of each hyperparameter, but 'lr' is tuned per tensor", Small with { RetrainOnAll = true, LearningRateGranularity = Granularity.PerTensor }),
        ("but 'wd' is tuned per weight", Small with { RetrainOnAll = true, WeightDecayGranularity = Granularity.PerWeight }),
        ("BatchSize must be", Small with { BatchSize = 0 }),
        ("BatchSize must be", Small with { BatchSize = -3, Steps = null, Epochs = 2 }),
        ("ValidationBatchSize must be", Small with { ValidationBatchSize = 0 }),
        ("HiddenLayers must be numbers of units from 1 to 10000", Small with { HiddenLayers = [5, 0] }),
        ("Threads must be", Small with { Threads = 0 }),
        ("GradientClip must be a number above 0", Small with { GradientClip = 0 }),
        ("GradientClip must be a number above 0", Small with { GradientClip = double.NaN }),
        ("initial weights must all be finite", Small with { InitialWeights = [1, double.NaN] }),
    ];

    [TestMethod]
    public void Options_that_do_not_fit_together_are_refused_early_and_late_alike()
    {
        foreach ((string fault, OnePassOptions options) in Impossible)
        {
            ArgumentException early = Assert.Throws<ArgumentException>(options.Check), late = Refused(options);
            Assert.Contains(fault, early.Message);
            // The later one may go on to name a parameter.
            Assert.StartsWith(early.Message, late.Message);
        }
    }

    [TestMethod]
    public void Nothing_at_all_is_refused_by_name()
    {
        Table table = TrainingTables.Create(LearningTask.Binary);
        Assert.ThrowsExactly<ArgumentNullException>(() => OnePass.Train((Table)null!, "y"));
        Assert.ThrowsExactly<ArgumentNullException>(() => OnePass.Train(table, (DataOptions)null!));
        Assert.ThrowsExactly<ArgumentNullException>(() => OnePass.Train(DataPreparation.Prepare<float>(table, TrainingTables.Options), null!));
        DataTestFiles.Fails(() => OnePass.Train(table, "Y"), "Did you mean 'y'?");
    }

    private static ArgumentException Refused(OnePassOptions options) => Assert.Throws<ArgumentException>(() => Train(LearningTask.Regression, options));
}
