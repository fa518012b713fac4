using System.Globalization;

namespace MLNetHyper.Reports;

/// <summary>Numbers as people write them: 0.187, 12,000, 1e-4.</summary>
public static class CompactNumber
{
    private const double Smallest = 1e-3;
    private const double Largest = 1e6;
    private const double Grouped = 1e4;

    /// <summary>Formats a value to a few significant digits; the integer part is never rounded away below a million.</summary>
    /// <param name="value">Any value; those that are not finite become words.</param>
    /// <param name="digits">Significant digits, 1 to 15.</param>
    public static string Format(double value, int digits = 4)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(digits, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(digits, 15);
        if (!double.IsFinite(value))
            return double.IsNaN(value) ? "not a number" : value > 0 ? "infinite" : "-infinite";
        if (value == 0)
            return "0";
        if (NeedsExponent(Math.Abs(value)))
            return value.ToString("0." + new string('#', digits - 1) + "e0", CultureInfo.InvariantCulture);
        int decimals = Math.Max(0, digits - 1 - (int)Math.Floor(Math.Log10(Math.Abs(value))));
        string pattern = (Math.Abs(value) >= Grouped ? "#,0." : "0.") + new string('#', decimals);
        return value.ToString(pattern, CultureInfo.InvariantCulture);
    }

    /// <summary>Formats the multiples of a step alike, with exactly the digits that tell them apart.</summary>
    internal static string FormatMultiple(double value, double step, double largest)
    {
        int stepExponent = Exponent(step);
        if (value == 0)
            return NeedsExponent(largest) ? "0" : Fixed(0, stepExponent, largest);
        if (!NeedsExponent(largest))
            return Fixed(value, stepExponent, largest);
        int digits = Math.Max(0, Exponent(value) - stepExponent);
        return value.ToString("0." + new string('#', digits) + "e0", CultureInfo.InvariantCulture);
    }

    private static string Fixed(double value, int stepExponent, double largest) =>
        value.ToString((largest >= Grouped ? "N" : "F") + Math.Max(0, -stepExponent).ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);

    private static bool NeedsExponent(double magnitude) => magnitude is < Smallest or >= Largest;

    // The nudge keeps 0.001, whose logarithm is a hair above -3 or below it, at -3.
    private static int Exponent(double value) => (int)Math.Floor(Math.Log10(Math.Abs(value)) + 1e-9);
}
