using System.CommandLine;
using System.Globalization;
using System.Numerics;

namespace MLNetHyper.Cli;

/// <summary>The options that say how to train: a flag for each that the engine has.</summary>
internal sealed class TrainingFlags
{
    // Of several runs none is shared by workers.
    private static readonly string[] _together = [nameof(OnePassOptions.AverageEvery), nameof(OnePassOptions.Divide)];

    // Where several runs at equal cost are compared there are no files and no wall clock.
    private static readonly string[] _incomparable =
    [
        nameof(OnePassOptions.TimeBudget), nameof(OnePassOptions.Patience), nameof(OnePassOptions.RetrainOnAll), nameof(OnePassOptions.GradientClip),
        nameof(OnePassOptions.Guard), nameof(OnePassOptions.CheckpointPath), nameof(OnePassOptions.CheckpointInterval),
        .. _together,
    ];

    private readonly List<Flag> _flags = [.. TrainingOptions.All.Select(Create)];

    internal void AddTo(Command command) => _flags.ForEach(flag => command.Options.Add(flag.Symbol));

    internal void AddComparableTo(Command command)
    {
        _flags.RemoveAll(flag => _incomparable.Contains(flag.Option.Name));
        AddTo(command);
    }

    /// <summary>For comparisons of models however they are trained, at equal cost.</summary>
    internal void AddSuiteTo(Command command)
    {
        _flags.RemoveAll(flag => _together.Contains(flag.Option.Name) || flag.Option.Name is nameof(OnePassOptions.TimeBudget) or nameof(OnePassOptions.CheckpointPath) or nameof(OnePassOptions.CheckpointInterval));
        AddTo(command);
    }

    /// <exception cref="ArgumentException">They do not fit together.</exception>
    internal OnePassOptions Read(ParseResult parsed)
    {
        OnePassOptions options = _flags.Aggregate(new OnePassOptions(), (read, flag) => flag.Value(parsed) is { } value ? flag.Option.With(read, value) : read);
        options.Check();
        return options;
    }

    private static Flag Create(TrainingOption option)
    {
        // What stands for the value may say its range already.
        string range = option.Values.Contains('|') || option is TrainingOption<string> ? "" : $" {char.ToUpperInvariant(option.Range[0])}{option.Range[1..]}.";
        string help = $"{option.Meaning}{range} Default: {option.Default}.";
        if (option is TrainingOption<string>)
        {
            FileOption file = Flags.Output(option.Flag, help);
            return new(option, file, parsed => parsed.GetValue(file));
        }
        // What is off needs no value to be turned on.
        if (option is TrainingOption<bool> && option.Value(new()) is false)
        {
            Option<bool> off = Flags.Switch(option.Flag, help);
            return new(option, off, parsed => parsed.GetValue(off) ? true : null);
        }
        Option<object?> given = Flags.Of<object?>(option.Flag, option.Values, help, text => Parse(option, text) is { } value && option.Accepts(value) ? value : throw new UsageException($"must be {option.Range}, but is '{text}'."));
        return new(option, given, parsed => parsed.Given(given));
    }

    /// <summary>The value that a text stands for; null where it stands for none.</summary>
    private static object? Parse(TrainingOption option, string text) => option.ValueOf(text) ?? option switch
    {
        TrainingOption<int> => Number<int>(text, NumberStyles.AllowLeadingSign),
        TrainingOption<long> => Number<long>(text, NumberStyles.AllowLeadingSign),
        TrainingOption<double> => Number<double>(text, NumberStyles.Float),
        TrainingOption<bool> => text is "on" or "off" ? text == "on" : null,
        TrainingOption<TimeSpan> => Flags.Duration(text),
        TrainingOption<Activation> => Choice<Activation>(text),
        TrainingOption<Granularity> => Choice<Granularity>(text),
        TrainingOption<WorkerDivision> => Choice<WorkerDivision>(text),
        TrainingOption<LearningRateSchedule> => Choice<LearningRateSchedule>(text),
        TrainingOption<AveragingInterval> => AveragingInterval.Parse(text),
        TrainingOption<UpdateRule> => UpdateRules.Create(text),
        TrainingOption<HypergradientMethod> => HypergradientMethods.Create(text),
        TrainingOption<MetaOptimizer> => MetaOptimizers.Create(text),
        TrainingOption<IReadOnlyList<int>> => Array.ConvertAll(text.Split(','), part => Number<int>(part, NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite) ?? 0),
        TrainingOption<IReadOnlyList<string>> => Flags.Names(text),
        TrainingOption<IReadOnlyDictionary<string, double>> => Values(text),
        _ => throw new InvalidOperationException($"No flag is made of an option like {option.Name}."),
    };

    private static T? Number<T>(string text, NumberStyles style) where T : struct, INumber<T> => T.TryParse(text, style, CultureInfo.InvariantCulture, out T value) ? value : null;

    private static T? Choice<T>(string text) where T : struct, Enum =>
        Enum.GetValues<T>().Cast<T?>().FirstOrDefault(choice => string.Equals(TrainingOption.Words($"{choice}", '-'), text, StringComparison.OrdinalIgnoreCase));

    private static Dictionary<string, double>? Values(string text)
    {
        Dictionary<string, double> values = [];
        foreach (string part in Flags.Names(text))
        {
            if (part.Split('=', StringSplitOptions.TrimEntries) is not [string name, string number] || Number<double>(number, NumberStyles.Float) is not { } value || !values.TryAdd(name, value))
                return null;
        }
        return values;
    }

    private sealed record Flag(TrainingOption Option, Option Symbol, Func<ParseResult, object?> Value);
}
