using System.Globalization;
using MLNetHyper.Engine;

namespace MLNetHyper.Tests.Onnx;

/// <summary>A table with a column of dates, some of them missing, and its numbers as other programs get them.</summary>
internal static class DateModels
{
    private const int Rows = 200;

    private static readonly DateTime?[] _sold = [.. Enumerable.Range(0, Rows).Select(row => row % 9 == 4 ? null : (DateTime?)new DateTime(2021, 3, 5, 6, 30, 0).AddHours(row * 101))];

    internal static Table Table { get; } = new(
        new TableColumn("sold", [.. _sold.Select(date => date?.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture))]),
        new TableColumn("sold year", [.. Enumerable.Range(0, Rows).Select(row => row * 7 % 11.0)]),
        new TableColumn("y", [.. _sold.Select((date, row) => date is { } day ? day.Month + ((int)day.DayOfWeek / 2.0) + (day.Hour / 8.0) : row % 2)]));

    /// <summary>A column beside the dates has the name of one of their numbers, which gets another.</summary>
    internal static IReadOnlyDictionary<string, double[]> Numbers { get; } = new Dictionary<string, double[]>
    {
        ["sold year"] = Table["sold year"].Numbers.ToArray(),
        ["sold year 1"] = Of(date => date.Year),
        ["sold month"] = Of(date => date.Month),
        ["sold day"] = Of(date => date.Day),
        ["sold weekday"] = Of(date => ((int)date.DayOfWeek + 6) % 7),
        ["sold hour"] = Of(date => date.TimeOfDay.TotalHours),
    };

    internal static OnePassModel Train() => OnePass.Train(Table, new DataOptions { LabelColumn = "y", DateColumns = ["sold"] }, new() { Steps = 150, HiddenLayers = [6] }).Model;

    private static double[] Of(Func<DateTime, double> part) => [.. _sold.Select(date => date is { } day ? part(day) : double.NaN)];
}
