using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Text.RegularExpressions;

namespace MLNetHyper.Cli;

/// <summary>Makes options whose parsers answer a wrong value with a sentence.</summary>
internal static partial class Flags
{
    /// <summary>An option; <paramref name="parse"/> throws an exception that says in a sentence what it wants.</summary>
    internal static Option<T> Of<T>(string name, string valueName, string description, Func<string, T> parse, bool required = false) => new(name)
    {
        Description = description,
        HelpName = valueName,
        Required = required,
        Arity = ArgumentArity.ExactlyOne,
        CustomParser = result => Parse(name, result, parse),
    };

    internal static Option<string?> Text(string name, string valueName, string description, bool required = false) =>
        Of<string?>(name, valueName, description, NotEmpty, required);

    /// <summary>A file that the command reads and leaves as it is.</summary>
    internal static FileOption Input(string name, string description, bool required = false, bool mayBeStandardStream = false) => new(name, isWritten: false, description, required, mayBeStandardStream);

    /// <summary>The file or files of a table that the command reads.</summary>
    internal static FilesOption Inputs(string name, string description, bool required = false, bool mayBeStandardStream = false) => new(name, description, required, mayBeStandardStream);

    /// <summary>A file that the command writes.</summary>
    internal static FileOption Output(string name, string description, bool mayBeStandardStream = false) => new(name, isWritten: true, description, required: false, mayBeStandardStream);

    internal static Option<bool> Switch(string name, string description) => new(name) { Description = description, Arity = ArgumentArity.Zero };

    internal static Option<bool> Json() => Switch("--json", "Write exactly one JSON object to standard output, and nothing else; warnings and errors go to standard error.");

    /// <summary>The option's value, or null where it is not on the command line: the library would give an empty array.</summary>
    internal static T? Given<T>(this ParseResult parsed, Option<T> option) => parsed.GetResult(option) is null ? default : parsed.GetValue(option);

    /// <summary>How much memory a table may take.</summary>
    /// <param name="larger">What becomes of a larger one, as a sentence.</param>
    internal static Option<long?> MemoryLimit(string larger) =>
        Of<long?>("--memory-limit", "SIZE", $"About how much memory the table may take, such as 4GB or 500MB. {larger} Default: three quarters of what the process may use.", Size);

    internal static int? Integer(string text, int least, int most = int.MaxValue) =>
        int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int value) && value >= least && value <= most
            ? value
            : throw new UsageException(most == int.MaxValue ? $"must be a whole number of at least {least}, but is '{text}'." : $"must be a whole number from {least} to {most}, but is '{text}'.");

    internal static double? Number(string text, Func<double, bool> accepts, string range) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && accepts(value)
            ? value
            : throw new UsageException($"must be a number {range}, but is '{text}'.");

    internal static string NotEmpty(string text) => text.Length > 0 ? text : throw new UsageException("must not be empty.");

    /// <summary>Names with commas between them; one that has a comma is quoted as in a CSV file.</summary>
    internal static string[] Names(string text)
    {
        string[] names = [.. Name().Matches(text).Select(match => match.Groups["quoted"] is { Success: true } quoted ? quoted.Value.Replace("\"\"", "\"") : match.Groups["plain"].Value.Trim())];
        return NameList().IsMatch(text) && names.All(name => name.Length > 0) ? names : throw new UsageException($"must be names with commas between them (a name that has a comma in double quotation marks), but is '{text}'.");
    }

    private static long? Size(string text)
    {
        (string Unit, double Bytes)[] units = [("KB", 1e3), ("MB", 1e6), ("GB", 1e9), ("TB", 1e12), ("KiB", 1 << 10), ("MiB", 1 << 20), ("GiB", 1 << 30), ("B", 1)];
        (string unit, double bytes) = units.FirstOrDefault(u => text.EndsWith(u.Unit, StringComparison.OrdinalIgnoreCase), ("", 1));
        return double.TryParse(text[..^unit.Length], NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && value * bytes is >= DataOptions.LeastMemory and < 1e18
            ? (long)(value * bytes)
            : throw new UsageException($"must be a size of at least 1MiB, such as 500MB or 4GB, but is '{text}'.");
    }

    /// <summary>30s, 5m, 1.5h, 200ms; a plain number is seconds. Null for other texts.</summary>
    internal static TimeSpan? Duration(string text)
    {
        (string unit, double seconds)[] units = [("ms", 1e-3), ("s", 1), ("m", 60), ("h", 3600)];
        (string ending, double factor) = units.FirstOrDefault(u => text.EndsWith(u.unit, StringComparison.Ordinal), ("", 1));
        // A day short of the longest TimeSpan would do, but nobody trains for more than a century.
        return double.TryParse(text[..^ending.Length], NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && value >= 0 && value * factor <= 3e9
            ? TimeSpan.FromSeconds(value * factor)
            : null;
    }

    internal static T Choice<T>(string text, params (string Name, T Value)[] choices)
    {
        foreach ((string name, T value) in choices)
        {
            if (string.Equals(name, text, StringComparison.OrdinalIgnoreCase))
                return value;
        }
        throw new UsageException($"must be one of {string.Join(", ", choices.Select(c => c.Name))}, but is '{text}'.");
    }

    internal static T? Parse<T>(string name, ArgumentResult result, Func<string, T> parse) => Parse(name, result, (IReadOnlyList<string> texts) => parse(texts[0]));

    internal static T? Parse<T>(string name, ArgumentResult result, Func<IReadOnlyList<string>, T> parse)
    {
        try
        {
            return parse([.. result.Tokens.Select(token => token.Value)]);
        }
        catch (UsageException exception)
        {
            result.AddError($"{name} {exception.Message}");
        }
        catch (ArgumentException exception)
        {
            result.AddError($"{name}: {Messages.Of(exception).Message}");
        }
        return default;
    }

    private const string OneName = "\\s*(\"(?<quoted>([^\"]|\"\")*)\"|(?<plain>[^,]*))\\s*";

    [GeneratedRegex("(^|,)" + OneName + "(?=,|$)", RegexOptions.ExplicitCapture)]
    private static partial Regex Name();

    [GeneratedRegex("^" + OneName + "(," + OneName + ")*$", RegexOptions.ExplicitCapture)]
    private static partial Regex NameList();
}
