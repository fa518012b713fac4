using System.Text.RegularExpressions;

namespace MLNetHyper.Engine;

/// <summary>What stands around a number so that it does not read as one: the table of what is recognized.</summary>
/// <param name="What">What there is, to be said after "numbers with".</param>
/// <param name="Commas">What its commas may be.</param>
/// <param name="Unit">The unit behind the number, or empty: many a category is a number and a word, such as "2nd".</param>
/// <param name="IsApart">Whether a space stands before the unit, as in "36 months", which makes it less of a name than "4wd".</param>
sealed partial record NumberForm(string What, NumberForm.Comma Commas, string Unit, bool IsApart = false)
{
    /// <summary>What commas in a number are. "38,447" may be either: the other cells and the file's separator tell.</summary>
    internal enum Comma { None, Decimal, Thousands, Either }

    /// <summary>How to write it as a number.</summary>
    /// <param name="commas">What the column's commas are; null for what this one's are.</param>
    internal string Remedy(Comma? commas) => (commas ?? Commas) switch
    {
        Comma.Decimal => "Write decimal points, or read them with CsvOptions.DecimalSeparator",
        Comma.Thousands => "Remove the separators",
        Comma.Either => "Write decimal points and no thousands separators",
        _ => What == Brackets ? "Write a minus sign" : "Write the numbers alone",
    };

    private const int Longest = 40;

    internal const string DecimalCommas = "decimal commas";
    internal const string ThousandsSeparators = "thousands separators";
    private const string Brackets = "brackets";

    /// <summary>The form of a text that is no plain number, or null if it does not look like a number.</summary>
    internal static NumberForm? Of(string text)
    {
        if (text.Length > Longest)
            return null;
        Match match = Decorated().Match(text.Trim());
        if (!match.Success)
            return null;
        string number = match.Groups["number"].Value.Trim();
        Comma commas = Digits(number);
        if (commas == Comma.None && !Cell.TryNumber(number, out _))
            return null;
        string? before = Value("before"), unit = Value("unit");
        string? sign = before ?? (unit is not null && Sign().IsMatch(unit) ? unit : null);
        if (unit is not null && sign != unit && (Ordinal().IsMatch(unit) || (before is not null && !Currency().IsMatch(before))))
            return null;
        return (sign, unit, match.Groups["bracket"].Success) switch
        {
            ({ } found, _, _) => new(Quoted(found), Comma.None, ""),
            (null, { } found, _) => new($"the unit '{found}'", Comma.None, found.Length > 1 ? found.ToUpperInvariant().TrimEnd('S') : found, match.Value.TrimEnd(')', ' ')[..^found.Length].EndsWith(' ')),
            (null, null, true) => new(Brackets, Comma.None, ""),
            _ => commas switch
            {
                Comma.Decimal => new(DecimalCommas, commas, ""),
                Comma.Thousands => new(ThousandsSeparators, commas, ""),
                Comma.Either => new("commas", commas, ""),
                _ => null,
            },
        };

        string? Value(string group) => match.Groups[group] is { Success: true, Value: var value } && value.Trim() is { Length: > 0 } trimmed ? trimmed : null;
    }

    private static string Quoted(string sign) => $"'{sign}'";

    private static Comma Digits(string number)
    {
        if (Groups().IsMatch(number))
            return number.Contains(',') && !number.Contains('.') && number.IndexOf(',') == number.LastIndexOf(',') ? Comma.Either : Comma.Thousands;
        return WithDecimalComma().IsMatch(number) ? Comma.Decimal : Comma.None;
    }

    // Signs of currency and their codes, per cent, per mille, and what laboratories write before a limit, on either side of the number.
    private const string Signs = @"US\$|[A-Z]?\p{Sc}|EUR|USD|GBP|CHF|JPY|CNY|INR|SEK|NOK|DKK|PLN|CZK|HUF|CAD|AUD|NZD|BRL|RUB|KRW|TRY|ZAR|MXN|SGD|HKD|Rs\.?|kr\.?|Fr\.|zł|Kč|Ft|[%‰+<>≤≥~≈±]=?";

    [GeneratedRegex(@"^(?<bracket>\((?=.*\)$))?(?<minus>[-−])?(?<before>" + Signs + @")?\s*(?<number>[-+−]?(\d[\d.,'’\s\u00A0\u202F]*|\.\d+)([eE][-+]?\d+)?)\s*(?<unit>" + Signs + @"|°?\p{L}[\p{L}\d/²³·^.]{0,11})?\)?$", RegexOptions.CultureInvariant)]
    private static partial Regex Decorated();

    [GeneratedRegex("^(" + Signs + ")$", RegexOptions.CultureInvariant)]
    private static partial Regex Sign();

    [GeneratedRegex(@"\p{Sc}|^\p{L}", RegexOptions.CultureInvariant)]
    private static partial Regex Currency();

    [GeneratedRegex("^(st|nd|rd|th)$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Ordinal();

    // Groups of three digits. A lone point would be a decimal point, and "0,479" has none of thousands.
    [GeneratedRegex(@"^[-+−]?[1-9]\d{0,2}((,\d{3})+(\.\d+)?|(\.\d{3}){2,}|(['’\s\u00A0\u202F]\d{3})+([.,]\d+)?)$", RegexOptions.CultureInvariant)]
    private static partial Regex Groups();

    [GeneratedRegex(@"^[-+−]?(\d+|\d{1,3}([.'’\s\u00A0\u202F]\d{3})+),\d+([eE][-+]?\d+)?$", RegexOptions.CultureInvariant)]
    private static partial Regex WithDecimalComma();
}
