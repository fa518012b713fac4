using System.Globalization;

namespace MLNetHyper.Engine;

/// <summary>All that is said of an option of training: to who sets it, to who sets it wrongly, to a checkpoint, in the documentation.</summary>
/// <param name="Name">The property, called the same in <see cref="OnePassOptions"/>, <see cref="LoopOptions"/> and the ML.NET options.</param>
/// <param name="Meaning">What it does, in a sentence.</param>
/// <param name="Value">Reads it, null where it is left to a default.</param>
internal abstract record TrainingOption(string Name, string Meaning, Func<OnePassOptions, object?> Value)
{
    /// <summary>The tool's flag. Follows from the name.</summary>
    internal string Flag { get; init; } = $"--{Words(Name, '-')}";

    /// <summary>What stands for the value in the tool's help.</summary>
    internal string Values { get; init; } = "N";

    /// <summary>What a value must be, to follow these words.</summary>
    internal required string Range { get; init; }

    /// <summary>What it is where it is left alone. Follows from the property, unless that has none.</summary>
    internal string Default { get => field ?? Show(Value(new())); init; }

    /// <summary>The option whose object has the setting; null for a property.</summary>
    internal string? PartOf { get; init; }

    /// <summary>Whether a checkpoint belongs to its value. Budgets can be prolonged.</summary>
    internal bool ChangesRun { get; init; } = true;

    /// <summary>Where the training loop has it too.</summary>
    internal Func<LoopOptions, object?>? InLoop { get; init; }

    /// <summary>The line of it in a checkpoint's identity; null where that is told by batches, network or hyperparameters, or not at all.</summary>
    internal string? Identity(LoopOptions options) => ChangesRun && InLoop is not null ? $"{Words(Name, ' ')}: {Show(InLoop(options))}" : null;

    internal void Check(OnePassOptions options) => Check(Value(options));

    internal void Check(LoopOptions options)
    {
        if (InLoop is not null)
            Check(InLoop(options));
    }

    internal abstract OnePassOptions With(OnePassOptions options, object value);

    /// <summary>Whether a value that is given lies in the range.</summary>
    internal abstract bool Accepts(object value);

    /// <summary>The value that a word stands for; null for other words.</summary>
    internal abstract object? ValueOf(string word);

    /// <summary>ThisCase in small letters: this-case.</summary>
    internal static string Words(string name, char separator) =>
        string.Concat(name.Select((letter, i) => char.IsUpper(letter) ? (i > 0 ? $"{separator}" : "") + char.ToLowerInvariant(letter) : $"{letter}"));

    private void Check(object? value)
    {
        // What is nothing by default may be nothing.
        if (value is null ? Value(new()) is not null : !Accepts(value))
            throw new ArgumentException($"{Name} must be {Range}, but is {Show(value)}.");
    }

    private static string Show(object? value) => value switch
    {
        null => "none",
        bool isOn => isOn ? "on" : "off",
        Enum choice => Words(choice.ToString(), '-'),
        TimeSpan time => $"{Text.Number(time.TotalSeconds)}s",
        IEnumerable<int> numbers => string.Join(',', numbers),
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString()!,
    };
}

/// <param name="Name">The property.</param>
/// <param name="Meaning">What it does.</param>
/// <param name="Value">Reads it.</param>
/// <param name="Set">The same options with another value.</param>
/// <typeparam name="T">What its values are, by which texts are read.</typeparam>
internal sealed record TrainingOption<T>(string Name, string Meaning, Func<OnePassOptions, object?> Value, Func<OnePassOptions, T, OnePassOptions> Set) : TrainingOption(Name, Meaning, Value)
    where T : notnull
{
    /// <summary>Whether a value lies in the range. Default: all do.</summary>
    internal Func<T, bool> IsInRange { get; init; } = _ => true;

    /// <summary>A word that stands for a value.</summary>
    internal (string Text, T Value)? Word { get; init; }

    internal override OnePassOptions With(OnePassOptions options, object value) => Set(options, (T)value);

    internal override object? ValueOf(string word) => Word is { } known && known.Text == word ? known.Value : null;

    internal override bool Accepts(object value) => value is T given && IsInRange(given);
}
