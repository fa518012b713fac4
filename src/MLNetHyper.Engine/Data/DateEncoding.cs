using System.Text.Json;
using System.Text.Json.Serialization;

namespace MLNetHyper.Engine;

/// <summary>One of the numbers that a date is made of, and how it varied in training.</summary>
sealed record DatePart(string Name, double Mean, double Deviation);

/// <summary>A date or time, as the numbers year, month, day of the month, day of the week (Monday is 0) and hour with its minutes, those that vary in training; the means in place of a missing one.</summary>
/// <param name="Column">The column's name.</param>
/// <param name="MonthFirst">How 6/1/2024 is meant.</param>
/// <param name="Parts">What varied.</param>
/// <param name="HasIndicator">Whether a further feature says 1 where the date is missing: only where it has been missing in training.</param>
sealed record DateEncoding(string Column, bool MonthFirst, IReadOnlyList<DatePart> Parts, bool HasIndicator) : ColumnEncoding(Column)
{
    private static readonly (string Name, Func<DateTime, double> Of)[] _parts =
    [
        ("year", date => date.Year),
        ("month", date => date.Month),
        ("day", date => date.Day),
        ("weekday", date => ((int)date.DayOfWeek + 6) % 7),
        ("hour", date => date.TimeOfDay.TotalHours),
    ];

    [JsonIgnore]
    internal override IReadOnlyList<string> Features => [.. Parts.Select(part => $"{Column} {part.Name}"), .. HasIndicator ? [$"{Column} is missing"] : Array.Empty<string>()];

    [JsonIgnore]
    internal override IReadOnlyList<(double Offset, double Scale)> Scaling => [.. Parts.Select(part => (part.Mean, part.Deviation)), .. HasIndicator ? [(0, 1)] : Array.Empty<(double, double)>()];

    /// <summary>Where there are no dates, as in ONNX and ML.NET: the columns of numbers in this one's place, of which all are missing where the date is.</summary>
    [JsonIgnore]
    internal IReadOnlyList<string> Numbers => Parts.Count > 0 ? [.. Parts.Select(part => $"{Column} {part.Name}")] : [$"{Column} {_parts[0].Name}"];

    /// <summary>Learns from training rows; null where nothing varies.</summary>
    /// <param name="table">The rows.</param>
    /// <param name="column">The column.</param>
    /// <param name="monthFirst">See <see cref="IsMonthFirst"/>.</param>
    internal static DateEncoding? Fit(Table table, TableColumn column, bool monthFirst)
    {
        DateTime?[] dates = Read(table, column, monthFirst);
        List<DatePart> parts = [];
        foreach ((string name, Func<DateTime, double> of) in _parts)
        {
            ColumnStatistics statistics = ColumnStatistics.Of([.. dates.Select(date => date is { } day ? of(day) : double.NaN)]);
            if (statistics.Deviation > 0)
                parts.Add(new(name, statistics.Mean, statistics.Deviation));
        }
        bool hasIndicator = dates.Contains(null) && dates.Any(date => date is not null);
        return parts.Count > 0 || hasIndicator ? new(column.Name, monthFirst, parts, hasIndicator) : null;
    }

    /// <summary>Whether the month comes first where 6/1/2024 may be either: unless some day would then be no month.</summary>
    /// <exception cref="DataFormatException">A cell is no date either way; the message names it.</exception>
    internal static bool IsMonthFirst(Table table, TableColumn column)
    {
        var date = new DateText(monthFirst: true);
        bool all = Enumerable.Range(0, column.Count).All(row => column.TextAt(row) is not { } text || date.TryRead(text, out _));
        if (!all)
            _ = Read(table, column, monthFirst: false);
        return all;
    }

    internal override void Check()
    {
        if (Parts.Any(part => !_parts.Any(known => known.Name == part.Name) || !double.IsFinite(part.Mean) || !(part.Deviation > 0 && double.IsFinite(part.Deviation))))
            throw new JsonException($"Column '{Column}' has parts that dates do not have.");
    }

    internal override void Write<T>(Table table, TableColumn column, T[] features, int start, Standardization standardization)
    {
        int width = features.Length / Math.Max(1, table.RowCount);
        Func<DateTime, double>[] parts = [.. Parts.Select(part => _parts.Single(known => known.Name == part.Name).Of)];
        DateTime?[] dates = Read(table, column, MonthFirst);
        for (int row = 0; row < dates.Length; row++)
        {
            int at = (row * width) + start;
            for (int i = 0; i < parts.Length; i++)
                features[at + i] = dates[row] is { } date ? T.CreateTruncating(standardization.Apply(parts[i](date), start + i)) : T.Zero;
            if (HasIndicator)
                features[at + parts.Length] = dates[row] is null ? T.One : T.Zero;
        }
    }

    internal override TableColumn Values(Table table, int points)
    {
        var date = new DateText(MonthFirst);
        TableColumn column = table[Column];
        string[] texts = [.. Enumerable.Range(0, column.Count).Select(column.TextAt).OfType<string>().Distinct().OrderBy(text => date.TryRead(text, out DateTime moment) ? moment : DateTime.MaxValue)];
        if (texts.Length == 0)
            throw table.Error("there is no date in any row.", column: Column);
        return new(Column, [.. Enumerable.Range(0, points).Select(i => texts[i * (texts.Length - 1) / (points - 1)]).Distinct()]);
    }

    internal override IEnumerable<string> WriteOnnx(OnnxFile file)
    {
        string missing = "";
        for (int i = 0; i < Numbers.Count; i++)
        {
            (double mean, double deviation) = i < Parts.Count ? (Parts[i].Mean, Parts[i].Deviation) : (0, 0);
            (string number, missing) = file.AddStandardized(Numbers[i], mean, deviation, (float)Standardization.MaximumMagnitude);
            if (i < Parts.Count)
                yield return number;
        }
        if (HasIndicator)
            yield return missing;
    }

    internal override ColumnSurprise CreateSurprise() => new(Column, HasIndicator ? null : "the means of year, month, day, weekday and hour stand for them", known: null);

    private static DateTime?[] Read(Table table, TableColumn column, bool monthFirst)
    {
        var text = new DateText(monthFirst);
        DateTime?[] dates = new DateTime?[column.Count];
        for (int row = 0; row < dates.Length; row++)
        {
            if (column.TextAt(row) is not { } cell)
                continue;
            dates[row] = text.TryRead(cell, out DateTime date) ? date
                : throw table.Error($"'{Cell.Shown(cell)}' is not a date{(monthFirst ? " with the month first, as the others are" : "")} (2024-06-01, 1.6.2024, 6/1/2024, 1 Jun 2024 and the like, with or without a time). Correct it, or leave the cell empty if the value is unknown.", row, column.Name);
        }
        return dates;
    }
}
