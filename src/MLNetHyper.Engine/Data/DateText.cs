using System.Globalization;

namespace MLNetHyper.Engine;

/// <summary>Reads dates and clock times in the ways that people and programs write them.</summary>
/// <param name="monthFirst">Whether the month comes first where slashes or hyphens stand between three numbers and the year is last: 6/1/2024 is June then. With points the day does.</param>
sealed class DateText(bool monthFirst)
{
    private static readonly string[] _times = ["", " H:m", " H:m:s", " H:m:s.FFFFFFF", "'T'H:m", "'T'H:m:s", "'T'H:m:s.FFFFFFF"];
    private static readonly string[] _twelveHours = [" h:m tt", " h:m:s tt", " h:mtt"];
    private static readonly string[] _zones = ["", "zzz", " zzz", "'Z'", " 'UTC'", " 'GMT'"];
    private static readonly string[] _monthFirstDays = ["M/d/yyyy", "M-d-yyyy", "M/d/yy"];
    private static readonly string[] _dayFirstDays = ["d/M/yyyy", "d-M-yyyy", "d/M/yy"];

    private static readonly string[] _days =
    [
        "yyyy-M-d", "yyyy/M/d", "yyyy.M.d", "yyyyMMdd", "yyyy-M", "yyyy/M", "d.M.yyyy", "d.M.yy", "d MMM yyyy", "d MMMM yyyy", "d-MMM-yyyy", "d-MMM-yy", "MMM d, yyyy", "MMMM d, yyyy", "MMM yyyy", "MMM-yy",
    ];

    private static readonly string[] _clocks = ["H:m", "H:m:s", "h:m tt", "h:m:s tt"];

    private readonly string[] _forms =
    [
        .. (monthFirst ? _monthFirstDays : _dayFirstDays).Concat(_days).SelectMany(day => _times.SelectMany(time => (time.Length > 0 ? _zones : _zones[..1]).Select(zone => day + time + zone)).Concat(_twelveHours.Select(time => day + time))),
        .. _clocks,
    ];

    // Most columns have one form.
    private string _last = "yyyy-M-d";

    /// <summary>The date and time that stand there, of whatever time zone.</summary>
    internal bool TryRead(string text, out DateTime date)
    {
        bool read = TryRead(text, _last, out date) || Array.Exists(_forms, form => TryRead(text, form, out _) && (_last = form).Length > 0);
        return read && TryRead(text, _last, out date);
    }

    private static bool TryRead(string text, string form, out DateTime date)
    {
        bool read = DateTimeOffset.TryParseExact(text, form, CultureInfo.InvariantCulture, DateTimeStyles.AllowWhiteSpaces | DateTimeStyles.AssumeUniversal, out DateTimeOffset moment);
        // A time alone would be of today.
        date = _clocks.Contains(form) ? default(DateTime) + moment.TimeOfDay : moment.DateTime;
        return read;
    }
}
