using System.Globalization;
using System.Text;

namespace MLNetHyper.Engine;

/// <summary>How one cell's UTF-8 text is read, and what to say where it cannot be.</summary>
static class Cell
{
    private const char TypographicMinus = '\u2212';

    // Digits of a whole number that a double holds exactly, and the powers of ten that it does.
    private const int MostDigits = 15;

    private static readonly double[] _powersOfTen = [1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15];

    /// <summary>The words for a missing value of pandas, R, Excel, C and SQL, in upper or lower case; they are missing in every column.</summary>
    internal static bool IsMissing(ReadOnlySpan<byte> text) => text.Length switch
    {
        0 => true,
        // Most cells are numbers: only a few begin like a word for a missing one.
        _ when char.IsAsciiDigit((char)text[0]) && text.IndexOf((byte)'#') < 0 => false,
        1 => text[0] == '?',
        2 => Is(text, "NA"u8),
        3 => Is(text, "N/A"u8) || Is(text, "NaN"u8) || Is(text, "NaT"u8) || Is(text, "#NA"u8),
        4 => Is(text, "null"u8) || Is(text, "<NA>"u8) || Is(text, "#N/A"u8) || Is(text, "-nan"u8) || Is(text, "+nan"u8),
        6 => Is(text, "1.#IND"u8),
        7 => Is(text, "1.#QNAN"u8) || Is(text, "1.#SNAN"u8) || Is(text, "-1.#IND"u8),
        8 => Is(text, "-1.#QNAN"u8) || Is(text, "-1.#SNAN"u8) || Is(text, "nan(ind)"u8) || Is(text, "#N/A N/A"u8),
        9 => Is(text, "-nan(ind)"u8),
        _ => false,
    };

    internal static bool IsMissing(string text) => IsMissing(Encoding.UTF8.GetBytes(text));

    /// <summary>Python's None is missing among numbers, but a category like any other among texts: houses have a fence or "None".</summary>
    internal static bool IsNone(ReadOnlySpan<byte> text) => Is(text, "None"u8);

    internal static bool IsNone(string text) => text.Equals("None", StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether a number's text is rather a name: digits with a leading zero, or more than a double tells apart.</summary>
    internal static bool IsCode(ReadOnlySpan<byte> text) =>
        text.Length > 1 && (text[0] == '0' || text.Length > 15) && text.IndexOfAnyExceptInRange((byte)'0', (byte)'9') < 0;

    /// <summary>Whether a number's text is the one that <see cref="Format"/> gives, as seen without parsing.</summary>
    internal static bool IsPlainInteger(ReadOnlySpan<byte> text) => !IsCode(text) && text.IndexOfAnyExceptInRange((byte)'0', (byte)'9') < 0;

    /// <summary>Reads an invariant number, also with the minus sign of typesetters. "inf" and numbers beyond a double's range come out infinite: the caller says where.</summary>
    internal static bool TryNumber(ReadOnlySpan<byte> text, out double number)
    {
        if (TryPlain(text, out number))
            return true;
        if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out number))
            return !double.IsNaN(number);
        if (HasTypographicMinus(text))
            return TryNumber(Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(text).Replace(TypographicMinus, '-')), out number);
        bool negative = text.StartsWith((byte)'-');
        if (!Is(text.TrimStart("+-"u8), "inf"u8))
            return false;
        number = negative ? double.NegativeInfinity : double.PositiveInfinity;
        return true;
    }

    /// <summary>The same where a comma stands before the decimals, and points may stand between thousands: 1.234,5.</summary>
    internal static bool TryNumberWithComma(ReadOnlySpan<byte> text, out double number)
    {
        const int longest = 64;
        number = 0;
        if (text.Length > longest)
            return false;
        Span<byte> plain = stackalloc byte[longest];
        int length = 0, sincePoint = -1;
        foreach (byte letter in text)
        {
            bool isDigit = char.IsAsciiDigit((char)letter);
            // Behind a point there are three digits, then another, the comma or the end.
            if (sincePoint is >= 0 and < 3 ? !isDigit : sincePoint == 3 && letter is not ((byte)'.' or (byte)','))
                return false;
            if (letter == '.')
            {
                if (length == 0 || !char.IsAsciiDigit((char)plain[length - 1]) || plain[..length].Contains((byte)'.'))
                    return false;
                sincePoint = 0;
                continue;
            }
            sincePoint = isDigit && sincePoint >= 0 ? sincePoint + 1 : -1;
            plain[length++] = letter == ',' ? (byte)'.' : letter;
        }
        return sincePoint is -1 or 3 && TryNumber(plain[..length], out number);
    }

    /// <summary>
    /// Reads what nearly all cells are, digits with or without a point, in a fraction of the time: a whole number and a power of ten that are both exact have a quotient that is rounded once, and so is what parsing
    /// gives (Clinger 1990, "How to read floating point numbers accurately", section 5).
    /// </summary>
    private static bool TryPlain(ReadOnlySpan<byte> text, out double number)
    {
        number = 0;
        bool negative = text.Length > 0 && text[0] == '-';
        int start = negative ? 1 : 0, point = -1;
        // The sign, the digits, the point.
        if (text.Length > MostDigits + 2)
            return false;
        long digits = 0;
        for (int i = start; i < text.Length; i++)
        {
            uint digit = text[i] - (uint)'0';
            if (digit <= 9)
                digits = (digits * 10) + digit;
            else if (text[i] == '.' && point < 0)
                point = i;
            else
                return false;
        }
        int count = text.Length - start - (point < 0 ? 0 : 1);
        if (count is 0 or > MostDigits)
            return false;
        double magnitude = digits / _powersOfTen[point < 0 ? 0 : text.Length - point - 1];
        number = negative ? -magnitude : magnitude;
        return true;
    }

    internal static bool HasTypographicMinus(ReadOnlySpan<byte> text) => text.IndexOf("\u2212"u8) >= 0;

    internal static bool TryNumber(string text, out double number) => TryNumber(Encoding.UTF8.GetBytes(text), out number);

    // Adding zero turns -0 into 0: as a class or category they are one.
    internal static string Format(double number) => (number + 0.0).ToString("R", CultureInfo.InvariantCulture);

    internal static string Infinite(string text) =>
        $"'{Shown(text)}' is infinite or beyond the range of a double. Correct it, or leave the cell empty if the value is unknown.";

    internal static string NotANumber(string text) => NumberForm.Of(text) is { Unit.Length: not 1 } form
        ? $"'{Shown(text)}' is a number with {form.What}. {form.Remedy(null)}, or leave the cell empty if the value is unknown."
        : $"'{Shown(text)}' is not a number (a number has a decimal point and no thousands separators). Correct it, or leave the cell empty if the value is unknown.";

    /// <summary>A cell's text, cut to what fits a message.</summary>
    internal static string Shown(string text)
    {
        const int longest = 40;
        string line = text.ReplaceLineEndings(" ");
        return line.Length <= longest ? line : line[..longest] + "…";
    }

    private static bool Is(ReadOnlySpan<byte> text, ReadOnlySpan<byte> word) => Ascii.EqualsIgnoreCase(text, word);
}
