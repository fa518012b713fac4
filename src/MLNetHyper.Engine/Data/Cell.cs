using System.Globalization;
using System.Text;

namespace MLNetHyper.Engine;

/// <summary>How one cell's UTF-8 text is read, and what to say where it cannot be.</summary>
static class Cell
{
    internal static bool IsMissing(ReadOnlySpan<byte> text) => text.Length switch
    {
        0 => true,
        1 => text[0] == '?',
        2 => Is(text, "NA"u8),
        3 => Is(text, "N/A"u8) || Is(text, "NaN"u8),
        4 => Is(text, "null"u8),
        _ => false,
    };

    /// <summary>Reads an invariant number. "inf" and numbers beyond a double's range come out infinite: the caller says where.</summary>
    internal static bool TryNumber(ReadOnlySpan<byte> text, out double number)
    {
        if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out number))
            return !double.IsNaN(number);
        bool negative = text.StartsWith((byte)'-');
        if (!Is(text.TrimStart("+-"u8), "inf"u8))
            return false;
        number = negative ? double.NegativeInfinity : double.PositiveInfinity;
        return true;
    }

    internal static bool TryNumber(string text, out double number) => TryNumber(Encoding.UTF8.GetBytes(text), out number);

    // Adding zero turns -0 into 0: as a class or category they are one.
    internal static string Format(double number) => (number + 0.0).ToString("R", CultureInfo.InvariantCulture);

    internal static string Infinite(string text) =>
        $"'{Shown(text)}' is infinite or beyond the range of a double. Correct it, or leave the cell empty if the value is unknown.";

    internal static string NotANumber(string text) =>
        $"'{Shown(text)}' is not a number (a number has a decimal point and no thousands separators). Correct it, or leave the cell empty if the value is unknown.";

    /// <summary>A cell's text, cut to what fits a message.</summary>
    internal static string Shown(string text)
    {
        const int longest = 40;
        string line = text.ReplaceLineEndings(" ");
        return line.Length <= longest ? line : line[..longest] + "…";
    }

    private static bool Is(ReadOnlySpan<byte> text, ReadOnlySpan<byte> word) => Ascii.EqualsIgnoreCase(text, word);
}
