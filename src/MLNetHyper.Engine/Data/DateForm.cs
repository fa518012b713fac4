using System.Text.RegularExpressions;

namespace MLNetHyper.Engine;

/// <summary>Recognizes dates and clock times.</summary>
static partial class DateForm
{
    internal static bool Matches(string text) => text.Length <= 40 && Date().IsMatch(text.Trim());

    private const string Time = @"([01]?\d|2[0-3]):[0-5]\d(:[0-5]\d([.,]\d+)?)?(\s*[AaPp]\.?[Mm]\.?)?(\s*(Z|UTC|GMT|[-+]\d\d:?\d\d))?";
    private const string Month = "(Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*";
    private const string Year = "(1[5-9]|2[01])[0-9]{2}";

    // 2024-06-01, 2024-06, 1.6.2024, 06/01/24, 1 Jun 2024, Jun-24, June 1, 2024, 2024-Q2, 2024-W07; each also with a time.
    [GeneratedRegex("^(" + Time + "|(" +
        Year + @"(?<sep>[-/.])(0?[1-9]|1[0-2])(\k<sep>(0?[1-9]|[12]\d|3[01]))?|" +
        @"(0?[1-9]|[12]\d|3[01])[-/.](0?[1-9]|[12]\d|3[01])[-/.](" + Year + @"|\d\d)|" +
        @"((0?[1-9]|[12]\d|3[01])\.?[- ])?" + Month + @"[-., ]+(\d\d?,?\s+)?(" + Year + @"|\d\d)|" +
        Year + @"[-/ ]?[QW]\d\d?)([T ]" + Time + ")?)$", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture)]
    private static partial Regex Date();
}
