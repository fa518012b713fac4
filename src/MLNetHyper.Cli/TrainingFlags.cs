using System.CommandLine;
using System.Globalization;
using static MLNetHyper.Engine.OnePassOptions;

namespace MLNetHyper.Cli;

/// <summary>The options that say how to train.</summary>
internal sealed class TrainingFlags
{
    private readonly Option<int[]?> _hidden = Flags.Of<int[]?>("--hidden", "UNITS", $"Units of each hidden layer, with commas between them, or none for a linear model. Default: {string.Join(',', Defaults.Hidden)}.", Hidden);
    private readonly Option<Activation?> _activation = Flags.Of<Activation?>("--activation", "relu|tanh|gelu|identity", "The hidden layers' activation. Default: relu.",
        text => Flags.Choice<Activation?>(text, ("relu", Activation.Relu), ("tanh", Activation.Tanh), ("gelu", Activation.Gelu), ("identity", Activation.Identity)));
    private readonly Option<long?> _steps = Flags.Of("--steps", "N", $"Weight steps. Default: {Defaults.Steps}, unless --epochs or --time-budget is given.", Flags.Long);
    private readonly Option<int?> _epochs = Flags.Of("--epochs", "N", "Passes over the training rows, in place of --steps. Default: none.", text => Flags.Integer(text, 1));
    private readonly Option<TimeSpan?> _timeBudget = Flags.Of("--time-budget", "TIME", "Training stops after this wall-clock time: 30s, 5m, 1h. Default: no limit.", Positive);
    private readonly Option<int?> _batchSize = Flags.Of("--batch-size", "N|full", $"Rows in a batch. Default: full up to {Defaults.LargestFullBatch} training rows, else {Defaults.MinibatchSize}.",
        text => text == "full" ? int.MaxValue : Flags.Integer(text, 1));
    private readonly Option<string?> _method = Flags.Text("--method", "NAME", $"How hypergradients are estimated. One of those listed below. Default: {Defaults.Method.Name}.");
    private readonly Option<int?> _lookBack = Flags.Of("--look-back", "N", "Steps or products that neumann, augmented-neumann, unrolled and implicit look back, 1 to 1000; keep it odd. Default: 5.", text => Flags.Integer(text, 1, 1000));
    private readonly Option<double?> _decay = Flags.Of("--decay", "SHARE", "What carried tangents keep at each step, 0 to 1, for forward. Default: 0.99.", text => Flags.Number(text, x => x is >= 0 and <= 1, "from 0 to 1"));
    private readonly Option<int?> _interval = Flags.Of("--interval", "T", $"Weight steps between two hyperparameter steps. Default: {Defaults.Interval}.", text => Flags.Integer(text, 1, 1_000_000));
    private readonly Option<double?> _metaLearningRate = Flags.Of("--meta-learning-rate", "RATE", $"Size of a hyperparameter step, in decades of lr and wd. Default: {new OnePassOptions().MetaOptimizer.MetaLearningRate.ToString(CultureInfo.InvariantCulture)}.",
        text => Flags.Number(text, x => x > 0 && double.IsFinite(x), "above 0"));
    private readonly Option<UpdateRule?> _update = Flags.Of<UpdateRule?>("--update", "NAME", $"How gradients change weights. One of those listed below. Default: {new OnePassOptions().Rule.Name}.", UpdateRules.Create);
    private readonly Option<string[]?> _tune = Flags.Of<string[]?>("--tune", "NAMES", "Which hyperparameters to tune, such as lr,wd,momentum. Default: all that the method can.", Flags.Names);
    private readonly Option<Granularity?> _granularity = Flags.Of<Granularity?>("--granularity", "scalar|per-tensor|per-weight", "One learning rate for all weights, one per weight tensor, or one per weight. Default: scalar.",
        text => Flags.Choice<Granularity?>(text, ("scalar", Granularity.Scalar), ("per-tensor", Granularity.PerTensor), ("per-weight", Granularity.PerWeight)));
    private readonly Option<Dictionary<string, double>?> _initial = Flags.Of<Dictionary<string, double>?>("--initial", "VALUES", "Where hyperparameters start, such as lr=0.1,wd=1e-4,momentum=0.9. Default: the update rule's values.", Initial);
    private readonly Option<bool> _retrain = Flags.Switch("--retrain", "After tuning, train once more on training and validation rows together with the learned schedule. Default: off.");
    private readonly Option<long?> _patience = Flags.Of("--patience", "STEPS", "Stop when the validation loss has not improved for so many steps. Default: never; the best weights are kept anyway.", Flags.Long);
    private readonly Option<int?> _threads = Flags.Of("--threads", "N", "Threads that may share a large batch. Default: 1.", text => Flags.Integer(text, 1, 1024));
    private readonly Option<int?> _seed = Flags.Of("--seed", "N", "Seed of the random division, the initial weights and the shuffling. The same seed gives the same result. Default: 0.", text => Flags.Integer(text, int.MinValue));
    private readonly FileOption _checkpoint = Flags.Output("--checkpoint", "Save the state here from time to time; the same command goes on from it. Another command replaces it once the run has finished. Default: none.");
    private readonly Option<TimeSpan?> _checkpointEvery = Flags.Of("--checkpoint-every", "TIME", "Least time between two checkpoints: 5s, 1m. Default: 5s.", Flags.Duration);

