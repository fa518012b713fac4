namespace MLNetHyper.Engine.TestSupport;

/// <summary>An option of training, by which every surface is tested.</summary>
/// <param name="Value">Another value than the default.</param>
/// <param name="Text">The same as the tool reads it.</param>
/// <param name="Wrong">A value out of range; null where its type has none.</param>
/// <param name="WrongText">A text that the tool does not take; null for a file.</param>
internal sealed record OptionExample(object Value, string Text, object? Wrong, string? WrongText)
{
    /// <summary>The method that has the setting, where the default has not.</summary>
    internal string Method { get; init; } = OnePassOptions.Defaults.Method.Name;

    /// <summary>The rule that this method needs, where it is not the default.</summary>
    internal string Rule { get; init; } = OnePassOptions.Defaults.Rule.Name;

    /// <summary>A row for each option in the table.</summary>
    internal static IReadOnlyDictionary<string, OptionExample> All { get; } = new Dictionary<string, OptionExample>
    {
        ["HiddenLayers"] = new(new[] { 7, 5 }, "7,5", new[] { 5, 0 }, "5,0"),
        ["Bins"] = new(8, "8", 1, "1"),
        ["RobustScaling"] = new(true, "", null, null),
        ["Activation"] = new(Activation.Tanh, "tanh", (Activation)99, "sin"),
        ["Steps"] = new(70L, "70", 0L, "0"),
        ["Epochs"] = new(3, "3", -1, "-1"),
        ["TimeBudget"] = new(TimeSpan.FromMinutes(5), "5m", TimeSpan.Zero, "0s"),
        ["Patience"] = new(40L, "40", 0L, "1.5"),
        ["BatchSize"] = new(32, "32", 0, "all"),
        ["ValidationBatchSize"] = new(8, "8", 0, "0"),
        ["Rule"] = new(new SgdUpdate(), "sgd", null, "adm"),
        ["Method"] = new(new Fixed(), "fixed", null, "fix"),
        ["LookBack"] = new(7, "7", 0, "1001"),
        ["Decay"] = new(0.9, "0.9", 1.5, "1.5") { Method = "forward" },
        ["Windows"] = new(new Dictionary<string, double> { ["lr"] = 7 }, "lr=7", new Dictionary<string, double> { ["lr"] = 0.5 }, "beta1=2") { Method = "fds", Rule = "sgd" },
        ["Passes"] = new(3, "3", 0, "1001") { Method = "fds", Rule = "sgd" },
        ["LearningRateSchedule"] = new(LearningRateSchedule.Cosine, "cosine", (LearningRateSchedule)9, "sine"),
        ["AveragingDecay"] = new(0.9, "0.9", 1.0, "1"),
        ["TuningInterval"] = new(7, "7", 0, "0"),
        ["MetaOptimizer"] = new(new SignMetaOptimizer(0.05), "sign", null, "adm"),
        ["MetaLearningRate"] = new(0.2, "0.2", 0.0, "0"),
        ["Tune"] = new(new[] { "lr" }, "lr", null, "lr,,wd"),
        ["Initial"] = new(new Dictionary<string, double> { ["lr"] = 0.02 }, "lr=0.02", null, "lr=0.02,lr=0.03"),
        ["LearningRateGranularity"] = new(Granularity.PerTensor, "per-tensor", (Granularity)9, "per-layer"),
        ["WeightDecayGranularity"] = new(Granularity.PerTensor, "per-tensor", (Granularity)9, "0"),
        ["LabelSmoothing"] = new(0.1, "0.1", 1.5, "1"),
        ["InputNoise"] = new(0.2, "0.2", -0.1, "0"),
        ["RetrainOnAll"] = new(true, "", null, null),
        ["GradientClip"] = new(0.25, "0.25", 0.0, "nan"),
        ["Guard"] = new(false, "off", null, "no"),
        ["Members"] = new(2, "2", 0, "0"),
        ["Effort"] = new(2.0, "2", 0.0, "0"),
        ["Threads"] = new(2, "2", 0, "0"),
        ["AverageEvery"] = new(new AveragingInterval(4, AveragingChange.Growing), "growing:4", new AveragingInterval(0), "often"),
        ["Divide"] = new(WorkerDivision.Rows, "rows", (WorkerDivision)9, "columns"),
        ["Seed"] = new(5, "5", null, "x"),
        ["CheckpointPath"] = new("run.checkpoint", "run.checkpoint", null, null),
        ["CheckpointInterval"] = new(TimeSpan.FromMinutes(1), "1m", TimeSpan.FromSeconds(-1), "soon"),
    };

    /// <summary>The table's rows, each with its example, for [DynamicData].</summary>
    public static IEnumerable<object[]> Names => TrainingOptions.All.Select(option => new object[] { option.Name });

    internal static (TrainingOption Option, OptionExample Example) Of(string name) => (TrainingOptions.All.Single(option => option.Name == name), All[name]);

    /// <summary>The options before the example is set.</summary>
    internal OnePassOptions Before => new() { Method = HypergradientMethods.Create(Method), Rule = UpdateRules.Create(Rule) };

    /// <summary>All that options say, to compare them by.</summary>
    internal static string Describe(OnePassOptions options) => string.Join('\n', typeof(OnePassOptions).GetProperties().Select(property => $"{property.Name}: {Describe(property.GetValue(options))}"));

    internal static string Describe(object? value) => value switch
    {
        null => "none",
        string text => text,
        System.Collections.IEnumerable items => $"[{string.Join(", ", items.Cast<object>())}]",
        _ => $"{value}",
    };
}