    internal void AddTo(Command command)
    {
        foreach (Option option in new Option[] { _hidden, _activation, _steps, _epochs, _timeBudget, _batchSize, _method, _lookBack, _decay, _interval, _metaLearningRate, _update, _tune, _granularity, _initial, _retrain, _patience, _threads, _seed, _checkpoint, _checkpointEvery })
            command.Options.Add(option);
    }

    /// <summary>Those that make sense where several runs at equal cost are compared: no files, no wall clock, SGD.</summary>
    internal void AddComparableTo(Command command)
    {
        foreach (Option option in new Option[] { _hidden, _activation, _steps, _epochs, _batchSize, _method, _lookBack, _decay, _interval, _metaLearningRate, _tune, _granularity, _initial, _threads, _seed })
            command.Options.Add(option);
    }

    internal OnePassOptions Read(ParseResult parsed)
    {
        if (parsed.GetValue(_steps) is not null && parsed.GetValue(_epochs) is not null)
            throw new UsageException("give --steps or --epochs, not both.");
        var defaults = new OnePassOptions();
        return defaults with
        {
            Hidden = parsed.Given(_hidden) ?? defaults.Hidden,
            Activation = parsed.GetValue(_activation) ?? defaults.Activation,
            Rule = parsed.GetValue(_update) ?? defaults.Rule,
            Method = Method(parsed, defaults.Method),
            Tune = parsed.Given(_tune),
            Initial = parsed.Given(_initial),
            LearningRateGranularity = parsed.GetValue(_granularity) ?? defaults.LearningRateGranularity,
            MetaOptimizer = parsed.GetValue(_metaLearningRate) is { } rate ? new AdamMetaOptimizer(rate) : defaults.MetaOptimizer,
            Interval = parsed.GetValue(_interval) ?? defaults.Interval,
            BatchSize = parsed.GetValue(_batchSize),
            Steps = parsed.GetValue(_steps),
            Epochs = parsed.GetValue(_epochs),
            TimeBudget = parsed.GetValue(_timeBudget),
            Patience = parsed.GetValue(_patience),
            RetrainOnAll = parsed.GetValue(_retrain),
            Threads = parsed.GetValue(_threads) ?? defaults.Threads,
            Seed = parsed.GetValue(_seed) ?? defaults.Seed,
            CheckpointPath = parsed.GetValue(_checkpoint),
            CheckpointEvery = parsed.GetValue(_checkpointEvery) ?? defaults.CheckpointEvery,
        };
    }

    private HypergradientMethod Method(ParseResult parsed, HypergradientMethod byDefault)
    {
        string? name = parsed.GetValue(_method);
        int? lookBack = parsed.GetValue(_lookBack);
        double? decay = parsed.GetValue(_decay);
        return name is null && lookBack is null && decay is null ? byDefault : HypergradientMethods.Create(name ?? byDefault.Name, lookBack, decay);
    }

    private static int[] Hidden(string text)
    {
        // A matrix between two layers of this size still has fewer elements than an array may.
        const int most = 10_000;
        if (text == "none")
            return [];
        int[] units = [.. text.Split(',').Select(part => int.TryParse(part, NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture, out int value) ? value : 0)];
        return units.All(value => value is >= 1 and <= most) ? units : throw new UsageException($"must be numbers of units from 1 to {most} such as 50 or 50,50, or none, but is '{text}'.");
    }

    private static Dictionary<string, double> Initial(string text)
    {
        Dictionary<string, double> values = [];
        foreach (string part in Flags.Names(text))
        {
            string[] sides = part.Split('=', StringSplitOptions.TrimEntries);
            if (sides.Length != 2 || !double.TryParse(sides[1], NumberStyles.Float, CultureInfo.InvariantCulture, out double value) || !values.TryAdd(sides[0], value))
                throw new UsageException($"must be values such as lr=0.1,wd=1e-4, each name once, but is '{text}'.");
        }
        return values;
    }

    private static TimeSpan? Positive(string text) =>
        Flags.Duration(text) is { } time && time > TimeSpan.Zero ? time : throw new UsageException($"must be longer than zero, but is '{text}'.");
}
